"""A timeout for what others take long over, not for what our own event loop took long over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_TICK_SECONDS: Final = 0.25
"""So much is counted at a time; a tick that comes later than that after its time shows that the loop stood still."""


@asynccontextmanager
async def lenient_timeout(seconds: float) -> AsyncIterator[None]:
    """Like `asyncio.timeout`, but a time in which the event loop stood still does not count.

    A loop that was held for eight seconds finds every timer expired, and what came meanwhile unread: `asyncio.timeout`
    would give up what is there already. Here a tick in which the loop was held is waited for once more, in which what
    came is read.

    Raises:
        TimeoutError: the body took longer.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as timeout:
        countdown = _Countdown(seconds, lambda: timeout.reschedule(loop.time()))
        try:
            yield
        finally:
            countdown.cancel()


class _Countdown:
    """Calls back once the running event loop has run for that many seconds."""

    def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._loop = asyncio.get_running_loop()
        self._ticks_left, step = divmod(seconds, _TICK_SECONDS)
        self._wait(step)

    def cancel(self) -> None:
        self._timer.cancel()

    def _wait(self, step: float) -> None:
        self._due = self._loop.time() + step
        self._timer = self._loop.call_at(self._due, self._tick)

    def _tick(self) -> None:
        stood_still = self._loop.time() - self._due > _TICK_SECONDS
        if self._ticks_left == 0 and not stood_still:
            self._callback()
            return
        self._ticks_left -= not stood_still
        self._wait(_TICK_SECONDS)
