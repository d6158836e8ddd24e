"""From a command's name and options, as a human gives them, to the data of an interaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sandbox.forms.resolved import CommandUser, Named, resolve
from sandbox.state.channel import Channel
from sandbox.state.command import Command
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message_parts import Attachment
from sandbox.state.role import Role
from sandbox.state.user import User

_SUBCOMMAND: Final = 1
_GROUP: Final = 2
_STRING: Final = 3
_INTEGER: Final = 4
_BOOLEAN: Final = 5
_USER: Final = 6
_CHANNEL: Final = 7
_ROLE: Final = 8
_MENTIONABLE: Final = 9
_NUMBER: Final = 10
_ATTACHMENT: Final = 11
_AUTOCOMPLETED: Final = (_STRING, _INTEGER, _NUMBER)

_ACCEPTS: Final[dict[int, Callable[[Any], bool]]] = {
    _STRING: lambda value: isinstance(value, str),
    _INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    _BOOLEAN: lambda value: isinstance(value, bool),
    _USER: lambda value: isinstance(value, Member | User),
    _CHANNEL: lambda value: isinstance(value, Channel),
    _ROLE: lambda value: isinstance(value, Role),
    _MENTIONABLE: lambda value: isinstance(value, Member | User | Role),
    _NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    _ATTACHMENT: lambda value: isinstance(value, Attachment),
}


def interaction_data(command: Command, path: list[str], options: Mapping[str, Any], who: CommandUser) -> Json:
    """The `data` of an interaction with a slash command.

    `path` names the subcommand group and subcommand, if there are any.

    Raises:
        ValueError: Discord's client would not let a human send these options.
    """
    declared, way = _leaf(command, path)
    _check_known(command, declared, options)
    missing = [each["name"] for each in declared if each.get("required") and each["name"] not in options]
    if missing:
        raise ValueError(f"/{command.name} needs the options {missing}")
    resolved: Json = {}
    return _data(command, way, _given(declared, options, who, resolved), resolved)


def autocomplete_data(
    command: Command, path: list[str], options: Mapping[str, Any], who: CommandUser, *, option: str, typed: str
) -> Json:
    """The `data` of an interaction that asks what to offer for `option`, in which `typed` has been written so far.

    `options` are the others that are filled in by then.

    Raises:
        ValueError: as `interaction_data` does, and where Discord's client would not ask.
    """
    declared, way = _leaf(command, path)
    _check_known(command, declared, [option, *options])
    focused = next(each for each in declared if each["name"] == option)
    if not focused.get("autocomplete") or focused["type"] not in _AUTOCOMPLETED or option in options:
        raise ValueError(f"option {option!r} of /{command.name} is not one to be completed")
    resolved: Json = {}
    given = _given(declared, options, who, resolved)
    # Whatever the option's type, Discord sends what was typed as it was typed.
    given.append({"name": option, "type": focused["type"], "value": typed, "focused": True})
    return _data(command, way, given, resolved)


def focused_kind(data: Json) -> int:
    """Discord's type of the option that is being typed in an interaction's `data`."""
    options: list[Json] = data["options"]
    while options[0]["type"] in (_SUBCOMMAND, _GROUP):
        options = options[0]["options"]
    return next(int(each["type"]) for each in options if each.get("focused"))


def _given(declared: list[Json], options: Mapping[str, Any], who: CommandUser, resolved: Json) -> list[Json]:
    by_name = {each["name"]: each for each in declared}
    return [_option(by_name[name], value, who, resolved) for name, value in options.items()]


def _data(command: Command, way: list[Json], given: list[Json], resolved: Json) -> Json:
    for step in reversed(way):
        given = [{"name": step["name"], "type": step["type"], "options": given}]
    data: Json = {"id": str(command.id), "name": command.name, "type": command.kind, "options": given}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    if resolved:
        data["resolved"] = resolved
    return data


def _leaf(command: Command, path: list[str]) -> tuple[list[Json], list[Json]]:
    """The options that the command or subcommand declares, and the groups and subcommand on the way."""
    declared: list[Json] = command.form.get("options") or []
    way: list[Json] = []
    steps = list(path)
    while inner := [each for each in declared if each["type"] in (_SUBCOMMAND, _GROUP)]:
        step = steps.pop(0) if steps else None
        chosen = next((each for each in inner if each["name"] == step), None)
        if chosen is None:
            names = [each["name"] for each in inner]
            raise ValueError(f"/{command.name} has the subcommands {names}, not {step!r}")
        way.append(chosen)
        declared = chosen.get("options") or []
    if steps:
        raise ValueError(f"/{command.name} has no subcommand {' '.join(path)!r}")
    return declared, way


def _check_known(command: Command, declared: list[Json], names: Iterable[str]) -> None:
    if unknown := set(names) - {each["name"] for each in declared}:
        raise ValueError(f"/{command.name} has no option {sorted(unknown)}")


def _option(declared: Json, value: Any, who: CommandUser, resolved: Json) -> Json:
    kind = declared["type"]
    if not _ACCEPTS[kind](value):
        raise ValueError(f"option {declared['name']!r} does not take {value!r}")
    choices = [choice["value"] for choice in declared.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"option {declared['name']!r} takes one of {choices}, not {value!r}")
    _check_bounds(declared, value)
    if isinstance(value, Named):
        value = resolve(value, who, resolved)
    return {"name": declared["name"], "type": kind, "value": value}


def _check_bounds(declared: Json, value: Any) -> None:
    size = len(value) if isinstance(value, str) else value
    suffix = "length" if isinstance(value, str) else "value"
    low, high = declared.get(f"min_{suffix}"), declared.get(f"max_{suffix}")
    if (low is not None and size < low) or (high is not None and size > high):
        raise ValueError(f"option {declared['name']!r} is out of bounds: {value!r}")
