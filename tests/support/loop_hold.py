"""How long the event loop is held at a time."""

import asyncio
import gc
import time
from types import TracebackType
from typing import Self


class LoopHold:
    """Measures while inside; the sandbox and the test itself run on the same loop, and count, too."""

    def __init__(self) -> None:
        self.longest = 0.0
        """The longest time in which nothing else could run, in seconds."""

    async def __aenter__(self) -> Self:
        gc.freeze()  # the garbage collector would look through all that other tests have left
        self._task = asyncio.create_task(self._measure())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(0)
        self._task.cancel()
        gc.unfreeze()

    async def _measure(self) -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            # This thread's own time: what the machine gives to others says nothing about us.
            self.longest = max(self.longest, time.thread_time() - last)
            last = time.thread_time()
