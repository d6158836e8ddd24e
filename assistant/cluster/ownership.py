"""Whether this process serves its shards, or a newer one does: of two that run at once, the newer."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from assistant.storage.ownership_store import OwnershipStore

_logger = logging.getLogger(__name__)

_BEAT_SECONDS: Final = 1.0
"""How often this process tells that it lives, and looks whether a newer one has come."""
_CLEANUP_SECONDS: Final = 3600.0
_START_SECONDS: Final = 2.0
"""How long a command may wait for us to serve; it has to be answered within three."""
_CLAIM_SECONDS: Final = 0.8
_LEAVE_SECONDS: Final = 2.0


def shards_of(settings: Settings) -> list[str]:
    """The names of the shards of this process, such as "0/1": of another number of shards, each is another one."""
    return [f"{shard}/{settings.shard_count}" for shard in settings.shard_ids or range(settings.shard_count)]


class Ownership:
    """What this process owns. Where the database can't be reached, it is taken to be alone."""

    def __init__(self, store: OwnershipStore, shards: Sequence[str]) -> None:
        """Nothing is owned before `claim_shards`."""
        self._store = store
        self._shards = tuple(shards)
        self._has_claimed = asyncio.Event()
        self._is_claim_stored = False
        self._lost = asyncio.Event()

    @property
    def is_ours(self) -> bool:
        """Whether this process is the one to serve its shards, as far as it knows."""
        return self._has_claimed.is_set() and not self._lost.is_set()

    @property
    def has_successor(self) -> bool:
        """Whether a newer process serves what this one did."""
        return self._lost.is_set()

    async def claim_shards(self) -> None:
        """Serve the shards from now on, if this process never did: who did notices it, and hands its calls over."""
        if not self._has_claimed.is_set():
            await self._claim_shards()

    async def reclaim_shards(self) -> None:
        """Serve the shards again, since the process that took them is gone."""
        _logger.warning("The newer process is gone, and nobody has followed it: I serve again")
        await self._claim_shards()

    async def until_abandoned(self) -> None:
        """Return when the process that took the shards is gone, and none has taken them after it."""
        while await self._are_served():  # noqa: ASYNC110 - a database tells nobody when a process dies
            await asyncio.sleep(_BEAT_SECONDS)

    async def _are_served(self) -> bool:
        try:
            return await self._store.are_served(self._shards)
        except StorageUnavailable as error:
            _logger.warning("Whether there is a process that serves could not be read: %s", error)
            return True

    async def _claim_shards(self) -> None:
        self._is_claim_stored = False
        try:
            await self._store.claim_shards(self._shards)
            self._is_claim_stored = True
        except StorageUnavailable as error:
            _logger.warning("I could not tell other processes yet that I am here: %s", error)
        self._lost.clear()
        self._has_claimed.set()

    async def keep_alive(self) -> None:
        """Tell others that this process lives, and look whether a newer one has taken over, until cancelled.

        Also after one has: until the calls are handed over, nobody may take them from us.
        """
        await self._has_claimed.wait()
        loop = asyncio.get_running_loop()
        cleaned_up_at = -_CLEANUP_SECONDS
        while True:
            if await self.refresh() and loop.time() - cleaned_up_at > _CLEANUP_SECONDS:
                cleaned_up_at = loop.time()
                await self._delete_stale()
            await asyncio.sleep(_BEAT_SECONDS)

    async def until_lost(self) -> None:
        """Return when a newer process has taken over."""
        await self._lost.wait()
        _logger.info("A newer process serves my shards now: I hand my calls over to it, and stand by")

    async def refresh(self) -> bool:
        """Tell others that this process lives, and ask the database who serves the shards; whether it is this process.

        Before they were claimed, neither is done.
        """
        if not self._has_claimed.is_set():
            return False
        try:
            if self.is_ours and not self._is_claim_stored:
                await self._store.claim_shards(self._shards)
                self._is_claim_stored = True
            if len(await self._store.keep_alive(self._shards)) < len(self._shards):
                self._lost.set()
        except StorageUnavailable as error:
            _logger.warning("I could not tell other processes that I live: %s", error)
        return self.is_ours

    async def claim(self, interaction_id: int) -> bool:
        """Whether a command or a click is this process's to serve: True in one process, once."""
        with suppress(TimeoutError):  # what comes before we serve may be an older process's to serve, or nobody's
            async with asyncio.timeout(_START_SECONDS):
                await self._has_claimed.wait()
        if not self.is_ours:
            return False
        try:
            async with asyncio.timeout(_CLAIM_SECONDS):
                return await self._store.claim(interaction_id)
        except (StorageUnavailable, TimeoutError) as error:
            _logger.warning("I could not ask who serves a command or a click, and do: %r", error)
            return True

    async def leave(self) -> None:
        """This process ends: others need not wait for it."""
        try:
            async with asyncio.timeout(_LEAVE_SECONDS):
                await self._store.leave()
        except (StorageUnavailable, TimeoutError) as error:
            _logger.warning("I could not tell other processes that I end: %r", error)

    async def _delete_stale(self) -> None:
        try:
            await self._store.delete_stale()
        except StorageUnavailable as error:
            _logger.warning("What nobody needs any more could not be erased: %s", error)
