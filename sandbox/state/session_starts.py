"""How often a bot may start a session: each IDENTIFY counts."""

from __future__ import annotations

from typing import Final

from sandbox.state.json_types import Json

_DAY: Final = 86_400_000


class SessionStarts:
    """https://discord.com/developers/docs/events/gateway#session-start-limit-object"""

    def __init__(self, total: int) -> None:
        self.total = total
        """How many there are in a day."""
        self.used = 0
        """How many of them are spent."""

    @property
    def remaining(self) -> int:
        """How many are left."""
        return self.total - self.used

    def to_json(self) -> Json:
        """As GET /gateway/bot tells it."""
        return {"total": self.total, "remaining": self.remaining, "reset_after": _DAY, "max_concurrency": 1}
