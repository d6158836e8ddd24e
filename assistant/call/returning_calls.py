"""Calls of other processes that come back here: this process goes on with them once those have let go of them."""

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Final

import discord

from assistant.cluster.journal import CallJournals
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.call_ending import CallEnding
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.domain.errors import StorageUnavailable
from assistant.pycord.api import leave_voice

_logger = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 0.2
"""How often it is looked whether another process has let go of a call."""
_CLAIM_SECONDS: Final = 1.0
"""How long a claim that is being made may take when this process is to stop."""


class ReturningCalls:
    """Claims the calls of other processes, each in a task of its own. Those that it has are not among them any more."""

    def __init__(
        self,
        journals: CallJournals,
        tasks: asyncio.TaskGroup,
        *,
        has_call: Callable[[int], bool],
        is_closing: Callable[[], bool],
        go_on: Callable[[CallSnapshot, VocalChannel, TextPlace, CallEnding | None], None],
    ) -> None:
        """Nothing is taken up before it is asked for.

        Args:
            journals: where the calls of other processes are found.
            tasks: where it is waited for them.
            has_call: whether a guild has a call in this process.
            is_closing: whether no call is to be taken up any more.
            go_on: begins here what was a call of another process; with an ending, it is only to be cleared away.
        """
        self._journals = journals
        self._store = journals.store
        self._tasks = tasks
        self._has_call = has_call
        self._is_closing = is_closing
        self._go_on = go_on
        self._expected: set[int] = set()
        self._claiming: dict[int, asyncio.Task[None]] = {}
        self._ended_meanwhile: dict[int, CallEnding] = {}

    def __contains__(self, guild_id: int | None) -> bool:
        """Whether the call of a guild is being taken up, or is about to be."""
        return guild_id in self._claiming or guild_id in self._expected

    def end(self, guild_id: int | None, ending: CallEnding) -> bool:
        """End the call of a guild once it is back; False when none is coming back there."""
        if guild_id is None or guild_id not in self:
            return False
        self._ended_meanwhile.setdefault(guild_id, ending)
        return True

    async def expect(self, guild_ids: Collection[int]) -> None:
        """Find out which of these guilds have calls that `take_up` will claim."""
        self._expected.update(await self._others(guild_ids) or ())

    async def take_up(self, guilds: Collection[discord.Guild]) -> None:
        """Go on with the calls of other processes in these guilds, as soon as those let go of them."""
        if self._is_closing():
            return
        by_id = {guild.id: guild for guild in guilds if not self._is_here(guild.id)}
        found = await self._others(by_id)
        if found is None:
            return
        for guild_id, guild in by_id.items():
            self._expected.discard(guild_id)
            if self._is_here(guild_id):  # since we began to read
                continue
            if guild_id in found and not self._is_closing():
                task = self._tasks.create_task(self._return(guild), name=f"return to guild {guild_id}")
                self._claiming[guild_id] = task
                continue
            self._ended_meanwhile.pop(guild_id, None)
            if guild_id not in found and guild.me.voice and guild.me.voice.channel:
                await self._leave_channel_of_no_call(guild)

    async def stop(self) -> None:
        """Take no call up any more. A call that is being claimed in this moment is left to others as well."""
        claiming = list(self._claiming.values())
        if claiming:
            await asyncio.wait(claiming, timeout=_CLAIM_SECONDS)
        for task in claiming:
            task.cancel()  # the database hangs, or Discord
        await asyncio.gather(*claiming, return_exceptions=True)

    def _is_here(self, guild_id: int) -> bool:
        return self._has_call(guild_id) or guild_id in self._claiming

    async def _leave_channel_of_no_call(self, guild: discord.Guild) -> None:
        try:
            if await self._store.exists(guild.id):  # another process has begun one since we began to read
                return
        except StorageUnavailable as error:
            _logger.warning("Whether there is a call in %s could not be read: %s", guild.me.voice, error)
            return
        if not self._has_call(guild.id):
            _logger.info("Leaving %s, where a call of an earlier run was", guild.me.voice and guild.me.voice.channel)
            await leave_voice(guild)

    async def _others(self, guild_ids: Collection[int]) -> list[int] | None:
        """The guilds among these with a call that this process does not hold; None where that can't be read."""
        try:
            return await self._store.guilds_held_elsewhere(guild_ids)
        except StorageUnavailable as error:
            _logger.warning("Whether there are calls to go on with could not be read: %s", error)
            return None

    async def _return(self, guild: discord.Guild) -> None:
        try:
            call = await self._claimed(guild.id)
            if call is not None:
                await self._bring_back(call, guild)
        finally:
            del self._claiming[guild.id]
            self._ended_meanwhile.pop(guild.id, None)

    async def _claimed(self, guild_id: int) -> CallSnapshot | None:
        """The call, once the process that holds it lets go of it; None when it was ended, or we are to stop."""
        while not self._is_closing():
            try:
                if (call := await self._store.claim(guild_id)) is not None:
                    return call
                if not await self._store.exists(guild_id):
                    return None
            except StorageUnavailable as error:
                _logger.warning("The call of guild %d could not be taken up yet: %s", guild_id, error)
            await asyncio.sleep(_AGAIN_SECONDS)
        return None

    async def _bring_back(self, call: CallSnapshot, guild: discord.Guild) -> None:
        """Go on with a call: in the voice channel's own chat alone, where the text channel is gone."""
        journal = self._journals.of(guild.id, is_stored=True)
        try:
            text = await _text_place_of(call, guild)
        except asyncio.CancelledError:  # Discord takes its time, and we are to stop
            await journal.release()
            raise
        ending = self._ended_meanwhile.get(guild.id)
        if self._is_closing() and ending is None:  # one that people have ended does not come back elsewhere
            await journal.release()
            return
        voice = guild.get_channel(call.voice_id)
        if not isinstance(voice, VocalChannel):
            _logger.info("The call of guild %d is over: its channel is gone", guild.id)
            await journal.end()
            return
        _logger.info("Going on with the call in %s, with %d message(s) to answer", voice, len(call.waiting))
        self._go_on(call, voice, text or voice, ending)


async def _text_place_of(call: CallSnapshot, guild: discord.Guild) -> TextPlace | None:
    """Where the call was begun; None where that is gone. Of an archived thread, only those hear who ask for it."""
    place: object = guild.get_channel_or_thread(call.text_id)
    if place is None:
        try:
            place = await guild.fetch_channel(call.text_id)
        except REQUEST_ERRORS as error:
            _logger.info("The channel in which the call of guild %d was begun can't be read: %s", guild.id, error)
    return place if isinstance(place, TextPlace) else None
