"""How late the event loop is."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

TICK: Final = 0.01
"""Seconds after which the timer asks to be called."""


@dataclass(frozen=True, slots=True)
class LagSnapshot:
    """The lag within the window, at one moment."""

    p99: float
    """Seconds that 99 of 100 timers were late at most; 0 before the first."""
    max: float
    """Seconds that the latest timer was late; 0 before the first."""
    count: int
    """How many timers fired."""

    def __str__(self) -> str:
        return f"p99 {self.p99 * 1000:.1f} ms, max {self.max * 1000:.1f} ms"


class LoopLag:
    """Measures, while entered, how late a timer of 10 ms fires.

    A timer is late because something held the event loop; about a millisecond of it is the system's own. One
    block is one late timer, however long it lasts: `max` tells of single blocks, `p99` of a loop that is busy.
    """

    def __init__(self, window: float = 60.0) -> None:
        """Remembers the last `window` seconds."""
        self._window = window
        # A timer fires at most once a tick, so this is room for all that fire within the window.
        self._lags: deque[tuple[float, float]] = deque(maxlen=math.ceil(window / TICK) + 1)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._measure(), name="loop lag")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def snapshot(self) -> LagSnapshot:
        """The lag within the window, now. Sorts the window: about a millisecond for 60 s."""
        since = asyncio.get_running_loop().time() - self._window
        lags = sorted(lag for when, lag in self._lags if when >= since)
        if not lags:
            return LagSnapshot(0.0, 0.0, 0)
        return LagSnapshot(lags[math.ceil(len(lags) * 0.99) - 1], lags[-1], len(lags))

    def blocks_over(self, seconds: float) -> int:
        """How often within the window the loop was held for longer than that."""
        since = asyncio.get_running_loop().time() - self._window
        return sum(lag > seconds for when, lag in self._lags if when >= since)

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            now = loop.time()
            self._lags.append((now, max(0.0, now - due)))
