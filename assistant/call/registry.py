"""The calls of this process, one a guild: begun, taken up from an earlier process, suspended for the next one."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Final, Protocol

import discord

from assistant.call.control import may_control
from assistant.call.preconditions import check_permissions, voice_channel_of
from assistant.call.session import CallSession
from assistant.cluster.journal import CallJournals
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.call_ending import CallEnding
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.domain.errors import StorageUnavailable
from assistant.pycord.api import leave_voice
from assistant.telemetry.call_health import CallHealth

_logger = logging.getLogger(__name__)

_AGAIN_SECONDS: Final = 0.2
"""How often it is looked whether another process has let go of a call."""
_CLAIM_SECONDS: Final = 1.0
"""How long a claim that is being made may take when this process is to stop."""


class SessionFactory(Protocol):
    """Makes the session of one call; see `CallSession`."""

    def __call__(
        self, voice: VocalChannel, text: TextPlace, *, begun_by: int, snapshot: CallSnapshot | None = None
    ) -> CallSession: ...


class CallRegistry:
    """Owns the sessions. They run in a task group that outlives it."""

    def __init__(
        self, make_session: SessionFactory, journals: CallJournals, tasks: asyncio.TaskGroup, *, most_calls: int = 0
    ) -> None:
        """Nothing is begun, or taken up, before it is asked for.

        Args:
            make_session: makes the session of a call.
            journals: where the calls are recorded, and those of other processes found.
            tasks: where the calls run.
            most_calls: how many there may be for another one to begin; 0: however many.
        """
        self._most_calls = most_calls
        self._make_session = make_session
        self._journals = journals
        self._store = journals.store
        self._tasks = tasks
        self._sessions: dict[int, CallSession] = {}
        self._leaving: dict[int, CallSession] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._expected: set[int] = set()
        self._returning: dict[int, asyncio.Task[None]] = {}
        self._ended_meanwhile: dict[int, CallEnding] = {}
        self._is_closing = False

    @property
    def health(self) -> dict[int, CallHealth]:
        """How each call is, by the id of its guild."""
        return {guild_id: session.health for guild_id, session in self._sessions.items()}

    @property
    def is_closing(self) -> bool:
        """Whether no call is begun or gone on with here: this process is stopping, or stands by."""
        return self._is_closing

    @property
    def all(self) -> tuple[CallSession, ...]:
        """The calls there are."""
        return tuple(self._sessions.values())

    def get(self, guild_id: int | None) -> CallSession | None:
        """The call of a guild; None when there is none, or it has not come back yet."""
        return self._sessions.get(guild_id or 0)

    def listening(self, guild_id: int | None) -> CallSession | None:
        """The session that messages of a guild are for: that of its call, or one that is saying goodbye.

        Until the goodbye is said, nobody who types can know that the call is over: it tells what stays unanswered.
        """
        return self.get(guild_id) or self._leaving.get(guild_id or 0)

    def concerned(self, guild_id: int | None) -> Sequence[CallSession]:
        """The sessions in which messages of a guild may wait: of those, some may be edited or deleted."""
        sessions = (self.get(guild_id), self._leaving.get(guild_id or 0))
        return [session for session in sessions if session is not None]

    def is_returning(self, guild_id: int | None) -> bool:
        """Whether the call of a guild is being taken up from another process, or is about to be."""
        return guild_id in self._returning or guild_id in self._expected

    def begin(self, caller: discord.Member, text: TextPlace, begun_by: int) -> CallSession:
        """Begin a call in the caller's voice channel; `begun_by` is the snowflake of the command.

        Raises:
            CallRefused: it can't be begun, here or now.
        """
        guild = caller.guild
        if self._is_closing or self.is_returning(guild.id):
            raise CallRefused(refusal=Refusal.STOPPING)
        if guild.id in self._sessions:
            raise CallRefused(refusal=Refusal.IN_A_CALL, channel=self._sessions[guild.id].voice.mention)
        if self._most_calls and len(self._sessions) >= self._most_calls:
            raise CallRefused(refusal=Refusal.TOO_MANY_CALLS)
        voice = voice_channel_of(caller)
        check_permissions(voice, text, guild.me, caller)
        return self._start(self._make_session(voice, text, begun_by=begun_by), guild)

    def may_control(self, guild: discord.Guild | None, person: discord.Member | discord.User) -> bool:
        """Whether somebody may skip and end the call of a guild, also one that has not come back yet."""
        session = self.get(guild.id) if guild is not None else None
        if session is not None:
            return session.may_control(person)
        if guild is None or not self.is_returning(guild.id):
            return True
        # Its settings are not read yet, nor its channel, in which the earlier process has left us, if it could.
        voice = guild.me.voice.channel if guild.me.voice else None
        if isinstance(voice, VocalChannel):
            return may_control(person, voice, "members")
        return isinstance(person, discord.Member) and person.voice is not None

    def end(self, guild_id: int | None, ending: CallEnding) -> bool:
        """End the call of a guild, also one that has not come back yet; False when there is none."""
        session = self.get(guild_id)
        if session is not None:
            session.end(ending)
        elif guild_id is not None and self.is_returning(guild_id):
            self._ended_meanwhile.setdefault(guild_id, ending)
        else:
            return False
        return True

    async def end_all(self, ending: CallEnding) -> None:
        """Begin no call any more, end all there are, and return when they are over."""
        self._is_closing = True
        for session in self.all:
            session.end(ending)
        await asyncio.gather(*self._running)

    async def expect(self, guild_ids: Collection[int]) -> None:
        """Find out which of these guilds have calls that `resume_calls` will go on with: clicks are for them."""
        self._expected.update(await self._others(guild_ids) or ())

    async def resume_calls(self, guilds: Collection[discord.Guild]) -> None:
        """Go on with the calls of other processes in these guilds, as soon as those let go of them."""
        if self._is_closing:
            return
        by_id = {guild.id: guild for guild in guilds if guild.id not in {*self._sessions, *self._returning}}
        found = await self._others(by_id)
        if found is None:
            return
        for guild_id, guild in by_id.items():
            self._expected.discard(guild_id)
            if guild_id in self._sessions or guild_id in self._returning:  # since we began to read
                continue
            if guild_id in found and not self._is_closing:
                task = self._tasks.create_task(self._return(guild), name=f"return to guild {guild_id}")
                self._returning[guild_id] = task
                continue
            self._ended_meanwhile.pop(guild_id, None)
            if guild_id not in found and guild.me.voice and guild.me.voice.channel:
                await self._leave_channel_of_no_call(guild)

    async def suspend(self) -> None:
        """Begin no call any more, and leave all there are to another process; return when that has happened.

        Cancelled, it cancels the calls.
        """
        self._is_closing = True
        await asyncio.gather(self._stop_returning(), *(session.suspend() for session in self.all))
        await asyncio.gather(*self._running)

    async def _stop_returning(self) -> None:
        """Take no call up any more. A call that is being claimed in this moment is left to others as well."""
        returning = list(self._returning.values())
        if returning:
            await asyncio.wait(returning, timeout=_CLAIM_SECONDS)
        for task in returning:
            task.cancel()  # the database hangs
        await asyncio.gather(*returning, return_exceptions=True)

    async def cancel_all(self, seconds: float) -> None:
        """Give up the calls that `suspend` could not end. Return when none is left, or after so many seconds."""
        for task in self._running:
            _logger.warning("The %s could not be left in order in time, and is given up", task.get_name())
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def resume(self, guilds: Collection[discord.Guild]) -> None:
        """Begin calls again after `suspend`, and go on with those that there are in these guilds."""
        self._is_closing = False
        await self.resume_calls(guilds)

    async def _leave_channel_of_no_call(self, guild: discord.Guild) -> None:
        try:
            if await self._store.exists(guild.id):  # another process has begun one since we began to read
                return
        except StorageUnavailable as error:
            _logger.warning("Whether there is a call in %s could not be read: %s", guild.me.voice, error)
            return
        if guild.id not in self._sessions:
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
            call = await self._taken(guild.id)
            text = await _text_place_of(call, guild) if call is not None else None
            if call is not None and self._is_closing:
                await self._journals.of(guild.id, is_stored=True).release()
            elif call is not None:
                await self._go_on(call, guild, text)
        finally:
            del self._returning[guild.id]
            self._ended_meanwhile.pop(guild.id, None)

    async def _taken(self, guild_id: int) -> CallSnapshot | None:
        """The call, once the process that holds it lets go of it; None when it was ended, or we are to stop."""
        while not self._is_closing:
            try:
                if (call := await self._store.claim(guild_id)) is not None:
                    return call
                if not await self._store.exists(guild_id):
                    return None
            except StorageUnavailable as error:
                _logger.warning("The call of guild %d could not be taken up yet: %s", guild_id, error)
            await asyncio.sleep(_AGAIN_SECONDS)
        return None

    async def _go_on(self, call: CallSnapshot, guild: discord.Guild, text: TextPlace | None) -> None:
        """Go on with a call: in the voice channel's own chat alone, where the text channel is gone."""
        voice = guild.get_channel(call.voice_id)
        if not isinstance(voice, VocalChannel):
            _logger.info("The call of guild %d is over: its channel is gone", guild.id)
            await self._journals.of(guild.id, is_stored=True).end()
            return
        _logger.info("Going on with the call in %s, with %d message(s) to answer", voice, len(call.waiting))
        session = self._make_session(voice, text or voice, begun_by=call.begun_by, snapshot=call)
        if guild.id in self._ended_meanwhile:
            session.end(self._ended_meanwhile[guild.id])
        self._start(session, guild)

    def _start(self, session: CallSession, guild: discord.Guild) -> CallSession:
        self._sessions[guild.id] = session
        call = self._tasks.create_task(self._run(session, guild.id), name=f"call in guild {guild.id}")
        self._running.add(call)
        call.add_done_callback(self._running.discard)
        return session

    async def _run(self, session: CallSession, guild_id: int) -> None:
        async with session.posts:
            try:
                ending = await session.run()
            finally:
                del self._sessions[guild_id]  # before the goodbye: whoever reads it may call again at once
            self._leaving[guild_id] = session
            try:
                await session.say_goodbye(ending)
            finally:
                if self._leaving.get(guild_id) is session:
                    del self._leaving[guild_id]


async def _text_place_of(call: CallSnapshot, guild: discord.Guild) -> TextPlace | None:
    """Where the call was begun; None where that is gone. Of an archived thread, only those hear who ask for it."""
    place: object = guild.get_channel_or_thread(call.text_id)
    if place is None:
        try:
            place = await guild.fetch_channel(call.text_id)
        except REQUEST_ERRORS as error:
            _logger.info("The channel in which the call of guild %d was begun can't be read: %s", guild.id, error)
    return place if isinstance(place, TextPlace) else None
