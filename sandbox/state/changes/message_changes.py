"""What happens to messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sandbox.state.channel import Channel, Typing
from sandbox.state.event import Event
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json, now, timestamp
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.message_parts import Mentions, MessageBody, Reaction
from sandbox.state.store import Store

_DIRECT: Final[Mapping[Intent, Intent]] = {
    Intent.GUILDS: Intent.DIRECT_MESSAGES,  # CHANNEL_PINS_UPDATE
    Intent.GUILD_MESSAGES: Intent.DIRECT_MESSAGES,
    Intent.GUILD_MESSAGE_REACTIONS: Intent.DIRECT_MESSAGE_REACTIONS,
    Intent.GUILD_MESSAGE_TYPING: Intent.DIRECT_MESSAGE_TYPING,
}
"""Which intent an event takes in direct messages, by that which it takes in a guild."""


@dataclass(frozen=True)
class MessagePosted:
    """A message appears in its channel."""

    message: Message
    """The message."""

    def apply(self, store: Store) -> None:
        """Put it at the channel's end."""
        store.messages_in(self.message.channel).append(self.message)
        self.message.channel.last_message_id = self.message.id

    def event(self, store: Store) -> Event:
        """MESSAGE_CREATE."""
        return _message_event("MESSAGE_CREATE", self.message, store)


@dataclass(frozen=True)
class MessageEdited:
    """A message gets another body."""

    message: Message
    """The message."""
    body: MessageBody
    """What it says from now on."""
    mentions: Mentions
    """Whom it names from now on."""

    def apply(self, _store: Store) -> None:
        """Replace the body. Filling in a deferred answer pings, and does not count as an edit."""
        message = self.message
        if message.loading:
            message.pinged = self.mentions
        else:
            message.edited_at = now()
        message.body = self.body
        message.mentions = self.mentions

    def event(self, store: Store) -> Event | None:
        """MESSAGE_UPDATE; nothing for an ephemeral message, which the gateway never mentions."""
        return None if self.message.ephemeral else _message_event("MESSAGE_UPDATE", self.message, store)


@dataclass(frozen=True)
class LinkPreviewed:
    """Discord has looked at a link in a message: it gets an embed, which does not count as an edit."""

    message: Message
    """The message."""
    embed: Json
    """What was found."""

    def apply(self, _store: Store) -> None:
        """Add the embed."""
        self.message.body = replace(self.message.body, embeds=[*self.message.embeds, self.embed])

    def event(self, store: Store) -> Event:
        """MESSAGE_UPDATE."""
        return _message_event("MESSAGE_UPDATE", self.message, store)


@dataclass(frozen=True)
class MessageDeleted:
    """A message disappears."""

    message: Message
    """The message."""

    def apply(self, store: Store) -> None:
        """Mark it; it stays in the list for the test to look at."""
        _mark_deleted(store, self.message.channel, [self.message])

    def event(self, _store: Store) -> Event | None:
        """MESSAGE_DELETE; nothing for an ephemeral message."""
        message = self.message
        if message.ephemeral:
            return None
        data = _place(message.channel) | {"id": str(message.id)}
        return _event("MESSAGE_DELETE", message.channel, data, Intent.GUILD_MESSAGES)


@dataclass(frozen=True)
class MessagesDeleted:
    """Many messages disappear at once."""

    channel: Channel
    """Their channel."""
    messages: list[Message]
    """The messages."""

    def apply(self, store: Store) -> None:
        """Mark them all."""
        _mark_deleted(store, self.channel, self.messages)

    def event(self, _store: Store) -> Event:
        """MESSAGE_DELETE_BULK."""
        data = _place(self.channel) | {"ids": [str(message.id) for message in self.messages]}
        return _event("MESSAGE_DELETE_BULK", self.channel, data, Intent.GUILD_MESSAGES)


@dataclass(frozen=True)
class PinChanged:
    """Someone pins a message to its channel, or takes the pin away."""

    message: Message
    """The message."""
    pinned: bool
    """Whether it is pinned from now on."""

    def apply(self, store: Store) -> None:
        """Note when, for the message and for its channel."""
        self.message.pinned_at = now() if self.pinned else None
        pins = store.pins_in(self.message.channel)
        self.message.channel.last_pin_at = pins[0].pinned_at if pins else None

    def event(self, _store: Store) -> Event:
        """CHANNEL_PINS_UPDATE."""
        channel = self.message.channel
        last = timestamp(channel.last_pin_at) if channel.last_pin_at else None
        return _event("CHANNEL_PINS_UPDATE", channel, _place(channel) | {"last_pin_timestamp": last}, Intent.GUILDS)


@dataclass(frozen=True)
class ReactionChanged:
    """Someone adds a reaction, or takes it away."""

    message: Message
    """The message."""
    member: Member
    """Who."""
    emoji: str
    """The emoji; a custom one as name:id."""
    added: bool = True
    """False: taken away."""

    def apply(self, _store: Store) -> None:
        """Count the member in or out."""
        reactions = self.message.reactions
        reaction = next((each for each in reactions if each.emoji == self.emoji), None)
        if reaction is None:
            reaction = Reaction(self.emoji)
            reactions.append(reaction)
        if self.added:
            reaction.user_ids.add(self.member.id)
        else:
            reaction.user_ids.discard(self.member.id)
        if not reaction.user_ids:
            reactions.remove(reaction)

    def event(self, _store: Store) -> Event:
        """MESSAGE_REACTION_ADD or MESSAGE_REACTION_REMOVE."""
        data = _place(self.message.channel) | {
            "user_id": str(self.member.id),
            "message_id": str(self.message.id),
            "emoji": Reaction(self.emoji).emoji_json(),
            "burst": False,
            "type": 0,
        }
        if self.added:
            data |= _member(self.message.channel, self.member)
            data["message_author_id"] = str(self.message.author.id)
        name = "MESSAGE_REACTION_ADD" if self.added else "MESSAGE_REACTION_REMOVE"
        return _event(name, self.message.channel, data, Intent.GUILD_MESSAGE_REACTIONS)


@dataclass(frozen=True)
class TypingStarted:
    """Someone begins to type."""

    channel: Channel
    """Where."""
    member: Member
    """Who."""
    time: float
    """When, in seconds of the event loop's clock."""

    def apply(self, _store: Store) -> None:
        """Remember the indicator."""
        self.channel.typing.append(Typing(self.time, self.member.id))

    def event(self, _store: Store) -> Event:
        """TYPING_START."""
        data = _place(self.channel) | {
            "user_id": str(self.member.id),
            "timestamp": int(now().timestamp()),
        }
        data |= _member(self.channel, self.member)
        return _event("TYPING_START", self.channel, data, Intent.GUILD_MESSAGE_TYPING)


def _mark_deleted(store: Store, channel: Channel, messages: Sequence[Message]) -> None:
    for message in messages:
        message.deleted = True
    left = (message.id for message in reversed(store.messages_in(channel)) if not message.deleted)
    channel.last_message_id = next(left, None)


def _place(channel: Channel) -> Json:
    place = {"channel_id": str(channel.id)}
    return place if channel.is_direct else place | {"guild_id": str(channel.guild.id)}


def _member(channel: Channel, member: Member) -> Json:
    return {} if channel.is_direct else {"member": member.to_json()}


def _event(name: str, channel: Channel, data: Json, needs: Intent) -> Event:
    return Event(name, lambda _: data, channel.event_guild_id, _DIRECT[needs] if channel.is_direct else needs, channel)


def _message_event(name: str, message: Message, store: Store) -> Event:
    channel = message.channel
    author = None if channel.is_direct else store.members_of(channel.guild).get(message.author.id)

    def data(intents: Intent) -> Json:
        has_intent = bool(intents & Intent.MESSAGE_CONTENT)
        result = message.to_json(has_intent=has_intent) | _place(channel)
        if author is not None:
            result["member"] = author.to_json(with_user=False)
        return result

    needs = Intent.DIRECT_MESSAGES if channel.is_direct else Intent.GUILD_MESSAGES
    return Event(name, data, channel.event_guild_id, needs, channel)
