"""The circuit breaker: stops using an engine that failed, and probes it until it works again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Generic, TypeVar

SHORTEST_COOLDOWN: Final = 15.0
"""Seconds that an engine is not used after its first failure."""
LONGEST_COOLDOWN: Final = 300.0
"""Each failure in a row doubles the cooldown, up to this many seconds."""
_DOUBTFUL_IN_A_ROW: Final = 3
"""One doubtful failure may be the request's fault; this many in a row are the engine's."""

Error = TypeVar("Error", bound=Exception)
"""What the engine raises."""


class Blame(Enum):
    """Whose fault a failure is."""

    ENGINE = auto()
    REQUEST = auto()
    """Not the engine's: another request may go well."""
    DOUBTFUL = auto()
    """It may be either's."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a failure says about an engine."""

    blame: Blame = Blame.ENGINE
    """Whose fault it is."""
    cooldown: float | None = None
    """Seconds for which the engine asked to be left alone; None when it did not say."""


class CircuitBreaker(Generic[Error]):
    """Closed while the engine works, open after it failed, closed again by a successful probe.

    Nobody waits for a probe: another engine takes the request, and the probe's result is discarded. So an outage
    causes one delay, however long it lasts. (Existing libraries use a caller's own request as the probe.)
    """

    def __init__(self, judge: Callable[[Error], Judgement], now: Callable[[], float] = time.monotonic) -> None:
        """Start closed. `judge` says what an error means; `now` returns seconds."""
        self._judge = judge
        self._now = now
        self._cooldown = 0.0
        self._cooldown_until = 0.0
        self._doubtful = 0
        self._probing = False
        self.last_error: Error | None = None
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
        """The engine did what it was asked for: close the breaker."""
        self._probing = False
        self._cooldown, self._doubtful, self.last_error = 0.0, 0, None

    def failed(self, error: Error) -> None:
        """The engine failed: open the breaker, if it was the engine's fault.

        During its cooldown it may be asked because no other engine is healthy. That does not prolong the cooldown.
        """
        was_cooling_down = self.cooldown_left > 0.0 and not self._probing
        self._probing = False
        judgement = self._judge(error)
        if judgement.blame is Blame.REQUEST:
            return
        if judgement.blame is Blame.DOUBTFUL and not self.is_open:
            self._doubtful += 1
            if self._doubtful < _DOUBTFUL_IN_A_ROW:
                return
        asked = judgement.cooldown
        self.last_error = error
        if was_cooling_down and not asked:
            return
        self._cooldown = min(LONGEST_COOLDOWN, max(SHORTEST_COOLDOWN, 2 * self._cooldown, asked or 0.0))
        self._cooldown_until = self._now() + self._cooldown

    def abort_probe(self) -> None:
        """End a probe that neither succeeded nor failed."""
        self._probing = False
