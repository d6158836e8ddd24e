"""Messages, with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sandbox.state.channel import Channel
from sandbox.state.json_types import Json, now, timestamp
from sandbox.state.message_parts import Attachment, Mentions, MessageBody, Reaction
from sandbox.state.user import User

DEFAULT: Final = 0
PINNED: Final = 6
"""The message type by which Discord says that somebody pinned a message."""
REPLY: Final = 19
CHAT_INPUT_COMMAND: Final = 20
CONTEXT_MENU_COMMAND: Final = 23

SUPPRESS_NOTIFICATIONS: Final = 1 << 12
VOICE_MESSAGE: Final = 1 << 13
HAS_SNAPSHOT: Final = 1 << 14
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
"""The flag of a deferred answer whose text has not come."""


@dataclass(eq=False, repr=False)
class Message:
    """A message in a channel."""

    id: int
    """The message's id."""
    channel: Channel
    """Where it is."""
    author: User
    """Who wrote it."""
    body: MessageBody
    """What it says."""
    mentions: Mentions
    """Whom it names, as far as allowed_mentions lets it."""
    pinged: Mentions
    """Whom it really pinged: those whom it named when it was posted. Edits ping nobody."""
    time: float
    """When it was posted, in seconds of the event loop's clock."""
    kind: int = DEFAULT
    """Discord's message type: 0 default (a forward too), 19 reply, 20 slash command, others are the system's."""
    nonce: str | int | None = None
    """What the sender gave to recognise it."""
    reference: Message | None = None
    """The message to which it replies, or which it forwards."""
    snapshots: list[Json] = field(default_factory=list)
    """What it forwards, as that was then."""
    interaction: Json | None = None
    """The metadata of the interaction that it answers."""
    edited_at: datetime | None = None
    """When it was last edited."""
    pinned_at: datetime | None = None
    """When it was pinned; None: it is not."""
    deleted: bool = False
    """Whether it is gone."""
    reactions: list[Reaction] = field(default_factory=list)
    """The reactions, oldest emoji first."""
    created_at: datetime = field(default_factory=now)
    """When it was posted."""

    def __repr__(self) -> str:
        state = " deleted" if self.deleted else " edited" if self.edited else ""
        return f"<Message by {self.author.name}{state}: {self.content!r}, {len(self.embeds)} embeds>"

    @property
    def content(self) -> str:
        """The text."""
        return self.body.content

    @property
    def embeds(self) -> list[Json]:
        """The embeds."""
        return self.body.embeds

    @property
    def components(self) -> list[Json]:
        """The rows of buttons and menus."""
        return self.body.components

    @property
    def attachments(self) -> list[Attachment]:
        """The files."""
        return self.body.attachments

    @property
    def allowed_mentions(self) -> Json | None:
        """Who may be pinged, as it was sent."""
        return self.body.allowed_mentions

    @property
    def mentioned(self) -> list[User]:
        """Users who were really pinged by name."""
        return self.pinged.users

    @property
    def edited(self) -> bool:
        """Whether it was edited since it was posted."""
        return self.edited_at is not None

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees it."""
        return bool(self.body.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "thinking"."""
        return bool(self.body.flags & LOADING)

    @property
    def buttons(self) -> list[Json]:
        """All buttons, in order."""
        return [each for row in self.components for each in row.get("components", []) if each["type"] == 2]

    async def wait_for(self, accept: Callable[[Message], bool], timeout: float = 5.0) -> Message:
        """The message itself, as soon as `accept` accepts it (at once, or after an edit or its deletion).

        Raises:
            TimeoutError: it did not in `timeout` seconds; the message says what it was instead.
        """
        return await self.channel.guild.changes.wait_for(
            lambda: self if accept(self) else None, timeout, lambda: f"the message remained {self!r}"
        )

    @property
    def is_always_readable(self) -> bool:
        """Whether the bot reads it also without the message content intent: it wrote it, is mentioned, or is alone.

        https://discord.com/developers/docs/events/gateway#message-content-intent
        """
        bot = self.channel.guild.bot
        return self.author is bot or bot in self.mentions.users or self.channel.is_direct

    def snapshot(self) -> Json:
        """The message snapshot object of a forward; Discord leaves out who wrote it."""
        kept = ("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions")
        whole = self.to_json()
        message = {key: whole[key] for key in (*kept, "mention_roles", "components")}
        if self.body.stickers:
            message["sticker_items"] = self.body.stickers
        return {"message": message}

    def to_json(self, *, has_intent: bool = True, with_reference: bool = True) -> Json:
        """The message object; what Discord leaves out for a bot that lacks the message content intent is left out."""
        readable = has_intent or self.is_always_readable
        body = self.body if readable else MessageBody(flags=self.body.flags, stickers=self.body.stickers)
        me = self.channel.guild.bot.id
        data: Json = {
            "id": str(self.id),
            "type": self.kind,
            "channel_id": str(self.channel.id),
            "author": self.author.to_json(),
            "content": body.content,
            "timestamp": timestamp(self.created_at),
            "edited_timestamp": timestamp(self.edited_at) if self.edited_at else None,
            "tts": False,
            "mention_everyone": self.mentions.everyone,
            "mentions": [user.to_json() for user in self.mentions.users],
            "mention_roles": [str(role.id) for role in self.mentions.roles],
            "attachments": [attachment.to_json() for attachment in body.attachments],
            "embeds": body.embeds,
            "components": body.components,
            "flags": body.flags,
            "pinned": self.pinned_at is not None,
        }
        if body.stickers:
            data["sticker_items"] = body.stickers
        if body.poll is not None:
            data["poll"] = body.poll
        if self.nonce is not None:
            data["nonce"] = self.nonce
        if self.reactions:
            data["reactions"] = [self._reaction_json(reaction, me) for reaction in self.reactions]
        if self.interaction is not None:
            data["interaction_metadata"] = self.interaction
            data["application_id"] = data["webhook_id"] = str(me)
        if self.reference is not None:
            data["message_reference"] = {
                "type": int(bool(self.snapshots)),
                "message_id": str(self.reference.id),
                "channel_id": str(self.reference.channel.id),
            }
            if not self.reference.channel.is_direct:
                data["message_reference"]["guild_id"] = str(self.reference.channel.guild.id)
        if self.snapshots:
            data["message_snapshots"] = self.snapshots if readable else [_unreadable(each) for each in self.snapshots]
        elif self.reference is not None and self.kind == REPLY and with_reference:
            original = self.reference
            data["referenced_message"] = (
                None if original.deleted else original.to_json(has_intent=has_intent, with_reference=False)
            )
        return data

    @staticmethod
    def _reaction_json(reaction: Reaction, me: int) -> Json:
        return {
            "emoji": reaction.emoji_json(),
            "count": len(reaction.user_ids),
            "count_details": {"burst": 0, "normal": len(reaction.user_ids)},
            "burst_colors": [],
            "me_burst": False,
            "burst_me": False,
            "me": me in reaction.user_ids,
            "burst_count": 0,
        }


def _unreadable(snapshot: Json) -> Json:
    return {"message": snapshot["message"] | {"content": "", "embeds": [], "attachments": [], "components": []}}
