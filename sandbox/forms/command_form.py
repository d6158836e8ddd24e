"""Application commands that a bot registers, checked as Discord checks them.

https://discord.com/developers/docs/interactions/application-commands#application-command-object
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sandbox.forms.field_rules import Problem, objects, one_of, switch, text, within
from sandbox.forms.option_form import GROUP, MAX_OPTIONS, name_problems, option_list_problems
from sandbox.state.command import MESSAGE, SLASH, USER
from sandbox.state.json_types import Json
from sandbox.unimplemented import Unimplemented

_MAX_COMMANDS: Final = {SLASH: 100, USER: 15, MESSAGE: 15}
"""Commands of one type in one scope."""
_MAX_SIZE: Final = 8000
"""Characters of names, descriptions and values of one command."""
_MAX_PERMISSIONS: Final = 2**54 - 1
_ENTRY_POINT: Final = 4
_KNOWN: Final = frozenset(
    {
        "id",
        "name",
        "name_localizations",
        "type",
        "description",
        "description_localizations",
        "options",
        "default_member_permissions",
        "default_permission",
        "dm_permission",
        "contexts",
        "integration_types",
        "nsfw",
    }
)


def command_problems(form: Json) -> Iterator[Problem]:
    """What is wrong with one command.

    Raises:
        Unimplemented: it has fields, or is of a type, that the sandbox does not know.
    """
    for key in form:
        if key not in _KNOWN:
            raise Unimplemented(f"the command field {key!r}")
    kind = form.get("type") or SLASH
    if kind == 4:
        raise Unimplemented("commands that are an activity's entry point")
    if wrong := [*one_of({"type": kind}, "type", tuple(_MAX_COMMANDS))]:
        yield from wrong
        return
    yield from _permission_problems(form)
    yield from switch(form, "nsfw")
    yield from switch(form, "dm_permission")
    yield from _set_problems(form, "contexts", (0, 1, 2))
    yield from _set_problems(form, "integration_types", (0, 1))
    yield from name_problems(form, slash=kind == SLASH)
    if kind == SLASH:
        yield from text(form, "description", 1, 100)
        yield from option_list_problems(form, deepest=GROUP)
        if _size(form) > _MAX_SIZE:
            yield "", "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({_MAX_SIZE})"
    else:
        if form.get("description"):
            yield "description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands have no description"
        if form.get("options"):
            yield "options", "APPLICATION_COMMAND_INVALID_OPTIONS", "Context menu commands have no options"


def command_list_problems(forms: Sequence[Any]) -> Iterator[Problem]:
    """What is wrong with all commands of a scope, registered at once.

    Raises:
        Unimplemented: as `command_problems` does.
    """
    commands, wrong = objects({"commands": forms}, "commands", 0, len(forms))
    for path, code, message in wrong:
        yield path.removeprefix("commands."), code, message
    for path, form in commands:
        yield from within(path.removeprefix("commands."), command_problems(form))
    if not wrong:
        yield from duplicate_problems(forms)


def duplicate_problems(forms: Sequence[Json]) -> Iterator[Problem]:
    """Commands of one scope whose name another of the same type has."""
    seen: set[tuple[str, str]] = set()
    for index, form in enumerate(forms):
        key = str(form.get("name")), str(form.get("type") or SLASH)
        if key in seen:
            yield str(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        seen.add(key)


def over_the_limit(kinds: Sequence[int]) -> int | None:
    """The limit that the types of a scope's commands exceed; None: none."""
    counts = Counter(kinds)
    return next((most for kind, most in _MAX_COMMANDS.items() if counts[kind] > most), None)


def _permission_problems(form: Json) -> Iterator[Problem]:
    value = form.get("default_member_permissions")
    if value is None:
        return
    bits = int(value) if isinstance(value, str) and value.isdecimal() else value
    if not isinstance(bits, int) or isinstance(bits, bool) or not 0 <= bits <= _MAX_PERMISSIONS:
        yield "default_member_permissions", "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.'


def _set_problems(form: Json, key: str, choices: tuple[int, ...]) -> Iterator[Problem]:
    value = form.get(key)
    if value is None:
        return
    if not isinstance(value, list):
        yield key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        return
    if not value:
        yield key, "BASE_TYPE_MIN_LENGTH", "Must be 1 or more in length."
    for index, each in enumerate(value):
        yield from one_of({f"{key}.{index}": each}, f"{key}.{index}", choices)
        if each in value[:index]:
            yield f"{key}.{index}", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value"


def _size(form: Json) -> int:
    """The characters that count: https://discord.com/developers/docs/interactions/application-commands#slash-commands"""
    size = sum(_longest(form, key) for key in ("name", "description"))
    size += sum(_size(option) for _, option in objects(form, "options", 0, MAX_OPTIONS)[0])
    for _, choice in objects(form, "choices", 0, MAX_OPTIONS)[0]:
        value = choice.get("value")
        size += _longest(choice, "name") + (len(value) if isinstance(value, str) else 0)
    return size


def _longest(form: Json, key: str) -> int:
    translations: Any = form.get(f"{key}_localizations")
    texts = [form.get(key), *(translations.values() if isinstance(translations, dict) else ())]
    return max((len(each) for each in texts if isinstance(each, str)), default=0)
