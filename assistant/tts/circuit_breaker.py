"""When an engine that failed is left alone, and how it is found to be well again."""

import time
from collections.abc import Callable
from typing import Final

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
)

SHORTEST_COOLDOWN: Final = 15.0
"""Seconds an engine is left alone after its first failure."""
LONGEST_COOLDOWN: Final = 300.0
"""Each failure in a row doubles the rest, up to this."""
_EMPTY_IN_A_ROW: Final = 3
"""One answer without sound may be the text's fault; so many are the engine's."""


class CircuitBreaker:
    """Closed while its engine is well; open, and so left alone, after it failed; closed again by a probe.

    A probe is no sentence that somebody waits for: another engine speaks that, and what the probe says is thrown
    away. So an outage costs one silence, however long it lasts. (The libraries there are let a caller's own try be
    the probe.)
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Closed. `now` gives seconds."""
        self._now = now
        self._rest = 0.0
        self._resting_until = 0.0
        self._empty = 0
        self._probing = False
        self.last_error: SpeechError | None = None
        """What opened it; None while it is closed."""

    @property
    def is_open(self) -> bool:
        """Whether the engine is to be left alone."""
        return self.last_error is not None

    @property
    def failed_quickly(self) -> bool:
        """Whether the last failure took no time worth mentioning: then another try costs little."""
        return not isinstance(self.last_error, SpeechTimeout)

    @property
    def cooldown_left(self) -> float:
        """Seconds until the next probe; 0.0 when it is due, or the breaker is closed."""
        return max(0.0, self._resting_until - self._now()) if self.is_open else 0.0

    def begin_probe(self) -> bool:
        """Whether to try the engine now, out of anybody's hearing; one probe at a time."""
        if not self.is_open or self._probing or self.cooldown_left:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """The engine spoke: close."""
        self._probing = False
        self._rest, self._empty, self.last_error = 0.0, 0, None

    def failed(self, error: SpeechError) -> None:
        """The engine did not speak: open, if that was its fault."""
        self._probing = False
        if isinstance(error, LanguageUnsupported | SpeechRationed):
            return
        if isinstance(error, SpeechEmpty) and not self.is_open:
            self._empty += 1
            if self._empty < _EMPTY_IN_A_ROW:
                return
        asked = error.retry_after if isinstance(error, SpeechRefused) else None
        self._rest = min(LONGEST_COOLDOWN, max(SHORTEST_COOLDOWN, 2 * self._rest, asked or 0.0))
        self._resting_until = self._now() + self._rest
        self.last_error = error

    def probe_given_up(self) -> None:
        """The probe ended without telling anything."""
        self._probing = False
