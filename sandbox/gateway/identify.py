"""Identify: what Discord checks before it starts a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.gateway.opcodes import Close
from sandbox.state.intents import PRIVILEGED, VALID, Intent
from sandbox.state.json_types import Json

if TYPE_CHECKING:
    from sandbox.actions.backend import World


class Refused(Exception):
    """The session is not started."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code
        """With which the connection is closed."""


def check(data: Json, world: World) -> tuple[Intent, tuple[int, int]]:
    """The intents and the shard of a valid identify; raises Refused for any other."""
    if data.get("token") != world.bot.token:
        raise Refused(Close.AUTHENTICATION_FAILED)
    wanted = data.get("intents")
    if not isinstance(wanted, int) or wanted & ~VALID:
        raise Refused(Close.INVALID_INTENTS)
    if wanted & PRIVILEGED & ~world.config.privileged_intents:
        raise Refused(Close.DISALLOWED_INTENTS)
    number, count = data.get("shard") or (0, 1)
    if not 0 <= number < count:
        raise Refused(Close.INVALID_SHARD)
    return Intent(wanted), (number, count)
