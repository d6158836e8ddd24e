"""The time that an engine has left for a sentence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.util.timeouts import LenientTimeout

_SILENCES: Final = 2
"""How many times its timeout an engine may be behind what it has made: enough for one that is slow to begin and
then as fast as it is heard."""


class SpeechDeadline:
    """Counts the seconds for which an engine is waited for; only frames, not bytes, win it more of them.

    So it ends for an engine that sends a byte now and then, and for one that makes sound slower than it is heard.
    """

    def __init__(self, timeout: float, first: float | None = None) -> None:
        """`timeout` is for each silence, in seconds; `first`, where it is less, for the one before the first frame."""
        self._timeout = timeout
        self._silence_left = timeout if first is None else min(first, timeout)
        self._behind_left = _SILENCES * timeout

    @property
    def seconds_left(self) -> float:
        """How long the engine may be waited for now."""
        return max(0.0, min(self._silence_left, self._behind_left))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While inside, the engine is waited for.

        Raises:
            TimeoutError: for too long.
        """
        before = self.seconds_left
        async with LenientTimeout(before) as countdown:
            try:
                yield
            finally:
                spent = before - countdown.seconds_left
                self._silence_left -= spent
                self._behind_left -= spent

    def made(self, frames: int) -> None:
        """So many frames came of it."""
        if frames:
            self._silence_left = self._timeout
            self._behind_left += frames * FRAME_SECONDS
