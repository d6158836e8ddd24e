"""Channels: text, voice, stage, direct messages. What is written is in the store; calls are the voice server's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sandbox.state.guild import Guild
from sandbox.state.json_types import Json, timestamp
from sandbox.state.permissions import Overwrite
from sandbox.state.user import User

TEXT: Final = 0
DIRECT: Final = 1
VOICE: Final = 2
STAGE: Final = 13


@dataclass(frozen=True)
class Typing:
    """One typing indicator."""

    time: float
    """When, in seconds of the event loop's clock."""
    user_id: int
    """Who."""


@dataclass(eq=False, repr=False)
class Channel:
    """A channel of a guild."""

    guild: Guild
    """The guild."""
    id: int
    """The channel's id."""
    name: str
    """Its name."""
    kind: int
    """Discord's channel type: 0 text, 1 direct messages, 2 voice, 13 stage."""
    position: int = 0
    """Its place in the list."""
    user_limit: int = 0
    """How many may be in the call; 0: no limit."""
    status: str | None = None
    """The voice channel's status text."""
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    """What the channel changes in permissions, by role or user id."""
    last_message_id: int | None = None
    """The newest message that is still there."""
    last_pin_at: datetime | None = None
    """When the newest of its pins was pinned."""
    typing: list[Typing] = field(default_factory=list)
    """All typing indicators, oldest first."""
    deleted: bool = False
    """Whether the channel is gone."""
    recipient: User | None = None
    """With whom the bot writes here, in direct messages; nobody else is there."""

    def __repr__(self) -> str:
        return f"<Channel {self.name!r}>"

    @property
    def is_voice(self) -> bool:
        """Whether one can be in the channel with a voice."""
        return self.kind in (VOICE, STAGE)

    @property
    def is_direct(self) -> bool:
        """Whether these are direct messages, which belong to no guild."""
        return self.recipient is not None

    @property
    def event_guild_id(self) -> int:
        """The guild whose shard hears of it. Of direct messages shard 0 does.

        https://discord.com/developers/docs/events/gateway#sharding
        """
        return 0 if self.is_direct else self.guild.id

    @property
    def interaction_context(self) -> int:
        """Discord's context of interactions here: 0 a guild, 1 direct messages with the bot."""
        return int(self.is_direct)

    @property
    def mention(self) -> str:
        """What links the channel in a message."""
        return f"<#{self.id}>"

    def to_json(self, *, with_status: bool = False) -> Json:
        """The channel object; the gateway's GUILD_CREATE also carries the voice status."""
        if self.recipient is not None:
            return {
                "id": str(self.id),
                "type": self.kind,
                "flags": 0,
                "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
                "recipients": [self.recipient.to_json()],
            }
        data: Json = {
            "id": str(self.id),
            "type": self.kind,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": self.position,
            "parent_id": None,
            "nsfw": False,
            "flags": 0,
            "rate_limit_per_user": 0,
            "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
            "permission_overwrites": [overwrite.to_json() for overwrite in self.overwrites.values()],
        }
        if self.is_voice:
            data |= {"bitrate": 64000, "user_limit": self.user_limit, "rtc_region": None}
            if with_status:
                data["status"] = self.status
        else:
            data |= {"topic": None, "last_pin_timestamp": timestamp(self.last_pin_at) if self.last_pin_at else None}
        return data
