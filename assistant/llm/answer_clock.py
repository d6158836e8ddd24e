"""How long an answer may take: from one piece of text to the next, and altogether."""

import time
from typing import Final

from assistant.util.timeouts import Countdown, LenientTimeout

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

    def running(self, *, grace: float = 0.0) -> LenientTimeout:
        """An `async with` in which the endpoint is waited for, for `grace` seconds more than the silence allows.

        Raises:
            TimeoutError: the time is over: now, or where the `async with` ends.
        """
        self.check()
        return LenientTimeout(self._patience(grace))

    def begin_again(self, countdown: Countdown) -> None:
        """Begin the silence anew, also for who waits now, with the countdown of `running`."""
        self.text_came()
        countdown.restart(self._patience())

    def _patience(self, grace: float = 0.0) -> float:
        return max(_LEAST_SECONDS, min(self._due + grace, self._end) - time.monotonic())

    @property
    def _seconds_left(self) -> float:
        return min(self._due, self._end) - time.monotonic()
