"""Measures the event loop's lag."""

import asyncio
import math
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

TICK: Final = 0.01
"""The timer's interval in seconds."""


@dataclass(frozen=True, slots=True)
class LagSnapshot:
    """The lag in the window before one moment."""

    p99: float
    """99% of timers were late by at most this many seconds; 0 before the first timer."""
    max: float
    """The most that any timer was late, in seconds; 0 before the first timer."""
    count: int
    """The number of timers that fired."""

    def __str__(self) -> str:
        return f"p99 {self.p99 * 1000:.1f} ms, max {self.max * 1000:.1f} ms"


class LoopLag:
    """Measures how late a 10 ms timer fires, inside its `async with`.

    A timer is late when something blocked the event loop; about a millisecond comes from the system itself. One block
    makes one late timer, however long it lasts: `max` shows single blocks, `p99` a busy loop.
    """

    def __init__(self, window: float = 60.0) -> None:
        """Keep the last `window` seconds."""
        self._window = window
        # A timer fires at most once a tick: this is room for all in the window. Tuples would take 0.6 MB for a minute.
        room = math.ceil(window / TICK) + 1
        self._times, self._lags = array("d", [-math.inf]) * room, array("d", [0.0]) * room
        self._next = 0
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
        """The current lag. Sorts the window: about a millisecond for 60 s."""
        lags = sorted(self._in_window())
        if not lags:
            return LagSnapshot(0.0, 0.0, 0)
        return LagSnapshot(lags[math.ceil(len(lags) * 0.99) - 1], lags[-1], len(lags))

    def blocks_over(self, seconds: float) -> int:
        """How often in the window the loop was blocked for longer than `seconds`."""
        return sum(lag > seconds for lag in self._in_window())

    def _in_window(self) -> Iterator[float]:
        since = time.monotonic() - self._window
        return (lag for when, lag in zip(self._times, self._lags, strict=True) if when >= since)

    async def _measure(self) -> None:
        while True:
            due = time.monotonic() + TICK  # not the loop's time, which some loops read once for all that is due
            await asyncio.sleep(TICK)
            now = time.monotonic()
            self._times[self._next], self._lags[self._next] = now, max(0.0, now - due)
            self._next = (self._next + 1) % len(self._lags)
