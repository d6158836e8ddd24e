"""What happens to guilds, their channels, roles and members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.state.changes.guild_create import guild_created
from sandbox.state.channel import Channel
from sandbox.state.event import Event
from sandbox.state.guild import Guild
from sandbox.state.intents import NO_INTENT, Intent
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.permissions import Overwrite, Permission
from sandbox.state.role import Role
from sandbox.state.store import Store


@dataclass(frozen=True)
class GuildJoined:
    """The bot is invited to a guild."""

    guild: Guild
    """The guild."""
    members: tuple[Member, ...]
    """Who is in it from the start, the bot included."""

    def apply(self, store: Store) -> None:
        """Put it into the store."""
        store.members_of(self.guild).update((member.id, member) for member in self.members)
        store.guilds[self.guild.id] = self.guild

    def event(self, store: Store) -> Event:
        """GUILD_CREATE."""
        return guild_created(store, self.guild, new=True)


@dataclass(frozen=True)
class AfkChannelChosen:
    """The guild gets another AFK channel, or none."""

    guild: Guild
    """The guild."""
    channel: Channel | None
    """The channel."""

    def apply(self, _store: Store) -> None:
        """Write it."""
        self.guild.afk_channel_id = self.channel.id if self.channel is not None else None

    def event(self, _store: Store) -> Event:
        """GUILD_UPDATE."""
        data = self.guild.to_json()
        return Event("GUILD_UPDATE", lambda _: data, self.guild.id, Intent.GUILDS)


@dataclass(frozen=True)
class GuildLeft:
    """The bot is removed from a guild."""

    guild: Guild
    """The guild."""

    def apply(self, store: Store) -> None:
        """Take out the bot's member and its role; to the bot the guild is unknown from now on."""
        guild = self.guild
        store.members_of(guild).pop(guild.bot.id, None)
        guild.roles.pop(guild.bot_role.id)
        store.guilds.pop(guild.id, None)

    def event(self, _store: Store) -> Event:
        """GUILD_DELETE."""
        data = {"id": str(self.guild.id)}
        return Event("GUILD_DELETE", lambda _: data, self.guild.id, Intent.GUILDS)


@dataclass(frozen=True)
class ChannelCreated:
    """A channel is made."""

    channel: Channel
    """The channel."""

    def apply(self, store: Store) -> None:
        """Put it into the guild."""
        store.channels_of(self.channel.guild)[self.channel.id] = self.channel

    def event(self, _store: Store) -> Event:
        """CHANNEL_CREATE."""
        return _about_channel("CREATE", self.channel)


@dataclass(frozen=True)
class ChannelDeleted:
    """A channel is deleted."""

    channel: Channel
    """The channel."""

    def apply(self, store: Store) -> None:
        """Take it out of the guild."""
        self.channel.deleted = True
        del store.channels_of(self.channel.guild)[self.channel.id]

    def event(self, _store: Store) -> Event:
        """CHANNEL_DELETE."""
        return _about_channel("DELETE", self.channel)


@dataclass(frozen=True)
class ChannelPermissionsChanged:
    """A channel's permissions for somebody change."""

    channel: Channel
    """The channel."""
    overwrite: Overwrite
    """What it changes from now on."""

    def apply(self, _store: Store) -> None:
        """Replace the overwrite of the same target."""
        self.channel.overwrites[self.overwrite.target_id] = self.overwrite

    def event(self, _store: Store) -> Event:
        """CHANNEL_UPDATE."""
        return _about_channel("UPDATE", self.channel)


@dataclass(frozen=True)
class RoleCreated:
    """A role is made."""

    guild: Guild
    """The guild."""
    role: Role
    """The role."""

    def apply(self, _store: Store) -> None:
        """Put it into the guild."""
        self.guild.roles[self.role.id] = self.role

    def event(self, _store: Store) -> Event:
        """GUILD_ROLE_CREATE."""
        return _about_role("CREATE", self.guild, self.role)


@dataclass(frozen=True)
class RolePermissionsChanged:
    """A role's permissions change."""

    guild: Guild
    """The guild."""
    role: Role
    """The role."""
    permissions: Permission
    """What it grants from now on."""

    def apply(self, _store: Store) -> None:
        """Write them."""
        self.role.permissions = self.permissions

    def event(self, _store: Store) -> Event:
        """GUILD_ROLE_UPDATE."""
        return _about_role("UPDATE", self.guild, self.role)


@dataclass(frozen=True)
class RoleDeleted:
    """A role is deleted."""

    guild: Guild
    """The guild."""
    role: Role
    """The role."""

    def apply(self, store: Store) -> None:
        """Take it from the guild and from all who have it."""
        del self.guild.roles[self.role.id]
        for member in store.members_of(self.guild).values():
            member.roles = [role for role in member.roles if role is not self.role]

    def event(self, _store: Store) -> Event:
        """GUILD_ROLE_DELETE."""
        data = {"guild_id": str(self.guild.id), "role_id": str(self.role.id)}
        return Event("GUILD_ROLE_DELETE", lambda _: data, self.guild.id, Intent.GUILDS)


@dataclass(frozen=True)
class MemberRolesChanged:
    """A member gets other roles."""

    member: Member
    """The member."""
    roles: list[Role]
    """Those from now on, without @everyone."""

    def apply(self, _store: Store) -> None:
        """Replace them."""
        self.member.roles = self.roles

    def event(self, _store: Store) -> Event:
        """GUILD_MEMBER_UPDATE, which a bot gets of itself without an intent.

        https://discord.com/developers/docs/events/gateway#list-of-intents
        """
        guild = self.member.guild
        data = self.member.to_json() | {"guild_id": str(guild.id)}
        needed = NO_INTENT if self.member.user is guild.bot else Intent.GUILD_MEMBERS
        return Event("GUILD_MEMBER_UPDATE", lambda _: data, guild.id, needed)


@dataclass(frozen=True)
class MemberJoined:
    """A user joins a guild."""

    member: Member
    """The new member."""

    def apply(self, store: Store) -> None:
        """Put the member into the guild."""
        store.users[self.member.id] = self.member.user
        store.members_of(self.member.guild)[self.member.id] = self.member

    def event(self, _store: Store) -> Event:
        """GUILD_MEMBER_ADD."""
        data = self.member.to_json() | {"guild_id": str(self.member.guild.id)}
        return Event("GUILD_MEMBER_ADD", lambda _: data, self.member.guild.id, Intent.GUILD_MEMBERS)


def _about_channel(verb: Literal["CREATE", "UPDATE", "DELETE"], channel: Channel) -> Event:
    data: Json = channel.to_json()
    return Event(f"CHANNEL_{verb}", lambda _: data, channel.guild.id, Intent.GUILDS)


def _about_role(verb: Literal["CREATE", "UPDATE"], guild: Guild, role: Role) -> Event:
    data: Json = {"guild_id": str(guild.id), "role": role.to_json()}
    return Event(f"GUILD_ROLE_{verb}", lambda _: data, guild.id, Intent.GUILDS)
