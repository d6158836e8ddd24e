"""The options of commands that a bot registers, checked as Discord checks them.

https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-structure
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sandbox.forms.field_rules import Problem, number, objects, one_of, required, switch, text, whole_number, within
from sandbox.state.json_types import Json

_SLASH_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_MAX_NAME: Final = 32
MAX_OPTIONS: Final = 25
_SUBCOMMAND: Final = 1
GROUP: Final = 2
_STRING: Final = 3
_INTEGER: Final = 4
_CHANNEL: Final = 7
_NUMBER: Final = 10
_WITH_CHOICES: Final = (_STRING, _INTEGER, _NUMBER)
_OPTION_TYPES: Final = range(1, 12)
_EXACT: Final = 2**53
"""Discord's whole numbers lie between these, so that JavaScript keeps them exactly."""


def option_list_problems(form: Json, *, deepest: int) -> Iterator[Problem]:
    """What is wrong with the options of a command, a group or a subcommand.

    `deepest` is the highest type of subcommand that may stand here: 2 in a command, 1 in a group, 0 below.
    """
    options, wrong = objects(form, "options", 0, MAX_OPTIONS)
    yield from wrong
    names: set[str] = set()
    is_optional_before = False
    kinds = {option.get("type") in (_SUBCOMMAND, GROUP) for _, option in options}
    if len(kinds) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message
    for path, option in options:
        yield from within(path, _option_problems(option, deepest))
        if isinstance(option.get("name"), str) and option["name"] in names:
            yield f"{path}.name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique"
        names.add(str(option.get("name")))
        if option.get("required") and is_optional_before:
            message = "Required options must be placed before non-required options"
            yield path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message
        is_optional_before = is_optional_before or not option.get("required")


def _option_problems(option: Json, deepest: int) -> Iterator[Problem]:
    yield from one_of(option, "type", _OPTION_TYPES)
    yield from name_problems(option, slash=True)
    yield from text(option, "description", 1, 100)
    yield from switch(option, "required")
    yield from switch(option, "autocomplete")
    kind = option.get("type")
    if kind in (_SUBCOMMAND, GROUP):
        if kind > deepest:
            message = "Sub-commands and groups cannot be nested this deep"
            yield "type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message
        elif kind == GROUP and not option.get("options"):
            yield required("options")
        else:
            yield from option_list_problems(option, deepest=kind - 1)
        if kind == GROUP:
            yield from _only_subcommands(option)
    elif option.get("options"):
        message = "Only sub-commands and groups have options"
        yield "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message
    yield from _value_problems(option)


def _only_subcommands(group: Json) -> Iterator[Problem]:
    for path, option in objects(group, "options", 0, MAX_OPTIONS)[0]:
        if option.get("type") != _SUBCOMMAND:
            yield f"{path}.type", "BASE_TYPE_CHOICES", f"Value must be one of ({_SUBCOMMAND})."


def _value_problems(option: Json) -> Iterator[Problem]:
    kind = option.get("type")
    choices, wrong = objects(option, "choices", 0, MAX_OPTIONS)
    yield from wrong
    if choices and kind not in _WITH_CHOICES:
        yield "choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "Options of this type have no choices"
    elif choices and option.get("autocomplete"):
        message = "An option has either choices or autocomplete"
        yield "choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", message
    if option.get("autocomplete") and kind not in _WITH_CHOICES:
        message = "Options of this type have no autocomplete"
        yield "autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message
    for path, choice in choices if kind in _WITH_CHOICES else []:
        yield from within(path, _choice_problems(choice, kind))
    if kind == _STRING:
        yield from whole_number(option, "min_length", 0, 6000)
        yield from whole_number(option, "max_length", 1, 6000)
        yield from _order_problems(option, "min_length", "max_length")
    if kind in (_INTEGER, _NUMBER):
        for key in ("min_value", "max_value"):
            yield from number(option, key) if kind == _NUMBER else whole_number(option, key, -_EXACT, _EXACT)
        yield from _order_problems(option, "min_value", "max_value")
    if kind == _CHANNEL and not isinstance(option.get("channel_types"), list | None):
        yield "channel_types", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"


def _choice_problems(choice: Json, kind: object) -> Iterator[Problem]:
    yield from text(choice, "name", 1, 100)
    if kind == _STRING:
        yield from text(choice, "value", 0, 100)
    elif kind == _INTEGER:
        yield from whole_number(choice, "value", -_EXACT, _EXACT, needed=True)
    elif choice.get("value") is None:
        yield required("value")
    else:
        yield from number(choice, "value")


def _order_problems(option: Json, low: str, high: str) -> Iterator[Problem]:
    least, most = option.get(low), option.get(high)
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        yield low, "NUMBER_TYPE_MAX", f"value should be less than or equal to {most}."


def name_problems(form: Json, *, slash: bool) -> Iterator[Problem]:
    """What is wrong with a name and with translations; a `slash` command's and an option's are lower case."""
    wrong = [*text(form, "name", 1, 32)]
    name = form.get("name")
    if not wrong and slash and (not _SLASH_NAME.fullmatch(str(name)) or name != str(name).lower()):
        wrong.append(("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"))
    elif slash and isinstance(name, str) and len(name) > 32:
        wrong = [("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")]
    yield from wrong
    for key in ("name_localizations", "description_localizations"):
        translations = form.get(key)
        if translations is not None and not isinstance(translations, dict):
            yield key, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a DictType"
        elif translations:
            for locale in translations:
                yield from within(key, text(translations, locale, 1, _MAX_NAME if key.startswith("name") else 100))


def shown_options(options: Sequence[Json]) -> list[Json]:
    """Options as Discord gives them back: without what is null."""
    shown = []
    for option in options:
        given = {key: value for key, value in option.items() if value is not None}
        if "options" in given:
            given["options"] = shown_options(given["options"])
        shown.append(given)
    return shown
