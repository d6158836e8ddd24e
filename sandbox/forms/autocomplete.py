"""The choices that a bot offers while a human types, checked like Discord checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sandbox.state.choice import Choice
from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json

MAX_CHOICES: Final = 25
MAX_LENGTH: Final = 100
"""Characters of a name, and of a value that is a text."""
_STRING: Final = 3
_INTEGER: Final = 4
_NUMBER: Final = 10


def read_choices(data: Json, kind: int) -> tuple[Choice, ...]:
    """The choices in a bot's answer, for an option of Discord's type `kind`.

    Raises:
        ApiError: 50035, some of them are wrong.
    """
    choices: list[Json] = data.get("choices") or []
    if len(choices) > MAX_CHOICES:
        message = f"Must be {MAX_CHOICES} or fewer in length."
        raise invalid_form(("data.choices", "BASE_TYPE_MAX_LENGTH", message))
    if problems := [problem for index, each in enumerate(choices) for problem in _problems(index, each, kind)]:
        raise invalid_form(*problems)
    return tuple(Choice(each["name"], each["value"]) for each in choices)


def _problems(index: int, choice: Json, kind: int) -> Iterator[tuple[str, str, str]]:
    path = f"data.choices.{index}"
    name = choice.get("name")
    if not isinstance(name, str):
        yield f"{path}.name", "BASE_TYPE_REQUIRED", "This field is required"
    elif not 1 <= len(name) <= MAX_LENGTH:
        yield f"{path}.name", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_LENGTH} in length."
    for code, message in _value_problems(choice.get("value"), kind):
        yield f"{path}.value", code, message


def _value_problems(value: Any, kind: int) -> Iterator[tuple[str, str]]:
    if value is None:
        yield "BASE_TYPE_REQUIRED", "This field is required"
    elif kind == _STRING:
        if not isinstance(value, str):
            yield "BASE_TYPE_BAD_STRING", "Could not interpret as string."
        elif len(value) > MAX_LENGTH:
            yield "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_LENGTH} or fewer in length."
    elif isinstance(value, bool) or not isinstance(value, {_INTEGER: int, _NUMBER: int | float}[kind]):
        yield "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number of the option\'s type.'
