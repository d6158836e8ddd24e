"""Roles: named sets of permissions in a guild."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.json_types import Json
from sandbox.state.permissions import Permission


@dataclass(eq=False)
class Role:
    """A role of one guild."""

    id: int
    """The role's id; @everyone's is the guild's."""
    name: str
    """Its name."""
    permissions: Permission
    """What it grants in the whole guild."""
    position: int = 0
    """Its place in the hierarchy, @everyone being 0."""
    bot_id: int | None = None
    """The bot for which Discord made the role when the bot was invited."""

    @property
    def mention(self) -> str:
        """What pings the role's members in a message."""
        return f"<@&{self.id}>"

    def to_json(self) -> Json:
        """The role object."""
        data: Json = {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.bot_id is not None,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.bot_id is not None:
            data["tags"] = {"bot_id": str(self.bot_id)}
        return data
