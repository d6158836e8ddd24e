"""Members: a user in one guild. What a human member does there is `sandbox.actions.member_actor`'s."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state.channel import Channel
from sandbox.state.guild import Guild
from sandbox.state.json_types import Json, now, timestamp
from sandbox.state.permissions import ALL, Permission, in_channel
from sandbox.state.role import Role
from sandbox.state.user import User


@dataclass(eq=False, repr=False)
class Member:
    """A user in a guild."""

    guild: Guild
    """The guild."""
    user: User
    """The account."""
    roles: list[Role] = field(default_factory=list)
    """The roles, without @everyone."""
    nick: str | None = None
    """The name in this guild, where it differs."""
    joined_at: datetime = field(default_factory=now)
    """Since when."""
    mute: bool = False
    """Whether a moderator has muted the member, in every voice channel."""
    deaf: bool = False
    """Whether a moderator has deafened the member."""

    def __repr__(self) -> str:
        return f"<Member {self.name!r} of {self.guild.name!r}>"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name shown in this guild."""
        return self.nick or self.user.name

    def permissions(self) -> Permission:
        """What the member's roles grant in the whole guild."""
        if self.id == self.guild.owner_id:
            return ALL
        flags = self.guild.everyone.permissions
        for role in self.roles:
            flags |= role.permissions
        return ALL if flags & Permission.administrator else flags

    def permissions_in(self, channel: Channel) -> Permission:
        """What the member may do in a channel."""
        return in_channel(
            self.permissions(),
            channel.overwrites.values(),
            everyone_id=self.guild.id,
            role_ids=[role.id for role in self.roles],
            user_id=self.id,
            is_voice=channel.is_voice,
        )

    def may(self, channel: Channel, needed: Permission) -> bool:
        """Whether the member has all of these permissions in a channel."""
        return self.permissions_in(channel) & needed == needed

    def to_json(self, *, with_user: bool = True) -> Json:
        """The guild member object; inside messages Discord leaves out the user."""
        data: Json = {
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "collectibles": None,
            "communication_disabled_until": None,
            "deaf": self.deaf,
            "flags": 0,
            "joined_at": timestamp(self.joined_at),
            "mute": self.mute,
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role.id) for role in self.roles],
        }
        if with_user:
            data["user"] = self.user.to_json()
        return data
