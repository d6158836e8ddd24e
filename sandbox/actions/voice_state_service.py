"""The switchboard: who is in which voice channel, and what the voice server is told of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.state.changes.voice_changes import VoiceServerAssigned, VoiceStateChanged, VoiceStatusSet
from sandbox.state.channel import STAGE, Channel
from sandbox.state.errors import NotAllowed
from sandbox.state.guild import Guild
from sandbox.state.json_types import now, timestamp
from sandbox.state.member import Member
from sandbox.state.permissions import Permission
from sandbox.state.voice_state import VoiceState

if TYPE_CHECKING:
    from sandbox.actions.backend import World

_log = logging.getLogger(__name__)

THROWN_OUT = 4014
"""The voice gateway's close code for whoever is no longer in the call."""


class VoiceStateService:
    """Seats the bot and humans in voice channels."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def bot_asks(
        self, guild: Guild, channel: Channel | None, session_id: str, *, self_mute: bool, self_deaf: bool
    ) -> None:
        """The bot's gateway op 4: join, move, mute, deafen or leave.

        Discord answers a bot that may not enter with silence, and so does the switchboard. Asked for the
        channel in which the bot already talks, Discord sends a voice state but no voice server
        (https://github.com/serenity-rs/songbird/pull/47).
        """
        me = guild.me
        if me is None:
            return
        if channel is None:
            await self.throw_out_bot(guild)
            return
        if not _lets_in(channel, me):
            _log.info("the bot is not let into %r; Discord says nothing, and nor do we", channel.name)
            return
        before = guild.bot_voice
        state = VoiceState(me, channel, session_id, self_mute, self_deaf, suppress=channel.kind == STAGE)
        if before is not None and before.channel is channel and before.session_id == session_id:
            state = replace(state, suppress=before.suppress, requested_to_speak=before.requested_to_speak)
            if self._is_on_the_line(channel):
                self._world.store.apply(VoiceStateChanged(state))
                return
        await self._connect_bot(state)

    async def drag_bot(self, guild: Guild, channel: Channel) -> None:
        """A moderator moves the bot. Raises NotAllowed if it is in no voice channel."""
        before = guild.bot_voice
        if before is None:
            raise NotAllowed("the bot is in no voice channel, so nobody can move it")
        await self._connect_bot(replace(before, channel=channel, suppress=channel.kind == STAGE))

    async def throw_out_bot(self, guild: Guild) -> None:
        """The bot is out of voice: by its own wish, or a moderator's."""
        before = guild.bot_voice
        if before is None:
            return
        self._unseat(before)
        await self._hang_up(guild)

    async def end_session(self, session_id: str) -> None:
        """A gateway session is over; the voice state that it held is too."""
        for guild in list(self._world.store.guilds.values()):
            state = guild.bot_voice
            if state is not None and state.session_id == session_id:
                await self.throw_out_bot(guild)

    async def clear(self, channel: Channel) -> None:
        """Throw everybody out of a call."""
        for state in [each for each in channel.guild.voice_states.values() if each.channel is channel]:
            if state.member.user.bot:
                await self.throw_out_bot(channel.guild)
            else:
                self.unseat_human(state.member)

    def suppress_bot(self, guild: Guild, *, suppress: bool | None, raised_hand: bool | None) -> None:
        """The bot steps onto a stage or back, or raises its hand; None leaves it as it is."""
        state = guild.bot_voice
        if state is None:
            raise LookupError("the bot is in no voice channel")
        if suppress is not None:
            state = replace(state, suppress=suppress, requested_to_speak=None)
        if raised_hand is not None:
            state = replace(state, requested_to_speak=timestamp(now()) if raised_hand else None)
        self._world.store.apply(VoiceStateChanged(state))

    def seat_human(self, member: Member, channel: Channel) -> None:
        """A human enters a voice channel. Raises NotAllowed."""
        if not channel.is_voice or channel.deleted:
            raise NotAllowed(f"#{channel.name} is no voice channel")
        if not _lets_in(channel, member):
            raise NotAllowed(f"{channel.name!r} does not let {member.name} in")
        before = member.voice
        if before is not None and before.channel is channel:
            return
        suppress = channel.kind == STAGE
        session_id = before.session_id if before else secrets.token_hex(16)
        if before is not None and before.channel is not None:
            self._world.voice.member_left(before.channel.id, member.id)
        self._seat(VoiceState(member, channel, session_id, suppress=suppress))
        self._world.voice.member_joined(channel.id, member.id)

    def unseat_human(self, member: Member) -> None:
        """A human leaves voice."""
        before = member.voice
        if before is None or before.channel is None:
            return
        self._world.voice.member_left(before.channel.id, member.id)
        self._unseat(before)

    async def speak(self, member: Member, frames: Sequence[bytes]) -> None:
        """A human speaks into the call they are in. Raises NotAllowed if they are in none."""
        state = member.voice
        if state is None or state.channel is None or state.suppress:
            raise NotAllowed(f"{member.name} is in no voice channel in which they may speak")
        await self._world.voice.call(state.channel.id).speak(member.id, frames)

    async def _connect_bot(self, state: VoiceState) -> None:
        guild, channel, before = state.member.guild, state.channel, state.member.voice
        assert channel is not None
        self._seat(state)
        if before is not None and (before.channel, before.session_id) != (channel, state.session_id):
            await self._hang_up(guild)
        token = self._world.voice.expect(
            guild_id=guild.id, channel_id=channel.id, user_id=state.member.id, session_id=state.session_id
        )
        self._world.store.apply(VoiceServerAssigned(guild, token, self._world.voice.endpoint, state.session_id))

    def _is_on_the_line(self, channel: Channel) -> bool:
        sessions = self._world.voice.call(channel.id).sessions
        return any(each.user_id == self._world.bot.id and each.connection for each in sessions)

    async def _hang_up(self, guild: Guild) -> None:
        await self._world.voice.disconnect(guild_id=guild.id, user_id=self._world.bot.id, code=THROWN_OUT)

    def _seat(self, state: VoiceState) -> None:
        before = state.member.voice
        self._world.store.apply(VoiceStateChanged(state))
        if before is not None and before.channel is not state.channel:
            self._reset_status(before.channel)

    def _unseat(self, before: VoiceState) -> None:
        after = replace(before, channel=None, suppress=False, requested_to_speak=None)
        self._world.store.apply(VoiceStateChanged(after))
        self._reset_status(before.channel)

    def _reset_status(self, channel: Channel | None) -> None:
        """Discord takes the status off a channel that the last one has left."""
        if channel is not None and channel.status is not None and not channel.occupants:
            self._world.store.apply(VoiceStatusSet(channel, None))


def _lets_in(channel: Channel, member: Member) -> bool:
    if not channel.is_voice or not member.may(channel, Permission.view_channel | Permission.connect):
        return False
    if member.voice is not None and member.voice.channel is channel:
        return True
    full = channel.user_limit and len(channel.occupants) >= channel.user_limit
    may_squeeze_in = Permission.move_members | Permission.manage_channels
    return not full or bool(member.permissions_in(channel) & may_squeeze_in)
