"""Who is in which voice channel, and what the voice server is told of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from sandbox.state.changes.voice_changes import VoiceServerAssigned, VoiceStateChanged, VoiceStatusSet
from sandbox.state.channel import STAGE, Channel
from sandbox.state.errors import NotAllowed
from sandbox.state.guild import Guild
from sandbox.state.json_types import now, timestamp
from sandbox.state.member import Member
from sandbox.state.permissions import Permission
from sandbox.state.store import Store
from sandbox.state.voice_state import VoiceState
from sandbox.voice import Microphone, NetworkConditions, Sound, Speaking, VoiceServer

_logger = logging.getLogger(__name__)

DISCONNECTED: Final = 4014
"""The voice gateway's close code for whoever is no longer in the call."""


class VoiceStateService:
    """Lets the bot and humans into voice channels, and out."""

    def __init__(self, store: Store, voice: VoiceServer) -> None:
        self._store = store
        self._voice = voice

    async def update_bot(
        self, guild: Guild, channel: Channel | None, session_id: str, *, self_mute: bool, self_deaf: bool
    ) -> None:
        """The bot's gateway op 4: join, move, mute, deafen or leave.

        Discord answers a bot that may not enter with silence, and so does the sandbox. Asked for the
        channel in which the bot already talks, Discord sends a voice state but no voice server
        (https://github.com/serenity-rs/songbird/pull/47).
        """
        me = self._store.bot_member(guild)
        if me is None:
            return
        if channel is None:
            await self.disconnect_bot(guild)
            return
        if not self._lets_in(channel, me):
            _logger.info("the bot is not let into %r; Discord says nothing, and nor do we", channel.name)
            return
        before = self._store.bot_voice_state(guild)
        state = VoiceState(me, channel, session_id, self_mute, self_deaf, suppress=_is_suppressed(channel, me))
        if before is not None and before.channel is channel and before.session_id == session_id:
            state = replace(state, suppress=before.suppress, requested_to_speak=before.requested_to_speak)
            if self._is_connected(channel):
                self._store.apply(VoiceStateChanged(state))
                return
            if token := self._token_of(state):
                # Asked again for the same place, Discord gives the same key to it.
                self._store.apply(VoiceStateChanged(state))
                self._store.apply(VoiceServerAssigned(guild, token, self._voice.endpoint, session_id))
                return
        await self._connect_bot(state)

    async def move_bot(self, guild: Guild, channel: Channel) -> None:
        """A moderator moves the bot.

        Raises:
            NotAllowed: it is in no voice channel.
        """
        before = self._store.bot_voice_state(guild)
        if before is None:
            raise NotAllowed("the bot is in no voice channel, so nobody can move it")
        suppress = _is_suppressed(channel, before.member)
        await self._connect_bot(replace(before, channel=channel, suppress=suppress, requested_to_speak=None))

    async def disconnect_bot(self, guild: Guild) -> None:
        """The bot is out of voice: by its own wish, or a moderator's."""
        before = self._store.bot_voice_state(guild)
        if before is None:
            return
        self._leave(before)
        await self._close_voice(guild)

    async def end_session(self, session_id: str) -> None:
        """A gateway session is over; the voice state that it held is too."""
        for guild in list(self._store.guilds.values()):
            state = self._store.bot_voice_state(guild)
            if state is not None and state.session_id == session_id:
                await self.disconnect_bot(guild)

    async def disconnect_all(self, channel: Channel) -> None:
        """Throw everybody out of a call."""
        for state in [each for each in self._store.voice_states_of(channel.guild).values() if each.channel is channel]:
            if state.member.user is channel.guild.bot:
                await self.disconnect_bot(channel.guild)
            else:
                self.human_leaves(state.member)

    def edit_bot(self, guild: Guild, *, suppress: bool | None, raised_hand: bool | None) -> None:
        """The bot steps onto a stage or back, or raises its hand; None leaves it as it is.

        Raises:
            LookupError: it is in no voice channel.
        """
        state = self._store.bot_voice_state(guild)
        if state is None:
            raise LookupError("the bot is in no voice channel")
        if suppress is not None:
            state = replace(state, suppress=suppress, requested_to_speak=None)
        if raised_hand is not None:
            state = replace(state, requested_to_speak=timestamp(now()) if raised_hand else None)
        self._store.apply(VoiceStateChanged(state))

    def moderate(self, member: Member, *, mute: bool | None = None, deaf: bool | None = None) -> None:
        """A moderator mutes or deafens a member in all voice channels, or takes that back.

        Raises:
            NotAllowed: the member is in no voice channel.
        """
        state = self._state_in_call(member)
        member.mute = member.mute if mute is None else mute
        member.deaf = member.deaf if deaf is None else deaf
        self._change(state)

    def mute_self(self, member: Member, mute: bool) -> None:
        """A human turns the own microphone off, or on again.

        Raises:
            NotAllowed: they are in no voice channel.
        """
        self._change(replace(self._state_in_call(member), self_mute=mute))

    def human_joins(self, member: Member, channel: Channel) -> None:
        """A human, or another bot, enters a voice channel, leaving the present one.

        Raises:
            NotAllowed: the channel has no call, is full, or is closed to them.
        """
        if not channel.is_voice or channel.deleted:
            raise NotAllowed(f"#{channel.name} is no voice channel")
        if not self._lets_in(channel, member):
            raise NotAllowed(f"{channel.name!r} does not let {member.name} in")
        before = self._store.voice_state(member)
        if before is not None and before.channel is channel:
            return
        suppress = _is_suppressed(channel, member)
        session_id = before.session_id if before else secrets.token_hex(16)
        if before is not None and before.channel is not None:
            self._voice.member_left(before.channel.id, member.id)
        self_mute = before is not None and before.self_mute
        self._enter(VoiceState(member, channel, session_id, self_mute=self_mute, suppress=suppress))
        self._voice.member_joined(channel.id, member.id, is_bot=member.user.bot)

    def human_leaves(self, member: Member) -> None:
        """A human leaves voice."""
        before = self._store.voice_state(member)
        if before is None or before.channel is None:
            return
        self._voice.member_left(before.channel.id, member.id)
        self._leave(before)

    async def speak(
        self, member: Member, sound: Sound, microphone: Microphone, network: NetworkConditions, flags: Speaking
    ) -> None:
        """A human, or another bot, says something into the call they are in, and ends when they leave it.

        Raises:
            NotAllowed: they are in no call in which they may speak.
            RuntimeError: they are speaking.
        """
        state = self._store.voice_state(member)
        if state is None or state.channel is None or state.suppress:
            raise NotAllowed(f"{member.name} is in no voice channel in which they may speak")

        def is_muted() -> bool:
            now = self._store.voice_state(member)
            return now is None or now.self_mute

        await self._voice.call(state.channel.id).speak(
            member.id, sound, microphone=microphone, network=network, flags=flags, is_muted=is_muted
        )

    @asynccontextmanager
    async def camera(self, member: Member) -> AsyncIterator[None]:
        """A human's camera is on.

        Raises:
            NotAllowed: they are in no voice channel.
        """
        state = self._state_in_call(member)
        assert state.channel is not None
        self._change(replace(state, self_video=True))
        try:
            async with self._voice.call(state.channel.id).camera(member.id):
                yield
        finally:
            now = self._store.voice_state(member)
            if now is not None and now.channel is not None:
                self._change(replace(now, self_video=False))

    def _state_in_call(self, member: Member) -> VoiceState:
        state = self._store.voice_state(member)
        if state is None or state.channel is None:
            raise NotAllowed(f"{member.name} is in no voice channel")
        return state

    def _change(self, state: VoiceState) -> None:
        """A state that stays in its channel, and what the voice server makes of it."""
        self._store.apply(VoiceStateChanged(state))
        self._moderate_call(state)

    def _moderate_call(self, state: VoiceState) -> None:
        assert state.channel is not None
        audience, member = self._voice.call(state.channel.id).audience, state.member
        _set(audience.deafened, member.id, member.deaf)
        _set(audience.silenced, member.id, member.mute or state.suppress)

    async def _connect_bot(self, state: VoiceState) -> None:
        guild, channel, before = state.member.guild, state.channel, self._store.voice_state(state.member)
        assert channel is not None
        self._enter(state)
        if before is not None and (before.channel, before.session_id) != (channel, state.session_id):
            await self._close_voice(guild)
        token = self._voice.expect(
            guild_id=guild.id, channel_id=channel.id, user_id=state.member.id, session_id=state.session_id
        )
        self._store.apply(VoiceServerAssigned(guild, token, self._voice.endpoint, state.session_id))

    def _token_of(self, state: VoiceState) -> str | None:
        """The voice token that the bot has for this place; None: none that is worth something."""
        expected = self._voice.expected(guild_id=state.member.guild.id, user_id=state.member.id)
        if expected is None or state.channel is None or expected.channel_id != state.channel.id:
            return None
        return expected.token if expected.session_id == state.session_id else None

    def _is_connected(self, channel: Channel) -> bool:
        sessions = self._voice.call(channel.id).sessions
        return any(each.user_id == channel.guild.bot.id and each.connection for each in sessions)

    async def _close_voice(self, guild: Guild) -> None:
        await self._voice.disconnect(guild_id=guild.id, user_id=guild.bot.id, code=DISCONNECTED)

    def _enter(self, state: VoiceState) -> None:
        before = self._store.voice_state(state.member)
        self._change(state)
        if before is not None and before.channel is not state.channel:
            self._reset_status(before.channel)

    def _leave(self, before: VoiceState) -> None:
        after = replace(before, channel=None, suppress=False, requested_to_speak=None)
        self._store.apply(VoiceStateChanged(after))
        self._reset_status(before.channel)

    def _reset_status(self, channel: Channel | None) -> None:
        """Discord takes the status off a channel that the last one has left."""
        if channel is not None and channel.status is not None and not self._store.occupants(channel):
            self._store.apply(VoiceStatusSet(channel, None))

    def _lets_in(self, channel: Channel, member: Member) -> bool:
        if not channel.is_voice or not member.may(channel, Permission.view_channel | Permission.connect):
            return False
        present = self._store.voice_state(member)
        if present is not None and present.channel is channel:
            return True
        full = channel.user_limit and len(self._store.occupants(channel)) >= channel.user_limit
        may_squeeze_in = Permission.move_members | Permission.manage_channels
        return not full or bool(member.permissions_in(channel) & may_squeeze_in)


def _is_suppressed(channel: Channel, member: Member) -> bool:
    """Whether whoever enters a channel may not speak there.

    The voice state's "suppress" is "whether this user's permission to speak is denied"
    (https://discord.com/developers/docs/resources/voice#voice-state-object).
    """
    is_afk = channel.id == channel.guild.afk_channel_id
    return channel.kind == STAGE or is_afk or not member.may(channel, Permission.speak)


def _set(members: set[int], member: int, is_in: bool) -> None:
    (members.add if is_in else members.discard)(member)
