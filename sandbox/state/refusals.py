"""The loud gaps: what a bot asked for and the sandbox does not do."""

from __future__ import annotations

import logging
from dataclasses import dataclass

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """One thing refused by name."""

    method: str
    """The HTTP method, or "gateway"."""
    route: str
    """The path below /api/v10, or the gateway opcode."""
    what: str
    """What is missing, in words."""


class Refusals(list[Refusal]):
    """All refusals of a sandbox, oldest first. A test can assert that there are none."""

    def add(self, method: str, route: str, what: str) -> Refusal:
        """Remember a refusal and log it."""
        refusal = Refusal(method, route, what)
        self.append(refusal)
        _logger.error("refused %s %s: the sandbox does not implement %s", method, route, what)
        return refusal
