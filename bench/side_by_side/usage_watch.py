"""What a program and the processes that it starts use during a measurement."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from bench.common.process_usage import ProcessUsage

_LOOK_SECONDS: Final = 0.5


class UsageWatch:
    """Looks at it twice a second while it is entered."""

    def __init__(self, look: Callable[[], ProcessUsage]) -> None:
        """`look` tells what it uses now."""
        self._look = look
        self._looks: list[ProcessUsage] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._looks.append(self._look())
        self._task = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if error is None:
            self._looks.append(self._look())

    @property
    def cpu_seconds(self) -> float:
        """Seconds of CPU time that it took meanwhile."""
        return self._looks[-1].cpu_seconds - self._looks[0].cpu_seconds

    @property
    def most_bytes(self) -> int:
        """The most memory that it had meanwhile."""
        return max(look.resident_bytes for look in self._looks)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._looks.append(self._look())
