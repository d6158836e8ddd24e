"""How fast the machine is during a measurement: a shared one is sometimes half as fast."""

import asyncio
import statistics
import time
from types import TracebackType
from typing import Final, Self

_ROUNDS: Final = 50_000
_PAUSE_SECONDS: Final = 1.0


class CpuYardstick:
    """Does the same small piece of work each second while it is entered."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def seconds(self) -> float:
        """The median CPU time of the work.

        Raises:
            statistics.StatisticsError: it was never done.
        """
        return statistics.median(self._times)

    async def _measure(self) -> None:
        while True:
            self._times.append(_cpu_seconds_of_work())
            await asyncio.sleep(_PAUSE_SECONDS)


def _cpu_seconds_of_work() -> float:
    start, total = time.thread_time(), 0
    for number in range(_ROUNDS):
        total += number * number
    return time.thread_time() - start
