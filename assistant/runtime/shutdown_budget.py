"""The time that a shutdown may take: one for all its parts, since what each may take for itself would add up."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final, TypeVar

_logger = logging.getLogger(__name__)

ORDERLY_SECONDS: Final = 18.0
"""How long all may take that is done in order. Hosts are told 20 s; `LastResort` has the rest."""

T = TypeVar("T")


class ShutdownBudget:
    """Begins once, with what ends the process; before that, there is no limit but each part's own."""

    def __init__(self) -> None:
        self._end: float | None = None

    def begin(self) -> None:
        """The shutdown begins now, if it has not before."""
        if self._end is None:
            self._end = asyncio.get_running_loop().time() + ORDERLY_SECONDS

    def seconds(self, most: float) -> float:
        """How long something may take that may take `most` seconds at most, and not longer than is left."""
        return most if self._end is None else max(0.0, min(most, self._end - asyncio.get_running_loop().time()))


class BoundedExit(AbstractAsyncContextManager[T]):
    """A context manager whose exit is given up when it takes too long, so that those after it have their turn."""

    def __init__(
        self, inner: AbstractAsyncContextManager[T, Any], name: str, budget: ShutdownBudget, most: float
    ) -> None:
        """`name` is what the log calls it; `most` is how many seconds its exit may take."""
        self._inner = inner
        self._name = name
        self._budget = budget
        self._most = most

    async def __aenter__(self) -> T:
        return await self._inner.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            async with asyncio.timeout(self._budget.seconds(self._most)):
                await self._inner.__aexit__(kind, error, trace)
        except TimeoutError:
            _logger.warning("Shutdown: %s hangs, and is left as it is", self._name)
