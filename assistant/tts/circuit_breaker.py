"""The circuit breaker: stops using an engine that failed, and probes it until it works again."""

import time
from collections.abc import Callable
from typing import Final

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
)

SHORTEST_COOLDOWN: Final = 15.0
"""Seconds that an engine is not used after its first failure."""
LONGEST_COOLDOWN: Final = 300.0
"""Each failure in a row doubles the cooldown, up to this many seconds."""
_EMPTY_IN_A_ROW: Final = 3
"""One answer without sound may be the text's fault; this many in a row are the engine's."""


class CircuitBreaker:
    """Closed while the engine works, open after it failed, closed again by a successful probe.

    Nobody waits for a probe: another engine speaks the sentence, and the probe's audio is discarded. So an outage
    causes one delay, however long it lasts. (Existing libraries use a caller's own request as the probe.)
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start closed. `now` returns seconds."""
        self._now = now
        self._cooldown = 0.0
        self._cooldown_until = 0.0
        self._empty = 0
        self._probing = False
        self.last_error: SpeechError | None = None
        """The error that opened it; None while it is closed."""

    @property
    def is_open(self) -> bool:
        """Whether the engine must not be used."""
        return self.last_error is not None

    @property
    def cooldown_left(self) -> float:
        """Seconds until the next probe; 0.0 when it is due, or the breaker is closed."""
        return max(0.0, self._cooldown_until - self._now()) if self.is_open else 0.0

    def begin_probe(self) -> bool:
        """Begin a probe and return True, if one is due and none is running."""
        if not self.is_open or self._probing or self.cooldown_left:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """The engine spoke: close the breaker."""
        self._probing = False
        self._cooldown, self._empty, self.last_error = 0.0, 0, None

    def failed(self, error: SpeechError) -> None:
        """The engine failed: open the breaker, if it was the engine's fault.

        During its cooldown it may be asked because no other engine is healthy. That does not prolong the cooldown.
        """
        was_cooling_down = self.cooldown_left > 0.0 and not self._probing
        self._probing = False
        if isinstance(error, LanguageUnsupported | SpeechRationed):
            return
        if isinstance(error, SpeechEmpty) and not self.is_open:
            self._empty += 1
            if self._empty < _EMPTY_IN_A_ROW:
                return
        asked = error.retry_after if isinstance(error, SpeechRefused) else None
        self.last_error = error
        if was_cooling_down and not asked:
            return
        self._cooldown = min(LONGEST_COOLDOWN, max(SHORTEST_COOLDOWN, 2 * self._cooldown, asked or 0.0))
        self._cooldown_until = self._now() + self._cooldown

    def abort_probe(self) -> None:
        """End a probe that neither succeeded nor failed."""
        self._probing = False
