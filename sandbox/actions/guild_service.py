"""The founder: makes guilds, and what belongs to one from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.state.changes.guild_changes import (
    ChannelCreated,
    ChannelDeleted,
    GuildJoined,
    GuildLeft,
    MemberJoined,
    RoleCreated,
)
from sandbox.state.channel import Channel
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.permissions import HUMAN, INVITED_BOT, NONE, Permission
from sandbox.state.role import Role
from sandbox.state.user import User

if TYPE_CHECKING:
    from sandbox.actions.backend import World


class GuildService:
    """Makes guilds, channels, members and roles."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_guild(self, name: str) -> Guild:
        """A guild to which the bot has just been invited.

        @everyone may nothing; the humans' role and the bot's own role grant what they have. So what the
        bot may is exactly what its role says.
        """
        world = self._world
        owner = User(world.ids(), f"{name} owner")
        humans = Role(world.ids(), "Members", HUMAN, position=1)
        for_bot = Role(world.ids(), world.bot.name, INVITED_BOT, position=2, bot_id=world.bot.id)
        guild = Guild(world, world.ids(), name, owner.id, humans, for_bot)
        everyone = Role(guild.id, "@everyone", NONE)
        guild.roles = {role.id: role for role in (everyone, humans, for_bot)}
        guild.members = {
            owner.id: Member(guild, owner, [humans]),
            world.bot.id: Member(guild, world.bot, [for_bot]),
        }
        world.store.apply(GuildJoined(guild))
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int, user_limit: int = 0) -> Channel:
        """A new channel at the end of the list."""
        position = len(guild.channels)
        channel = Channel(guild, self._world.ids(), name, kind, position, user_limit)
        self._world.store.apply(ChannelCreated(channel))
        return channel

    def add_member(self, guild: Guild, who: str | User) -> Member:
        """A human joins, with a new account or with one that exists."""
        user = User(self._world.ids(), who) if isinstance(who, str) else who
        if user.id in guild.members:
            raise ValueError(f"{user.name} is a member of {guild.name!r} already")
        member = Member(guild, user, [guild.human_role])
        self._world.store.apply(MemberJoined(member))
        return member

    def add_role(self, guild: Guild, name: str, permissions: Permission) -> Role:
        """A new role."""
        role = Role(self._world.ids(), name, permissions, position=len(guild.roles))
        self._world.store.apply(RoleCreated(guild, role))
        return role

    def delete_channel(self, channel: Channel) -> None:
        """A channel disappears."""
        self._world.store.apply(ChannelDeleted(channel))

    def remove_bot(self, guild: Guild) -> None:
        """The bot is thrown out of a guild."""
        self._world.store.apply(GuildLeft(guild))
