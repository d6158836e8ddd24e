"""The calls of this process, one a guild: begun, taken up from an earlier process, suspended for the next one."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Protocol

import discord

from assistant.call.control import may_control
from assistant.call.preconditions import check_permissions, voice_channel_of
from assistant.call.returning_calls import ReturningCalls
from assistant.call.session import CallSession
from assistant.cluster.journal import CallJournals
from assistant.domain.call_ending import CallEnding
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.telemetry.call_health import CallHealth

_logger = logging.getLogger(__name__)


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
        self._tasks = tasks
        self._sessions: dict[int, CallSession] = {}
        self._leaving: dict[int, CallSession] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self._returning = ReturningCalls(
            journals,
            tasks,
            has_call=lambda guild_id: guild_id in self._sessions,
            is_closing=lambda: self._is_closing,
            go_on=self._go_on,
        )

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
        return guild_id in self._returning

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
        return self._start(self._make_session(voice, text, begun_by=begun_by), guild.id)

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
        if session is None:
            return self._returning.end(guild_id, ending)
        session.end(ending)
        return True

    async def end_all(self, ending: CallEnding) -> None:
        """Begin no call any more, end all there are, and return when they are over."""
        self._is_closing = True
        for session in self.all:
            session.end(ending)
        await asyncio.gather(*self._running)

    async def expect(self, guild_ids: Collection[int]) -> None:
        """Find out which of these guilds have calls that `resume_calls` will go on with: clicks are for them."""
        await self._returning.expect(guild_ids)

    async def resume_calls(self, guilds: Collection[discord.Guild]) -> None:
        """Go on with the calls of other processes in these guilds, as soon as those let go of them."""
        await self._returning.take_up(guilds)

    async def suspend(self) -> None:
        """Begin no call any more, and leave all there are to another process; return when that has happened.

        Cancelled, it cancels the calls.
        """
        self._is_closing = True
        await asyncio.gather(self._returning.stop(), *(session.suspend() for session in self.all))
        await asyncio.gather(*self._running)

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

    def _go_on(self, call: CallSnapshot, voice: VocalChannel, text: TextPlace, ending: CallEnding | None) -> None:
        session = self._make_session(voice, text, begun_by=call.begun_by, snapshot=call)
        if ending is not None:
            session.end(ending)
        self._start(session, call.guild_id)

    def _start(self, session: CallSession, guild_id: int) -> CallSession:
        self._sessions[guild_id] = session
        call = self._tasks.create_task(self._run(session, guild_id), name=f"call in guild {guild_id}")
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
