"""Messages written, edited and deleted, by the bot and by humans."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Final

from sandbox.forms import mentions
from sandbox.forms.message_form import MAX_CONTENT, MessageForm, Upload, snowflake
from sandbox.state.addresses import Addresses
from sandbox.state.changes.message_changes import (
    LinkPreviewed,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesDeleted,
    PinChanged,
    ReactionChanged,
    TypingStarted,
)
from sandbox.state.channel import Channel
from sandbox.state.command import SLASH
from sandbox.state.errors import (
    ApiError,
    NotAllowed,
    invalid_form,
    missing_access,
    missing_permissions,
    not_the_author,
    unknown,
)
from sandbox.state.interaction import COMMAND, Interaction
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import (
    CHAT_INPUT_COMMAND,
    CONTEXT_MENU_COMMAND,
    DEFAULT,
    EPHEMERAL,
    HAS_SNAPSHOT,
    PINNED,
    REPLY,
    Message,
)
from sandbox.state.message_parts import Attachment, Mentions, MessageBody
from sandbox.state.permissions import Permission
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store

_TO_SEE: Final = Permission.view_channel
_TO_WRITE: Final = _TO_SEE | Permission.send_messages
_TO_PIN: Final = _TO_SEE | Permission.read_message_history | Permission.pin_messages
MAX_PINS: Final = 250
"""Pins of one channel: https://discord.com/developers/docs/resources/message#pin-message"""
NONCE_SECONDS: Final = 180.0
"""For how long an enforced nonce is remembered. Discord's word for it is "the past few minutes"."""


class MessageService:
    """Puts messages into channels, after checking what Discord checks."""

    def __init__(self, store: Store, ids: Snowflakes, addresses: Addresses) -> None:
        self._store = store
        self._ids = ids
        self._addresses = addresses

    def by_bot(self, channel: Channel, form: MessageForm) -> Message:
        """The bot sends a message.

        Raises:
            ApiError: Discord would refuse it.
        """
        me = self.bot_in(channel)
        require(me, channel, _TO_WRITE)
        body = self.body(form)
        if body.flags & EPHEMERAL:
            raise invalid_form(("flags", "MESSAGE_FLAGS_INVALID", "Only answers to interactions are ephemeral"))
        if body.embeds:
            require(me, channel, Permission.embed_links)
        if body.attachments:
            require(me, channel, Permission.attach_files)
        again = self._already_sent(channel, form)
        if again is not None:
            return again
        if form.forwards:
            message = self._forwarded(me, channel, body, self._original(form))
        else:
            message = self._compose(me, channel, body, self._reference(channel, form))
        message.nonce = form.nonce
        self._store.apply(MessagePosted(message))
        return message

    def answer(self, interaction: Interaction, body: MessageBody, reply_to: Message | None = None) -> Message:
        """The bot answers an interaction: a message that only the asker sees if it is ephemeral."""
        me = self.bot_in(interaction.channel)
        message = self._compose(me, interaction.channel, body, reply_to or interaction.source)
        if interaction.kind == COMMAND and reply_to is None:
            message.kind = CHAT_INPUT_COMMAND if interaction.data["type"] == SLASH else CONTEXT_MENU_COMMAND
        message.interaction = interaction.metadata()
        if not message.ephemeral:
            self._store.apply(MessagePosted(message))
        return message

    def edit_by_bot(self, message: Message, form: MessageForm) -> Message:
        """The bot edits a message of its own.

        Raises:
            ApiError: Discord would refuse it.
        """
        require(self.bot_in(message.channel), message.channel, _TO_SEE)
        if message.author is not message.channel.guild.bot:
            raise not_the_author()
        return self.replace(message, form)

    def replace(self, message: Message, form: MessageForm) -> Message:
        """Change a message as a form says, whoever may."""
        self._edit(self.bot_in(message.channel), message, self.body(form, message.body))
        return message

    def delete_by_bot(self, message: Message) -> None:
        """The bot deletes a message of its own, or another's where it manages messages.

        Raises:
            ApiError: Discord would refuse it.
        """
        me = self.bot_in(message.channel)
        require(me, message.channel, _TO_SEE)
        if message.author is not me.user:
            require(me, message.channel, Permission.manage_messages)
        self._store.apply(MessageDeleted(message))

    def pin_by_bot(self, message: Message, pinned: bool) -> None:
        """The bot pins a message, or takes the pin away.

        Raises:
            ApiError: Discord would refuse it.
        """
        me = self.bot_in(message.channel)
        require(me, message.channel, _TO_PIN)
        if pinned and message.pinned_at is None and len(self._store.pins_in(message.channel)) >= MAX_PINS:
            raise ApiError(400, 30003, f"Maximum number of pins reached ({MAX_PINS})")
        self._pin(me, message, pinned)

    def pin_by_human(self, member: Member, message: Message, pinned: bool) -> None:
        """A human pins a message, or takes the pin away.

        Raises:
            NotAllowed: the human may not, or the message is gone.
        """
        if message.deleted or not member.may(message.channel, _TO_PIN):
            raise NotAllowed(f"{member.name} cannot pin {message!r}")
        self._pin(member, message, pinned)

    def by_human(
        self,
        member: Member,
        channel: Channel,
        body: MessageBody,
        reply_to: Message | None = None,
        *,
        pings: bool = True,
    ) -> Message:
        """A human writes; without `pings`, whoever they reply to is not mentioned.

        Raises:
            NotAllowed: the human may not write in the channel.
            ValueError: no client would let the message through.
        """
        body = dataclasses.replace(body, content=body.content.strip())
        if len(body.content) > MAX_CONTENT or not (body.content or body.attachments or body.stickers or body.poll):
            raise ValueError(f"a message has 1 to {MAX_CONTENT} characters, this one {len(body.content)}")
        if not pings:
            body.allowed_mentions = {"parse": ["users", "roles", "everyone"], "replied_user": False}
        return self._post_by_human(member, channel, body, reply_to)

    def forward(self, member: Member, channel: Channel, original: Message) -> Message:
        """A human forwards a message; a comment on it is a message of its own.

        Raises:
            NotAllowed: the human may not write in the channel.
        """
        return self._post_by_human(member, channel, self._forwarded(member, channel, MessageBody(), original))

    def by_system(self, member: Member, channel: Channel, kind: int, about: Message | None = None) -> Message:
        """Discord itself writes of something that a member did; `kind` is the message type."""
        message = self._compose(member, channel, MessageBody(), None)
        message.kind, message.reference = kind, about
        self._store.apply(MessagePosted(message))
        return message

    def purge(self, channel: Channel, messages: Sequence[Message]) -> None:
        """Another bot, or the ban of a member, deletes many messages at once."""
        self._store.apply(MessagesDeleted(channel, list(messages)))

    def preview_link(self, message: Message, embed: Json) -> None:
        """Discord shows what is behind a link in a message."""
        self._store.apply(LinkPreviewed(message, embed))

    def edit_by_human(self, member: Member, message: Message, content: str) -> None:
        """A human changes a message of their own.

        Raises:
            NotAllowed: it is someone else's, or gone.
        """
        if message.author is not member.user or message.deleted:
            raise NotAllowed(f"{member.name} can edit only their own messages")
        self._edit(member, message, dataclasses.replace(message.body, content=content))

    def delete_by_human(self, member: Member, message: Message) -> None:
        """A human deletes a message.

        Raises:
            NotAllowed: it is someone else's and the human does not manage messages, or it is gone.
        """
        own = message.author is member.user
        if message.deleted or not (own or member.may(message.channel, Permission.manage_messages)):
            raise NotAllowed(f"{member.name} cannot delete {message!r}")
        self._store.apply(MessageDeleted(message))

    def file(self, name: str, data: bytes, description: str | None = None) -> Attachment:
        """A file that a human attaches."""
        (attachment,) = self.body(MessageForm({}, {0: Upload(name, data)})).attachments
        attachment = dataclasses.replace(attachment, description=description)
        self._store.uploads[attachment.id] = attachment
        return attachment

    def react(self, member: Member, message: Message, emoji: str, *, added: bool) -> None:
        """A human reacts to a message, or takes that back.

        Raises:
            NotAllowed: the human may not, or the message is gone.
        """
        there = next((each for each in message.reactions if each.emoji == emoji), None)
        needed = _TO_SEE | Permission.read_message_history
        if added and there is None:
            needed |= Permission.add_reactions
        if message.deleted or not member.may(message.channel, needed):
            raise NotAllowed(f"{member.name} cannot react to {message!r}")
        if added != (there is not None and member.id in there.user_ids):
            self._store.apply(ReactionChanged(message, member, emoji, added))

    def typing(self, member: Member, channel: Channel) -> None:
        """Someone begins to type."""
        self._store.apply(TypingStarted(channel, member, asyncio.get_running_loop().time()))

    def body(self, form: MessageForm, before: MessageBody | None = None) -> MessageBody:
        """What a form says, checked: a new body, or `before` with what the form changes.

        Raises:
            ApiError: 50035 or 50006.
        """
        return form.body(self._ids, self._addresses.attachments_url, before)

    def bot_in(self, channel: Channel) -> Member:
        """The bot's member in a channel's guild.

        Raises:
            ApiError: 10003, the channel or the bot is gone.
        """
        me = self._store.bot_member(channel.guild)
        if me is None or channel.deleted:
            raise unknown("Channel")
        return me

    def _compose(self, author: Member, channel: Channel, body: MessageBody, reply_to: Message | None) -> Message:
        named = self._mentions(author, channel, body, reply_to)
        return Message(
            id=self._ids(),
            channel=channel,
            author=author.user,
            body=body,
            mentions=named,
            pinged=named,
            kind=REPLY if reply_to else DEFAULT,
            reference=reply_to,
            time=asyncio.get_running_loop().time(),
        )

    def _forwarded(self, author: Member, channel: Channel, body: MessageBody, original: Message) -> Message:
        body = dataclasses.replace(body, flags=body.flags | HAS_SNAPSHOT)
        message = self._compose(author, channel, body, None)
        message.reference, message.snapshots = original, original.snapshots or [original.snapshot()]
        return message

    def _original(self, form: MessageForm) -> Message:
        """The message that the bot forwards."""
        reference: Json = form.fields["message_reference"]
        if reference.get("channel_id") is None:
            raise invalid_form(("message_reference.channel_id", "BASE_TYPE_REQUIRED", "This field is required"))
        there = self._store.channel(snowflake(reference["channel_id"], "message_reference.channel_id"))
        needed = Permission.view_channel | Permission.read_message_history
        if not self.bot_in(there).may(there, needed):
            raise ApiError(403, 160014, "You cannot forward a message whose content you cannot read")
        original = self._store.message(there, snowflake(reference.get("message_id"), "message_reference.message_id"))
        if original is None:
            raise invalid_form(("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
        return original

    def _post_by_human(
        self, member: Member, channel: Channel, what: MessageBody | Message, reply_to: Message | None = None
    ) -> Message:
        if channel.deleted or not member.may(channel, _TO_WRITE):
            raise NotAllowed(f"{member.name} may not write in #{channel.name}")
        message = what if isinstance(what, Message) else self._compose(member, channel, what, reply_to)
        self._store.apply(MessagePosted(message))
        return message

    def _edit(self, author: Member, message: Message, body: MessageBody) -> None:
        named = self._mentions(author, message.channel, body, message.reference)
        self._store.apply(MessageEdited(message, body, named))

    def _mentions(self, author: Member, channel: Channel, body: MessageBody, reply_to: Message | None) -> Mentions:
        members = self._store.members_of(channel.guild)
        return mentions.resolve(author, channel, body.content, body.allowed_mentions, reply_to, members=members)

    def _pin(self, member: Member, message: Message, pinned: bool) -> None:
        if pinned == (message.pinned_at is not None):
            return
        self._store.apply(PinChanged(message, pinned))
        if pinned:
            self.by_system(member, message.channel, PINNED, message)

    def _already_sent(self, channel: Channel, form: MessageForm) -> Message | None:
        if not form.fields.get("enforce_nonce") or form.nonce is None:
            return None
        since = asyncio.get_running_loop().time() - NONCE_SECONDS
        there = self._store.messages_in(channel)
        mine = (each for each in there if each.author is channel.guild.bot and each.time >= since)
        return next((each for each in mine if each.nonce == form.nonce), None)

    def _reference(self, channel: Channel, form: MessageForm) -> Message | None:
        reference: Json | None = form.fields.get("message_reference")
        if reference is None:
            return None
        if not self.bot_in(channel).may(channel, Permission.read_message_history):
            raise ApiError(403, 160002, "Cannot reply without permission to read message history")
        message = self._store.message(channel, snowflake(reference.get("message_id"), "message_reference.message_id"))
        if message is None and reference.get("fail_if_not_exists", True):
            problem = ("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise invalid_form(problem)
        return message


def require(member: Member, channel: Channel, needed: Permission) -> None:
    """Let a member go on who has all of these permissions in a channel.

    Raises:
        ApiError: 50001, the channel can't be seen; 50013, this may not be done there.
    """
    held = member.permissions_in(channel)
    out_of_call = channel.is_voice and not held & Permission.connect
    if not held & Permission.view_channel or out_of_call:
        raise missing_access()
    if held & needed != needed:
        raise missing_permissions()
