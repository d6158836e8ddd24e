"""Handover between processes: serve until stopped or until a newer process takes over, and again when that is gone."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from assistant.call.registry import CallRegistry
from assistant.cluster.ownership import Ownership
from assistant.pycord.api import AnyBot
from assistant.runtime.shutdown_budget import ShutdownBudget

_logger = logging.getLogger(__name__)

_GOODBYE_SECONDS: Final = 12.0
"""How long leaving the calls to another process may take: eight of them are for the sentence that is being said."""
_CANCEL_SECONDS: Final = 2.0
"""How long calls may take to clean up that were cancelled, since they took longer."""
_REFRESH_SECONDS: Final = 1.5
_END_SECONDS: Final = 1.0


class Handover:
    """Watches which process serves, and suspends and resumes the calls accordingly."""

    def __init__(self, bot: AnyBot, calls: CallRegistry, ownership: Ownership, budget: ShutdownBudget) -> None:
        self._bot = bot
        self._budget = budget
        self._calls = calls
        self._ownership = ownership

    async def run(self, *ends: asyncio.Task[Any]) -> None:
        """Return when one of the tasks `ends` is done and the calls are left to another process."""
        while True:
            await self._serve(*ends)
            if not any(end.done() for end in ends):
                # Stay: if this process exited, its supervisor would start it again. And if the newer one dies, this one
                # can serve again.
                await _first_of(self._ownership.until_abandoned(), *ends)
            if any(end.done() for end in ends):
                return
            await _first_of(self._serve_again(), *ends)

    async def _serve_again(self) -> None:
        await self._ownership.reclaim_shards()
        await self._calls.resume(self._bot.guilds)

    async def _refresh(self) -> None:
        with suppress(TimeoutError):  # a database that hangs: then it is as it was
            async with asyncio.timeout(self._budget.seconds(_REFRESH_SECONDS)):
                await self._ownership.refresh()

    async def _serve(self, *ends: asyncio.Task[Any]) -> None:
        """Serve until a newer process has taken over or one of `ends` is done, and leave the calls to another one."""
        async with asyncio.TaskGroup() as tasks:
            living = tasks.create_task(self._ownership.keep_alive(), name="heartbeat")
            await _first_of(self._ownership.until_lost(), *ends)
            await self._refresh()
            await self._hand_over()
            living.cancel()

    async def _hand_over(self) -> None:
        try:
            async with asyncio.timeout(self._budget.seconds(_GOODBYE_SECONDS)):
                await self._calls.suspend()
        except TimeoutError:
            await self._calls.cancel_all(self._budget.seconds(_CANCEL_SECONDS))


async def _first_of(watch: Coroutine[Any, Any, None], *ends: asyncio.Task[Any]) -> None:
    """Return when `watch` or one of `ends` is done; `watch` is cancelled if it is not."""
    watching = asyncio.create_task(watch)
    try:
        await asyncio.wait({watching, *ends}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        await asyncio.wait({watching}, timeout=_END_SECONDS)
        if watching.done() and not watching.cancelled() and (error := watching.exception()) is not None:
            _logger.error("A step of the handover failed", exc_info=error)
