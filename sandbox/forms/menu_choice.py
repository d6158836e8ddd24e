"""What a human chooses in a menu, as an interaction carries it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sandbox.forms.components import CHANNEL_SELECT, MENTIONABLE_SELECT, ROLE_SELECT, STRING_SELECT, USER_SELECT
from sandbox.forms.resolved import CommandUser, resolve
from sandbox.state.channel import Channel
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.role import Role
from sandbox.state.user import User

_ACCEPTS: Final[dict[int, Callable[[Any], bool]]] = {
    USER_SELECT: lambda value: isinstance(value, Member | User),
    ROLE_SELECT: lambda value: isinstance(value, Role),
    MENTIONABLE_SELECT: lambda value: isinstance(value, Member | User | Role),
    CHANNEL_SELECT: lambda value: isinstance(value, Channel),
}


def chosen_values(menu: Json, choices: Sequence[Any], who: CommandUser, resolved: Json) -> list[str]:
    """The values of a human's choices; members, roles and channels among them are written into `resolved`.

    An option of a string menu is named by its value or its label.

    Raises:
        ValueError: Discord's client would not let a human choose this.
    """
    low, high = menu.get("min_values", 1), menu.get("max_values", 1)
    if not low <= len(choices) <= high:
        raise ValueError(f"the menu {menu['custom_id']!r} takes {low} to {high} choices, not {len(choices)}")
    if menu["type"] == STRING_SELECT:
        return [_option_value(menu, choice) for choice in choices]
    for choice in choices:
        kinds = menu.get("channel_types")
        if not _ACCEPTS[menu["type"]](choice) or (kinds and choice.kind not in kinds):
            raise ValueError(f"the menu {menu['custom_id']!r} does not offer {choice!r}")
    return [resolve(choice, who, resolved) for choice in choices]


def _option_value(menu: Json, choice: object) -> str:
    for key in ("value", "label"):
        for option in menu["options"]:
            if option[key] == choice:
                return str(option["value"])
    offered = [option["value"] for option in menu["options"]]
    raise ValueError(f"the menu {menu['custom_id']!r} offers {offered}, not {choice!r}")
