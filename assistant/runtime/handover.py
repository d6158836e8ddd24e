"""The assistant on duty: it serves until it is told to stop, or a newer process does; again when that one is gone."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from assistant.call.registry import CallRegistry
from assistant.cluster.ownership import Ownership
from assistant.pycord.api import AnyBot

_GOODBYE_SECONDS: Final = 20.0
"""How long the calls may take to be left to another process; render.yaml gives a process three times as long."""


class Handover:
    """Watches who is to serve, and has the calls follow."""

    def __init__(self, bot: AnyBot, calls: CallRegistry, ownership: Ownership) -> None:
        self._bot = bot
        self._calls = calls
        self._ownership = ownership

    async def run(self, *ends: asyncio.Task[Any]) -> None:
        """Return once one of the tasks `ends` is done, and the calls are left to another process."""
        while True:
            await _first_of(self._ownership.keep_alive(), *ends)
            await self._ownership.refresh()
            await self._hand_over()
            if not any(end.done() for end in ends):
                # A process that ended by itself would be started again by whoever runs it; this one is kept until it is
                # stopped, and if the newer one turns out to be no good, there is still one that serves.
                await _first_of(self._ownership.until_abandoned(), *ends)
            if any(end.done() for end in ends):
                return
            await self._ownership.reclaim_shards()
            await self._calls.resume(self._bot.guilds)

    async def _hand_over(self) -> None:
        with suppress(TimeoutError):  # what has not ended by then is cancelled, and cleans up all the same
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._calls.suspend(has_successor=self._ownership.has_successor)


async def _first_of(watch: Coroutine[Any, Any, None], *ends: asyncio.Task[Any]) -> None:
    """Return when one of them is over; the watch is, then."""
    watching = asyncio.create_task(watch)
    try:
        await asyncio.wait({watching, *ends}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
