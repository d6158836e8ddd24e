"""The one store: all that is so in this Discord. It is written only by applying a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from sandbox.state.change_signal import ChangeSignal
from sandbox.state.channel import Channel
from sandbox.state.command import Commands
from sandbox.state.errors import unknown
from sandbox.state.event import Event
from sandbox.state.guild import Guild
from sandbox.state.interaction import Interaction
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.message_parts import Attachment
from sandbox.state.user import User
from sandbox.state.voice_state import VoiceState


class Change(Protocol):
    """Something that happens: what it writes, and what the gateway says of it."""

    def apply(self, store: Store) -> None:
        """Write it."""

    def event(self, store: Store) -> Event | None:
        """What the bot hears of it, asked for once it is written; None: nothing."""


class Store:
    """Users, guilds with what is in them, commands, interactions and the bot's presence; and the way to change them."""

    def __init__(self) -> None:
        self.changes = ChangeSignal()
        """Wakes whoever waits for something to become so."""
        self.users: dict[int, User] = {}
        """All humans by id."""
        self.guilds: dict[int, Guild] = {}
        """The guilds that the bot is in, by id."""
        self.commands = Commands()
        """The commands that the bot has registered."""
        self.interactions: dict[str, Interaction] = {}
        """All interactions by token."""
        self.uploads: dict[int, Attachment] = {}
        """The files that humans have sent, by id; those of the bot are at its messages."""
        self.direct_channels: dict[int, Channel] = {}
        """The bot's direct messages with humans, by user id."""
        self.presence: Json = {}
        """What the bot last said about its presence."""
        self._members: dict[Guild, dict[int, Member]] = {}
        self._channels: dict[Guild, dict[int, Channel]] = {}
        self._voice_states: dict[Guild, dict[int, VoiceState]] = {}
        self._messages: dict[Channel, list[Message]] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._watchers: list[Callable[[Change], None]] = []

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Have every event told to `listener`, in the order in which things happen."""
        self._listeners.append(listener)

    def watch(self, watcher: Callable[[Change], None]) -> Callable[[], None]:
        """Have every change told to `watcher` once it is written, until what is returned is called."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def apply(self, change: Change) -> None:
        """Let something happen: write it, tell the gateway, wake whoever waited for it."""
        change.apply(self)
        event = change.event(self)
        if event is not None:
            for listener in self._listeners:
                listener(event)
        for watcher in list(self._watchers):
            watcher(change)
        self.changes.notify()

    def guild(self, guild_id: int) -> Guild:
        """A guild that exists.

        Raises:
            ApiError: 10004, there is none.
        """
        if guild := self.guilds.get(guild_id):
            return guild
        raise unknown("Guild")

    def channel(self, channel_id: int) -> Channel:
        """A channel that exists.

        Raises:
            ApiError: 10003, there is none.
        """
        for channel in self.channels():
            if channel.id == channel_id:
                return channel
        raise unknown("Channel")

    def channels(self) -> Iterator[Channel]:
        """All channels that exist, direct ones too."""
        for guild in self.guilds.values():
            yield from self.channels_of(guild).values()
        yield from self.direct_channels.values()

    def channels_of(self, guild: Guild) -> dict[int, Channel]:
        """A guild's channels by id."""
        return self._channels.setdefault(guild, {})

    def members_of(self, guild: Guild) -> dict[int, Member]:
        """A guild's members by user id, the bot included."""
        return self._members.setdefault(guild, {})

    def bot_member(self, guild: Guild) -> Member | None:
        """The bot in a guild; None where it has been removed."""
        return self.members_of(guild).get(guild.bot.id)

    def voice_states_of(self, guild: Guild) -> dict[int, VoiceState]:
        """Who is in voice in a guild, by user id, in the order in which they came."""
        return self._voice_states.setdefault(guild, {})

    def voice_state(self, member: Member) -> VoiceState | None:
        """Where a member is in voice; None: nowhere."""
        return self.voice_states_of(member.guild).get(member.id)

    def bot_voice_state(self, guild: Guild) -> VoiceState | None:
        """Where the bot is in voice; None: nowhere."""
        return self.voice_states_of(guild).get(guild.bot.id)

    def occupants(self, channel: Channel) -> list[User]:
        """Who is in a voice channel, the bot included, in the order in which they came."""
        return [state.member.user for state in self.voice_states_of(channel.guild).values() if state.channel is channel]

    def messages_in(self, channel: Channel) -> list[Message]:
        """All messages ever posted in a channel, oldest first; deleted ones stay here, marked."""
        return self._messages.setdefault(channel, [])

    def pins_in(self, channel: Channel) -> list[Message]:
        """The messages pinned to a channel, the newest pin first."""
        pinned = [(each.pinned_at, each) for each in self.messages_in(channel) if each.pinned_at and not each.deleted]
        return [message for _, message in sorted(pinned, key=lambda pair: pair[0], reverse=True)]

    def message(self, channel: Channel, message_id: int) -> Message | None:
        """A message that is still there."""
        for message in self.messages_in(channel):
            if message.id == message_id and not message.deleted:
                return message
        return None
