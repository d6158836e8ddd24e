"""The rulebook: changes of permissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sandbox.state.changes.guild_changes import ChannelPermissionsChanged, RolePermissionsChanged
from sandbox.state.channel import Channel
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.permissions import NONE, Overwrite, Permission
from sandbox.state.role import Role
from sandbox.state.user import User

if TYPE_CHECKING:
    from sandbox.actions.backend import World


class PermissionService:
    """Changes what members, roles and the bot may do."""

    def __init__(self, world: World) -> None:
        self._world = world

    def overwrite(
        self,
        channel: Channel,
        who: Member | User | Role,
        *,
        allow: Permission = NONE,
        deny: Permission = NONE,
    ) -> None:
        """Grant or take permissions in one channel; what was granted or taken of others there stays."""
        before = channel.overwrites.get(who.id) or Overwrite(who.id, isinstance(who, Role))
        after = Overwrite(who.id, before.is_role, (before.allow & ~deny) | allow, (before.deny & ~allow) | deny)
        self._world.store.apply(ChannelPermissionsChanged(channel, after))

    def set_bot_permissions(self, guild: Guild, names: Iterable[str], flags: Mapping[str, bool]) -> None:
        """Change what the bot's role grants: exactly `names` if there are any, then what `flags` says."""
        role = guild.bot_role
        permissions = Permission.named(names) or role.permissions
        permissions |= Permission.named(name for name, granted in flags.items() if granted)
        permissions &= ~Permission.named(name for name, granted in flags.items() if not granted)
        self._world.store.apply(RolePermissionsChanged(guild, role, permissions))
