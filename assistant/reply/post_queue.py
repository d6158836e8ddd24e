"""What one call still has to post, while its turns go on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final

_logger = logging.getLogger(__name__)

_MOST_WAITING: Final = 40
"""How many posts may wait before the next turn does: two for each answer, its text and what comes behind it. With more,
memory would grow for as long as Discord takes no posts; and to give up the oldest would lose a text."""


class PostQueue(AbstractAsyncContextManager["PostQueue"]):
    """The posts of one call, each a task. What is for one member comes in the order in which it was added.

    Members don't wait for each other: Discord may fail to take one post, or one channel's. Leaving the block gives up
    what is not posted by then.
    """

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._group = asyncio.TaskGroup()
        self._waiting: set[asyncio.Task[None]] = set()
        self._latest: dict[int, asyncio.Task[None]] = {}
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def __aenter__(self) -> "PostQueue":
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._waiting:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def add(self, member_id: int, post: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Post something for a member, as soon as what was added for them before is done. What it raises is logged."""
        task = self._group.create_task(self._after(self._latest.get(member_id), post), name=f"post to {member_id}")
        self._latest[member_id] = task
        self._waiting.add(task)
        self._look_for_room()
        task.add_done_callback(lambda _: self._done(member_id, task))
        return task

    async def wait_for_room(self) -> None:
        """Return when not too many posts wait."""
        await self._has_room.wait()

    async def finish(self, seconds: float) -> None:
        """Return when all is posted; after so many seconds, give up what is not."""
        if not self._waiting:
            return
        _, left = await asyncio.wait(self._waiting, timeout=seconds)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)

    async def _after(self, before: asyncio.Task[None] | None, post: Callable[[], Awaitable[None]]) -> None:
        if before is not None:
            await asyncio.wait({before})  # which may have been cancelled
        try:
            await post()
        except Exception:  # an error of ours here must cost neither the call nor the next post
            _logger.exception("A post broke")

    def _done(self, member_id: int, task: asyncio.Task[None]) -> None:
        self._waiting.discard(task)
        if self._latest.get(member_id) is task:
            del self._latest[member_id]
        self._look_for_room()

    def _look_for_room(self) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._has_room.set()
        else:
            self._has_room.clear()
