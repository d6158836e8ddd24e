"""Makes guilds, and what belongs to one from the start."""

from __future__ import annotations

from sandbox.state.changes.guild_changes import (
    AfkChannelChosen,
    ChannelCreated,
    ChannelDeleted,
    GuildJoined,
    GuildLeft,
    MemberJoined,
    MemberRolesChanged,
    RoleCreated,
    RoleDeleted,
)
from sandbox.state.channel import Channel
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.permissions import HUMAN, INVITED_BOT, NONE, Permission
from sandbox.state.role import Role
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store
from sandbox.state.user import User


class GuildService:
    """Makes guilds, channels, members and roles."""

    def __init__(self, store: Store, ids: Snowflakes, bot: User) -> None:
        self._store = store
        self._ids = ids
        self._bot = bot

    def add_guild(self, name: str) -> Guild:
        """A guild to which the bot has just been invited.

        @everyone may nothing; the humans' role and the bot's own role grant what they have. So what the
        bot may is exactly what its role says.
        """
        ids, bot = self._ids, self._bot
        owner = User(ids(), f"{name} owner")
        humans = Role(ids(), "Members", HUMAN, position=1)
        for_bot = Role(ids(), bot.name, INVITED_BOT, position=2, bot_id=bot.id)
        guild = Guild(ids(), name, owner.id, bot, humans, for_bot, self._store.changes)
        everyone = Role(guild.id, "@everyone", NONE)
        guild.roles = {role.id: role for role in (everyone, humans, for_bot)}
        members = Member(guild, owner, [humans]), Member(guild, bot, [for_bot])
        self._store.apply(GuildJoined(guild, members))
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int, user_limit: int = 0) -> Channel:
        """A new channel at the end of the list; `kind` is Discord's channel type."""
        position = len(self._store.channels_of(guild))
        channel = Channel(guild, self._ids(), name, kind, position, user_limit)
        self._store.apply(ChannelCreated(channel))
        return channel

    def add_member(self, guild: Guild, who: str | User) -> Member:
        """A human joins, with a new account or with one that exists.

        Raises:
            ValueError: the account is a member already.
        """
        user = User(self._ids(), who) if isinstance(who, str) else who
        if user.id in self._store.members_of(guild):
            raise ValueError(f"{user.name} is a member of {guild.name!r} already")
        member = Member(guild, user, [guild.human_role])
        self._store.apply(MemberJoined(member))
        return member

    def add_role(self, guild: Guild, name: str, permissions: Permission) -> Role:
        """A new role."""
        role = Role(self._ids(), name, permissions, position=len(guild.roles))
        self._store.apply(RoleCreated(guild, role))
        return role

    def delete_role(self, guild: Guild, role: Role) -> None:
        """A role disappears."""
        self._store.apply(RoleDeleted(guild, role))

    def set_roles(self, member: Member, roles: list[Role]) -> None:
        """A member has exactly these roles from now on."""
        self._store.apply(MemberRolesChanged(member, roles))

    def choose_afk_channel(self, guild: Guild, channel: Channel | None) -> None:
        """A voice channel becomes that for whoever is away."""
        self._store.apply(AfkChannelChosen(guild, channel))

    def delete_channel(self, channel: Channel) -> None:
        """A channel disappears."""
        self._store.apply(ChannelDeleted(channel))

    def remove_bot(self, guild: Guild) -> None:
        """The bot is thrown out of a guild."""
        self._store.apply(GuildLeft(guild))
