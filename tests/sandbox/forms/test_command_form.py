"""What Discord asks of a command, its options and their choices."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.forms.command_form import command_list_problems, command_problems
from sandbox.unimplemented import Unimplemented

COMMAND = {"name": "go", "description": "Goes"}
OPTION = {"type": 3, "name": "x", "description": "x"}
SUB = {"type": 1, "name": "sub", "description": "x"}
GROUP = {"type": 2, "name": "group", "description": "x", "options": [SUB]}


def paths(*options: Any, **more: Any) -> set[str]:
    """Where a command with these options is wrong."""
    form = COMMAND | ({"options": list(options)} if options else {}) | more
    return {path for path, _, _ in command_problems(form)}


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"name": "Upper"}, "name"),
        ({"name": "two words"}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"description": ""}, "description"),
        ({"description": None}, "description"),
        ({"description": "x" * 101}, "description"),
        ({"type": 5}, "type"),
        ({"type": 2}, "description"),
        ({"type": 3, "description": "", "options": [OPTION]}, "options"),
        ({"default_member_permissions": "many"}, "default_member_permissions"),
        ({"default_member_permissions": -1}, "default_member_permissions"),
        ({"contexts": []}, "contexts"),
        ({"contexts": [3]}, "contexts.0"),
        ({"contexts": [0, 0]}, "contexts.1"),
        ({"integration_types": [2]}, "integration_types.0"),
        ({"nsfw": "yes"}, "nsfw"),
        ({"name_localizations": {"de": "x" * 33}}, "name_localizations.de"),
        ({"options": "none"}, "options"),
    ],
)
def test_command_that_discord_refuses_names_its_field(form: dict[str, Any], path: str) -> None:
    assert paths(**form) == {path}


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ({"type": 12}, "type"),
        ({"type": None}, "type"),
        ({"name": "Upper"}, "name"),
        ({"name": ""}, "name"),
        ({"description": "x" * 101}, "description"),
        ({"description": None}, "description"),
        ({"required": "yes"}, "required"),
        ({"choices": [{"name": "x", "value": "x"}] * 26}, "choices"),
        ({"choices": [{"name": "x"}]}, "choices.0.value"),
        ({"choices": [{"value": "x"}]}, "choices.0.name"),
        ({"choices": [{"name": "x", "value": 5}]}, "choices.0.value"),
        ({"choices": [{"name": "x", "value": "x" * 101}]}, "choices.0.value"),
        ({"type": 4, "choices": [{"name": "x", "value": "x"}]}, "choices.0.value"),
        ({"type": 4, "choices": [{"name": "x", "value": 1.5}]}, "choices.0.value"),
        ({"type": 10, "choices": [{"name": "x", "value": "x"}]}, "choices.0.value"),
        ({"type": 5, "choices": [{"name": "x", "value": True}]}, "choices"),
        ({"autocomplete": True, "choices": [{"name": "x", "value": "x"}]}, "choices"),
        ({"type": 6, "autocomplete": True}, "autocomplete"),
        ({"min_length": -1}, "min_length"),
        ({"max_length": 0}, "max_length"),
        ({"max_length": 6001}, "max_length"),
        ({"min_length": 5, "max_length": 4}, "min_length"),
        ({"type": 4, "min_value": 1.5}, "min_value"),
        ({"type": 10, "min_value": 5, "max_value": 4.5}, "min_value"),
        ({"options": [OPTION]}, "options"),
    ],
)
def test_option_that_discord_refuses_names_its_field(option: dict[str, Any], path: str) -> None:
    assert paths(OPTION | option) == {f"options.0.{path}"}


def test_options_have_names_of_their_own_and_the_required_ones_come_first() -> None:
    assert paths(OPTION, OPTION) == {"options.1.name"}
    assert paths(OPTION, OPTION | {"name": "y", "required": True}) == {"options.1"}
    assert paths(OPTION | {"required": True}, OPTION | {"name": "y"}) == set()
    assert paths(*(OPTION | {"name": f"x{number}"} for number in range(26))) == {"options"}


def test_subcommands_stand_alone_and_two_deep() -> None:
    assert paths(SUB, GROUP) == set()
    assert "options" in paths(SUB, OPTION)
    assert paths(GROUP | {"options": []}) == {"options.0.options"}
    assert "options.0.options.0.type" in paths(GROUP | {"options": [OPTION]})
    assert "options.0.options.0.type" in paths(GROUP | {"options": [GROUP]})
    assert "options.0.options.0.type" in paths(SUB | {"options": [SUB]})
    assert paths(SUB | {"options": [OPTION, OPTION]}) == {"options.0.options.1.name"}


def test_command_has_8000_characters_at_most() -> None:
    choices = [{"name": "x" * 100, "value": "y" * 100}] * 25
    assert paths(OPTION | {"choices": choices}, OPTION | {"name": "y", "choices": choices[:14]}) == set()
    assert paths(OPTION | {"choices": choices}, OPTION | {"name": "y", "choices": choices}) == {""}


def test_two_commands_of_one_name_need_two_types() -> None:
    menu = {"name": "go", "type": 2}
    assert list(command_list_problems([COMMAND, menu])) == []
    ((path, code, _),) = command_list_problems([COMMAND, menu, dict(COMMAND)])
    assert (path, code) == ("2", "APPLICATION_COMMANDS_DUPLICATE_NAME")
    assert [path for path, _, _ in command_list_problems([COMMAND, "go"])] == ["1"]


@pytest.mark.parametrize("form", [{"handler": 1}, {"type": 4}])
def test_what_is_not_implemented_is_refused_by_name(form: dict[str, Any]) -> None:
    with pytest.raises(Unimplemented):
        paths(**form)
