"""Writes that nobody waits for longer than a moment: those that the database does not take queue until it is back."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from assistant.domain.errors import StorageUnavailable
from assistant.util.timeouts import LenientTimeout

_logger = logging.getLogger(__name__)

_SECONDS: Final = 1.0
"""How long a write is waited for; while it is not made, those after it are not waited for at all."""
_RETRY_SECONDS: Final = (0.25, 0.5, 1.0, 2.0, 5.0)
"""The pauses before a write that failed is tried again; the last one from then on."""
_LAST_SECONDS: Final = 1.0
"""How long the writes that wait may take when the process ends."""
_MOST: Final = 1000
"""How many writes of a guild may wait."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Write:
    """One change."""

    make: Callable[[], Awaitable[Any]]
    may_be_dropped: bool
    tried: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """What came of the first try."""


@dataclass(slots=True)
class _Queue:
    """The writes of one guild, the oldest first; the first is being made."""

    writes: deque[_Write] = field(default_factory=deque)
    is_behind: bool = False
    """Whether somebody has stopped waiting for the first one."""
    dropped: int = 0


class WriteBehind:
    """Makes the writes of each guild in order, while it is entered; those of several guilds side by side.

    A write may be made twice, where the database fails after it was made: it must come to the same.
    """

    def __init__(self) -> None:
        """Nothing waits."""
        self._queues: dict[int, _Queue] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the writes that wait a last moment."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_SECONDS)
        left = sum(len(queue.writes) for queue in self._queues.values())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if left:
            _logger.warning("%d change(s) were not written down: the database was away until the end", left)

    def is_behind(self, guild_id: int) -> bool:
        """Whether the database lacks changes of a guild that are going to be made."""
        queue = self._queues.get(guild_id)
        return queue is not None and queue.is_behind

    async def write(
        self,
        guild_id: int,
        make: Callable[[], Awaitable[T]],
        *,
        otherwise: T,
        may_be_dropped: bool = True,
        patience: float | None = None,
    ) -> T:
        """What `make` returns once it has been made; `otherwise` where it is going to be made later.

        Args:
            guild_id: whose change it is.
            make: makes it; called again where it raises StorageUnavailable.
            otherwise: what is known without the database.
            may_be_dropped: whether it may be left out where too many wait; the oldest are.
            patience: seconds to wait for it, also behind others; by default one, and none behind those that are late.
        """
        queue = self._queues.get(guild_id)
        if queue is None:
            queue = self._queues[guild_id] = _Queue()
            task = asyncio.create_task(self._make_all(guild_id, queue), name=f"writes of guild {guild_id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        write = _Write(make, may_be_dropped)
        queue.writes.append(write)
        self._drop_one_too_many(guild_id, queue)
        if queue.is_behind and patience is None:
            return otherwise
        try:
            async with LenientTimeout(_SECONDS if patience is None else patience):
                made: T = await asyncio.shield(write.tried)
        except (StorageUnavailable, TimeoutError) as error:
            if not queue.is_behind:
                queue.is_behind = True
                _logger.warning("Changes in guild %d are written down later: %r", guild_id, error)
            return otherwise
        return made

    async def _make_all(self, guild_id: int, queue: _Queue) -> None:
        try:
            while queue.writes:
                await self._make(queue.writes[0])
                queue.writes.popleft()
        finally:
            del self._queues[guild_id]
        if queue.is_behind:
            _logger.info("The database is back: what has changed in guild %d is written down", guild_id)

    @staticmethod
    async def _make(write: _Write) -> None:
        pauses = iter(_RETRY_SECONDS)
        while True:
            try:
                made = await write.make()
            except StorageUnavailable as error:
                if not write.tried.done():
                    write.tried.set_exception(error)
                    write.tried.exception()  # nobody has to wait for it
            except Exception as error:  # a mistake of ours, which must not keep the other changes from being written
                if write.tried.done():
                    _logger.exception("A change could not be written down")
                else:
                    write.tried.set_exception(error)
                return
            else:
                if not write.tried.done():
                    write.tried.set_result(made)
                return
            await asyncio.sleep(next(pauses, _RETRY_SECONDS[-1]))

    @staticmethod
    def _drop_one_too_many(guild_id: int, queue: _Queue) -> None:
        if len(queue.writes) <= _MOST:
            return
        waiting = iter(queue.writes)
        next(waiting)  # it is being made
        oldest = next((write for write in waiting if write.may_be_dropped), queue.writes[1])
        queue.writes.remove(oldest)
        if not queue.dropped:
            _logger.error("The database is away for too long: the oldest changes in guild %d are lost", guild_id)
        queue.dropped += 1
