"""Channels: text, voice and stage. What is written in them is in the store; their calls are the voice server's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sandbox.state.guild import Guild
from sandbox.state.json_types import Json, timestamp
from sandbox.state.permissions import Overwrite

TEXT: Final = 0
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
    """Discord's channel type: 0 text, 2 voice, 13 stage."""
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

    def __repr__(self) -> str:
        return f"<Channel {self.name!r}>"

    @property
    def is_voice(self) -> bool:
        """Whether one can be in the channel with a voice."""
        return self.kind in (VOICE, STAGE)

    @property
    def mention(self) -> str:
        """What links the channel in a message."""
        return f"<#{self.id}>"

    def to_json(self, *, with_status: bool = False) -> Json:
        """The channel object; the gateway's GUILD_CREATE also carries the voice status."""
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
