"""The users, roles, channels and files that a human's wish names, as an interaction carries them: `resolved`.

https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-resolved-data-structure
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.state.channel import Channel
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message_parts import Attachment
from sandbox.state.role import Role
from sandbox.state.user import User

Named = Member | User | Role | Channel | Attachment
"""What a human can name."""


@dataclass(frozen=True)
class CommandUser:
    """Who uses a command or a menu."""

    member: Member
    """The human."""
    members: Mapping[int, Member]
    """The members of the guild, by user id."""


def resolve(value: Named, who: CommandUser, resolved: Json) -> str:
    """Write into `resolved` what a human named; the id under which it stands there."""
    key = str(value.id)
    if isinstance(value, Role):
        resolved.setdefault("roles", {})[key] = value.to_json()
    elif isinstance(value, Attachment):
        resolved.setdefault("attachments", {})[key] = value.to_json()
    elif isinstance(value, Channel):
        permissions = str(int(who.member.permissions_in(value)))
        resolved.setdefault("channels", {})[key] = value.to_json() | {"permissions": permissions}
    else:
        user = value.user if isinstance(value, Member) else value
        resolved.setdefault("users", {})[key] = user.to_json()
        inside = who.members.get(user.id)
        if inside is not None:
            permissions = str(int(inside.permissions()))
            resolved.setdefault("members", {})[key] = inside.to_json(with_user=False) | {"permissions": permissions}
    return key
