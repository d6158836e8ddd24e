"""From what a human gives to the data of an interaction."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Guild, Sandbox
from sandbox.command_options import interaction_data
from sandbox.entities.command import Command
from sandbox.errors import Unimplemented


@pytest.fixture
def guild() -> Guild:
    return Sandbox().add_guild("Reading club")


def command(*options: dict[str, Any]) -> Command:
    return Command(1, 1, 1, None, {"name": "go", "description": "x", "options": list(options)})


def option(kind: int, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "x"} | more


def test_objects_become_ids_and_are_resolved(guild: Guild) -> None:
    ada = guild.add_member("Ada")
    text, role = guild.add_text_channel("general"), guild.add_role("Readers")
    options = {"who": ada, "where": text, "what": role}
    form = command(option(6, "who"), option(7, "where"), option(8, "what"))
    data = interaction_data(form, [], options, ada)
    assert [each["value"] for each in data["options"]] == [str(ada.id), str(text.id), str(role.id)]
    assert data["resolved"]["users"][str(ada.id)]["username"] == "ada"
    assert data["resolved"]["members"][str(ada.id)]["roles"] == [str(guild.human_role.id)]
    assert data["resolved"]["channels"][str(text.id)]["name"] == "general"
    assert data["resolved"]["roles"][str(role.id)]["name"] == "Readers"


def test_subcommands_are_nested(guild: Guild) -> None:
    sub = {"type": 1, "name": "clear", "description": "x", "options": [option(3)]}
    form = command({"type": 2, "name": "queue", "description": "x", "options": [sub]})
    data = interaction_data(form, ["queue", "clear"], {"x": "y"}, guild.add_member("Ada"))
    (group,) = data["options"]
    (inner,) = group["options"]
    assert (group["name"], group["type"], inner["name"], inner["type"]) == ("queue", 2, "clear", 1)
    assert inner["options"] == [{"name": "x", "type": 3, "value": "y"}]


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ([option(3, required=True)], {}),
        ([option(3)], {"y": "x"}),
        ([option(3)], {"x": 1}),
        ([option(4)], {"x": True}),
        ([option(4, max_value=5)], {"x": 6}),
        ([option(3, min_length=2)], {"x": "a"}),
        ([option(3, choices=[{"name": "a", "value": "a"}])], {"x": "b"}),
        ([{"type": 1, "name": "sub", "description": "x"}], {}),
    ],
)
def test_what_no_client_would_send_is_an_error(
    guild: Guild, declared: list[dict[str, Any]], given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"/go|option"):
        interaction_data(command(*declared), [], given, guild.add_member("Ada"))


def test_unknown_subcommand_is_an_error(guild: Guild) -> None:
    with pytest.raises(ValueError, match="no subcommand"):
        interaction_data(command(), ["sub"], {}, guild.add_member("Ada"))


def test_attachment_options_are_refused_by_name(guild: Guild) -> None:
    with pytest.raises(Unimplemented, match="type 11"):
        interaction_data(command(option(11)), [], {"x": "y"}, guild.add_member("Ada"))
