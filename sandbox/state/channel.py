"""Channels: text, voice and stage. A voice channel has its own chat, and a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.state.permissions import Overwrite, Permission
from sandbox.state.user import User

if TYPE_CHECKING:
    from sandbox.state.guild import Guild
    from sandbox.state.member import Member
    from sandbox.state.role import Role
    from sandbox.voice import Call

TEXT = 0
VOICE = 2
STAGE = 13


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
    messages: list[Message] = field(default_factory=list)
    """All messages ever posted, oldest first; deleted ones stay here, marked."""
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

    @property
    def occupants(self) -> list[User]:
        """Who is in the voice channel, the bot included, in the order in which they came."""
        return [state.member.user for state in self.guild.voice_states.values() if state.channel is self]

    @property
    def call(self) -> Call:
        """What was heard in the channel."""
        return self.guild.world.voice.call(self.id)

    def allow(self, who: Member | User | Role, *names: str) -> None:
        """Grant permissions in this channel to a member, the bot or a role."""
        self.guild.world.rulebook.overwrite(self, who, allow=Permission.named(names))

    def deny(self, who: Member | User | Role, *names: str) -> None:
        """Take permissions in this channel from a member, the bot or a role."""
        self.guild.world.rulebook.overwrite(self, who, deny=Permission.named(names))

    def message(self, message_id: int) -> Message | None:
        """A message that is still there."""
        for message in self.messages:
            if message.id == message_id and not message.deleted:
                return message
        return None

    async def wait_for_message(
        self, accept: Callable[[Message], bool] = lambda _: True, timeout: float = 5.0
    ) -> Message:
        """The first message, already there or still to come, that `accept` accepts.

        Looks again whenever a message is edited. Raises TimeoutError, naming what was there instead.
        """

        def find() -> Message | None:
            return next((each for each in self.messages if not each.deleted and accept(each)), None)

        return await self.guild.world.store.wait_for(
            find, timeout, lambda: f"no such message in #{self.name}; there are {self.messages!r}"
        )

    def to_json(self, *, with_status: bool = False) -> Json:
        """The channel object; the gateway's GUILD_CREATE also carries the voice status."""
        last = next((message for message in reversed(self.messages) if not message.deleted), None)
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
            "last_message_id": str(last.id) if last else None,
            "permission_overwrites": [overwrite.to_json() for overwrite in self.overwrites.values()],
        }
        if self.is_voice:
            data |= {"bitrate": 64000, "user_limit": self.user_limit, "rtc_region": None}
            if with_status:
                data["status"] = self.status
        else:
            data |= {"topic": None, "last_pin_timestamp": None}
        return data
