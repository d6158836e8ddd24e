"""How much of one member is recognized."""

from typing import Final

_MOST_SECONDS: Final = 60.0
"""Speech in one go; who talks with the assistant says far less before it answers."""
_SECONDS_PER_SECOND: Final = 0.5
"""Speech in the long run: half a minute each minute."""


class HearingBudget:
    """A token bucket of seconds, so that nobody who speaks for an hour takes the recognizer from the others."""

    def __init__(self, now: float) -> None:
        """`now` is in seconds."""
        self._left = _MOST_SECONDS
        self._at = now

    def spend(self, seconds: float, now: float) -> bool:
        """Take that much; False, and nothing taken, if it is not there."""
        if not self.has(seconds, now):
            return False
        self._left -= seconds
        return True

    def has(self, seconds: float, now: float) -> bool:
        """Whether so much is there."""
        self._left = min(_MOST_SECONDS, self._left + (now - self._at) * _SECONDS_PER_SECOND)
        self._at = now
        return seconds <= self._left
