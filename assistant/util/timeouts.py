"""A timeout that does not count the time in which our own event loop was blocked."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final

_TICK_SECONDS: Final = 0.25
"""The countdown's tick. One that is late by more than this shows that the loop was blocked."""


class LenientTimeout:
    """Like `asyncio.timeout`, but time in which the event loop was blocked does not count.

    After a block of eight seconds, every timer has expired while the data that arrived is still unread, so
    `asyncio.timeout` would give up on data that is there. Here, a tick in which the loop was blocked is repeated, which
    leaves time to read. The countdown that its `async with` gives can be restarted, and tells how much time is left.

    Raises:
        TimeoutError: the body took longer than `seconds`.
    """

    # No generator: each piece of each answer waits in one.
    def __init__(self, seconds: float) -> None:
        """Nothing runs before the `async with`."""
        self._seconds = seconds
        self._timeout = asyncio.timeout(None)

    async def __aenter__(self) -> "Countdown":
        await self._timeout.__aenter__()
        self._countdown = Countdown(self._seconds, self._expire)
        return self._countdown

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._countdown.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def _expire(self) -> None:
        self._timeout.reschedule(asyncio.get_running_loop().time())


class Countdown:
    """Calls back once the event loop has run for `seconds`, without the time it was blocked."""

    def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._loop = asyncio.get_running_loop()
        self._begin(seconds)

    def restart(self, seconds: float) -> None:
        """Begin anew, with so many seconds."""
        self.cancel()
        self._begin(seconds)

    @property
    def seconds_left(self) -> float:
        """What is left of the time."""
        return self._ticks_left * _TICK_SECONDS + max(0.0, self._due - self._loop.time())

    def cancel(self) -> None:
        """Do not call back."""
        self._timer.cancel()

    def _begin(self, seconds: float) -> None:
        self._ticks_left, step = divmod(seconds, _TICK_SECONDS)
        self._wait(step)

    def _wait(self, step: float) -> None:
        self._due = self._loop.time() + step
        self._timer = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        was_blocked = self._loop.time() - self._due > _TICK_SECONDS
        if self._ticks_left == 0 and not was_blocked:
            self._callback()
            return
        self._ticks_left -= not was_blocked
        self._wait(_TICK_SECONDS)
