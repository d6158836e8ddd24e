"""Application commands, as the bot registered them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sandbox.state.json_types import Json

SLASH: Final = 1
USER: Final = 2
MESSAGE: Final = 3
"""Discord's types of commands."""


@dataclass(frozen=True)
class Command:
    """One registered command."""

    id: int
    """The command's id; it survives a registration under the same name."""
    version: int
    """Grows with every registration that changes it."""
    application_id: int
    """Whose command it is."""
    guild_id: int | None
    """The only guild that has it; None: it is global."""
    form: Json
    """What the bot sent: name, type, description, options and so on."""

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.form["name"])

    @property
    def kind(self) -> int:
        """1 slash, 2 user, 3 message."""
        return int(self.form.get("type") or SLASH)

    def to_json(self) -> Json:
        """The command object."""
        permissions = self.form.get("default_member_permissions")
        data: Json = {
            "id": str(self.id),
            "application_id": str(self.application_id),
            "version": str(self.version),
            "type": self.kind,
            "name": self.name,
            "name_localizations": self.form.get("name_localizations"),
            "description": self.form.get("description") or "",
            "description_localizations": self.form.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": self.form.get("dm_permission") is not False,
            "contexts": self.form.get("contexts"),
            "integration_types": self.form.get("integration_types") or [0],
            "nsfw": bool(self.form.get("nsfw")),
        }
        if self.form.get("options"):
            data["options"] = self.form["options"]
        if self.guild_id is not None:
            data["guild_id"] = str(self.guild_id)
        return data


class Commands:
    """All registered commands; None is the scope of the global ones."""

    def __init__(self) -> None:
        self._scopes: dict[int | None, dict[tuple[str, int], Command]] = {}

    @property
    def any(self) -> bool:
        """Whether there is a command in any scope."""
        return any(self._scopes.values())

    def of(self, guild_id: int | None) -> list[Command]:
        """The commands registered for one guild, or the global ones."""
        return list(self._scopes.get(guild_id, {}).values())

    def find(self, guild_id: int | None, name: str, kind: int = SLASH) -> Command | None:
        """The command of this name in one scope."""
        return self._scopes.get(guild_id, {}).get((name, kind))

    def offered(self, guild_id: int, name: str, kind: int) -> Command | None:
        """The command of this name and kind that a guild's members see: its own before a global one."""
        return self.find(guild_id, name, kind) or self.find(None, name, kind)

    def put(self, guild_id: int | None, commands: list[Command]) -> None:
        """Replace all commands of a scope."""
        self._scopes[guild_id] = {(command.name, command.kind): command for command in commands}
