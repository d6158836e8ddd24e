"""Waiting for the work of libraries, so that a cancellation always arrives."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

_AGAIN_SECONDS: Final = 0.2
"""The pause before a task that goes on although it was cancelled is cancelled again."""

T = TypeVar("T")


async def heeding_cancellation(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, a library's; cancelled, it is cancelled until it is over, and the cancellation is raised.

    Libraries may lose a cancellation, and it comes only once. py-cord waits with `asyncio.wait_for`, which before
    Python 3.12 returns its result in place of a cancellation that comes in the same pass of the event loop
    (https://github.com/python/cpython/issues/86296), and a shard that reconnects takes one for the end of its try.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_AGAIN_SECONDS)
        if not task.cancelled():
            task.exception()  # nobody asks for what came of it
        raise
    return task.result()
