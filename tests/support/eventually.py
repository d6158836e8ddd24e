"""Waiting for something that tells nobody when it happens."""

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Return once `condition()` is true; it is looked at each 10 ms. Raises TimeoutError."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 - there is no event for it: that is what this is for
            await asyncio.sleep(0.01)
