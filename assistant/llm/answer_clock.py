"""How long an answer may take: from one piece of text to the next, and altogether."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from assistant.util.timeouts import lenient_timeout

_LEAST_SECONDS: Final = 0.1
"""What is there already is read in any case, also after our own event loop stood still for too long."""


class AnswerClock:
    """Runs while an endpoint is waited for. Only text winds it up again: not headers, comments or empty pieces."""

    def __init__(self, *, silence: float, whole: float) -> None:
        """Start.

        Args:
            silence: seconds that may pass without text.
            whole: seconds that all may take.
        """
        self.silence = silence
        """Seconds that may pass without text."""
        self.whole = whole
        """Seconds that all may take."""
        self._end = time.monotonic() + whole
        self._due = 0.0
        self.text_came()

    @property
    def is_over(self) -> bool:
        """Whether the time for the whole answer has passed, rather than the time without text."""
        return time.monotonic() >= self._end

    def text_came(self) -> None:
        """Begin to wait for the next text."""
        self._due = time.monotonic() + self.silence

    def check(self) -> None:
        """For who reads without waiting.

        Raises:
            TimeoutError: the time is over.
        """
        if self._seconds_left < -_LEAST_SECONDS:
            raise TimeoutError

    @asynccontextmanager
    async def running(self, *, grace: float = 0.0) -> AsyncIterator[Callable[[], None]]:
        """Wait inside for the endpoint, for `grace` seconds more than the silence allows.

        What is given by the `async with` begins the silence anew.

        Raises:
            TimeoutError: the time is over.
        """
        self.check()
        async with lenient_timeout(self._patience(grace)) as countdown:

            def begin_again() -> None:
                self.text_came()
                countdown.restart(self._patience())

            yield begin_again

    def _patience(self, grace: float = 0.0) -> float:
        return max(_LEAST_SECONDS, min(self._due + grace, self._end) - time.monotonic())

    @property
    def _seconds_left(self) -> float:
        return min(self._due, self._end) - time.monotonic()
