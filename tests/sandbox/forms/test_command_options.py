"""From what a human gives to the data of an interaction."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import GuildHandle, Sandbox
from sandbox.forms.command_options import autocomplete_data, interaction_data
from sandbox.forms.resolved import CommandUser
from sandbox.state.command import Command


@pytest.fixture
def guild() -> GuildHandle:
    return Sandbox().add_guild("Reading club")


def user(guild: GuildHandle) -> CommandUser:
    ada = guild.add_member("Ada")
    return CommandUser(ada.member, guild.backend.store.members_of(guild.guild))


def command(*options: dict[str, Any]) -> Command:
    return Command(1, 1, 1, None, {"name": "go", "description": "x", "options": list(options)})


def option(kind: int, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "x"} | more


def test_objects_become_ids_and_are_resolved(guild: GuildHandle) -> None:
    ada = user(guild)
    text, role = guild.add_text_channel("general"), guild.add_role("Readers")
    options = {"who": ada.member, "where": text.channel, "what": role}
    form = command(option(6, "who"), option(7, "where"), option(8, "what"))
    data = interaction_data(form, [], options, ada)
    assert [each["value"] for each in data["options"]] == [str(ada.member.id), str(text.id), str(role.id)]
    assert data["resolved"]["users"][str(ada.member.id)]["username"] == "ada"
    assert data["resolved"]["members"][str(ada.member.id)]["roles"] == [str(guild.human_role.id)]
    assert data["resolved"]["channels"][str(text.id)]["name"] == "general"
    assert data["resolved"]["roles"][str(role.id)]["name"] == "Readers"


def test_subcommands_are_nested(guild: GuildHandle) -> None:
    sub = {"type": 1, "name": "clear", "description": "x", "options": [option(3)]}
    form = command({"type": 2, "name": "queue", "description": "x", "options": [sub]})
    data = interaction_data(form, ["queue", "clear"], {"x": "y"}, user(guild))
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
        ([option(4, choices=[{"name": "one", "value": 1}])], {"x": 2}),
        ([option(5)], {"x": "yes"}),
        ([{"type": 1, "name": "sub", "description": "x"}], {}),
    ],
)
def test_what_no_client_would_send_is_an_error(
    guild: GuildHandle, declared: list[dict[str, Any]], given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"/go|option"):
        interaction_data(command(*declared), [], given, user(guild))


def test_unknown_subcommand_is_an_error(guild: GuildHandle) -> None:
    with pytest.raises(ValueError, match="no subcommand"):
        interaction_data(command(), ["sub"], {}, user(guild))


def test_file_options_take_files_only(guild: GuildHandle) -> None:
    with pytest.raises(ValueError, match="does not take"):
        interaction_data(command(option(11)), [], {"x": "y"}, user(guild))


def test_half_typed_option_is_in_focus_and_may_lack_what_is_required(guild: GuildHandle) -> None:
    form = command(option(3, "a", autocomplete=True), option(4, "b"), option(3, "c", required=True))
    data = autocomplete_data(form, [], {"b": 1}, user(guild), option="a", typed="ty")
    assert data["options"] == [
        {"name": "b", "type": 4, "value": 1},
        {"name": "a", "type": 3, "value": "ty", "focused": True},
    ]


def test_half_typed_number_is_sent_as_typed(guild: GuildHandle) -> None:
    form = command(option(4, autocomplete=True))
    data = autocomplete_data(form, [], {}, user(guild), option="x", typed="1")
    assert data["options"] == [{"name": "x", "type": 4, "value": "1", "focused": True}]


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        (option(3), {}),
        (option(5, autocomplete=True), {}),
        (option(3, "y", autocomplete=True), {}),
        (option(3, autocomplete=True), {"x": "a"}),
        (option(3, autocomplete=True), {"y": "a"}),
    ],
)
def test_what_no_client_would_ask_is_an_error(
    guild: GuildHandle, declared: dict[str, Any], given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"/go"):
        autocomplete_data(command(declared), [], given, user(guild), option="x", typed="t")
