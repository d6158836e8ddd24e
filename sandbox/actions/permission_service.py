"""Changes permissions: what a channel's overwrites say, and what the bot's role grants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from sandbox.state.changes.guild_changes import ChannelPermissionsChanged, RolePermissionsChanged
from sandbox.state.channel import Channel
from sandbox.state.guild import Guild
from sandbox.state.permissions import NONE, Overwrite, Permission
from sandbox.state.role import Role
from sandbox.state.store import Store


class OverwriteTarget(Protocol):
    """For whom a channel can change permissions: a role, or an account in any of its shapes."""

    @property
    def id(self) -> int:
        """The role's or the user's id."""


class PermissionService:
    """Changes what members, roles and the bot may do."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overwrite(
        self,
        channel: Channel,
        target: OverwriteTarget,
        *,
        allow: Permission = NONE,
        deny: Permission = NONE,
    ) -> None:
        """Grant or take permissions in one channel; what was granted or taken of others there stays."""
        before = channel.overwrites.get(target.id) or Overwrite(target.id, isinstance(target, Role))
        after = Overwrite(target.id, before.is_role, (before.allow & ~deny) | allow, (before.deny & ~allow) | deny)
        self._store.apply(ChannelPermissionsChanged(channel, after))

    def set_bot_permissions(self, guild: Guild, names: Iterable[str], flags: Mapping[str, bool]) -> None:
        """Change what the bot's role grants: exactly `names` if there are any, then what `flags` says."""
        role = guild.bot_role
        permissions = Permission.named(names) or role.permissions
        permissions |= Permission.named(name for name, granted in flags.items() if granted)
        permissions &= ~Permission.named(name for name, granted in flags.items() if not granted)
        self._store.apply(RolePermissionsChanged(guild, role, permissions))
