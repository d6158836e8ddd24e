"""How often a bot may start a session: each IDENTIFY counts."""

from __future__ import annotations

from typing import Final

from sandbox.state.json_types import Json

_DAY: Final = 86_400_000
_WINDOW_SECONDS: Final = 5.0


class SessionStarts:
    """https://discord.com/developers/docs/events/gateway#session-start-limit-object"""

    def __init__(self, total: int, max_concurrency: int) -> None:
        self.total = total
        """How many there are in a day."""
        self.used = 0
        """How many of them are spent."""
        self._max_concurrency = max_concurrency
        self._last: dict[int, float] = {}

    @property
    def remaining(self) -> int:
        """How many are left."""
        return self.total - self.used

    def is_too_soon(self, shard: int, now: float) -> bool:
        """Whether a shard identifies within 5 s of another that starts with the same key; if not, it counts from now.

        https://discord.com/developers/docs/events/gateway#sharding-max-concurrency. `now` is in seconds.
        """
        key = shard % self._max_concurrency
        last = self._last.get(key)
        if last is not None and now - last < _WINDOW_SECONDS:
            return True
        self._last[key] = now
        return False

    def to_json(self) -> Json:
        """As GET /gateway/bot tells it."""
        return {
            "total": self.total,
            "remaining": self.remaining,
            "reset_after": _DAY,
            "max_concurrency": self._max_concurrency,
        }
