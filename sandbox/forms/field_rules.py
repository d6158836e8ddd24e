"""What Discord asks of single fields of a form, each rule with Discord's own code and words.

A rule yields problems, with paths as seen from the object that has the field: `within` puts them into their place.
Bounds are those of Discord's OpenAPI document (https://github.com/discord/discord-api-spec).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json

Problem = tuple[str, str, str]
"""The path of the field, Discord's code, its message."""

MAX_URL: Final = 2048
_SCHEMES: Final = ("http", "https")


def within(path: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems of an object that stands at `path` of a larger one."""
    for inner, code, message in problems:
        yield f"{path}.{inner}" if inner else path, code, message


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse a form that has problems, naming them all.

    Raises:
        ApiError: 50035, there are some.
    """
    if found := list(problems):
        raise invalid_form(*found)


def required(path: str) -> Problem:
    """A field is missing."""
    return path, "BASE_TYPE_REQUIRED", "This field is required"


def text(form: Json, key: str, low: int, high: int, *, needed: bool = True) -> Iterator[Problem]:
    """A text of `low` to `high` characters."""
    value = form.get(key)
    if value is None:
        if needed:
            yield required(key)
    elif not isinstance(value, str):
        yield key, "BASE_TYPE_BAD_STRING", "Could not interpret as string."
    else:
        yield from length(key, value, low, high)


def length(path: str, value: Collection[object], low: int, high: int) -> Iterator[Problem]:
    """So many characters, or members of a list."""
    if not value and low:
        # Discord takes an empty text or list for none.
        yield required(path) if isinstance(value, str) else _bad_length(path, low, high)
    elif not low <= len(value) <= high:
        yield _bad_length(path, low, high) if low else _too_long(path, high)


def whole_number(form: Json, key: str, low: int, high: int, *, needed: bool = False) -> Iterator[Problem]:
    """A whole number from `low` to `high`."""
    value = form.get(key)
    if value is None:
        if needed:
            yield required(key)
    elif not isinstance(value, int) or isinstance(value, bool):
        yield key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.'
    elif value < low:
        yield key, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}."
    elif value > high:
        yield key, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}."


def number(form: Json, key: str) -> Iterator[Problem]:
    """Any number, or none."""
    value = form.get(key)
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        yield key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.'


def switch(form: Json, key: str) -> Iterator[Problem]:
    """True, false or nothing."""
    if not isinstance(form.get(key), bool | None):
        yield key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false."


def one_of(form: Json, key: str, choices: Collection[Any]) -> Iterator[Problem]:
    """One of some values."""
    value = form.get(key)
    if value is None:
        yield required(key)
    elif isinstance(value, bool) or value not in choices:
        listed = ", ".join(map(repr, choices))
        yield key, "BASE_TYPE_CHOICES", f"Value must be one of ({listed})."


def is_id(value: object) -> bool:
    """Whether a value is an id, as a text or as a number."""
    return (isinstance(value, str) and value.isdecimal()) or (isinstance(value, int) and not isinstance(value, bool))


def ids(form: Json, key: str, low: int, high: int) -> Iterator[Problem]:
    """A list of `low` to `high` ids."""
    value = form.get(key)
    if value is None:
        if low:
            yield required(key)
    elif not isinstance(value, list):
        yield key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
    else:
        yield from length(key, value, low, high)
        for index, each in enumerate(value):
            if not is_id(each):
                yield f"{key}.{index}", "NUMBER_TYPE_COERCE", f'Value "{each}" is not snowflake.'


def url(form: Json, key: str, schemes: Collection[str] = _SCHEMES, *, needed: bool = False) -> Iterator[Problem]:
    """An address, of at most 2048 characters."""
    value = form.get(key)
    if value is None or value == "":
        if needed:
            yield required(key)
    elif not isinstance(value, str):
        yield key, "BASE_TYPE_BAD_STRING", "Could not interpret as string."
    elif len(value) > MAX_URL:
        yield _too_long(key, MAX_URL)
    else:
        yield from _address_problems(key, value, schemes)


def moment(form: Json, key: str) -> Iterator[Problem]:
    """A time in ISO 8601, or none."""
    value = form.get(key)
    if value is None:
        return
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        yield key, "DATE_TIME_TYPE_PARSE", f'Could not parse "{value}". Should be ISO8601.'


def objects(form: Json, key: str, low: int, high: int) -> tuple[list[tuple[str, Json]], list[Problem]]:
    """A list of `low` to `high` objects: the objects with their paths, and what is wrong with the list."""
    value = form.get(key)
    if value is None:
        return [], [required(key)] if low else []
    if not isinstance(value, list):
        return [], [(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")]
    problems = [*length(key, value, low, high)]
    problems += [_no_object(f"{key}.{index}") for index, each in enumerate(value) if not isinstance(each, dict)]
    return [(f"{key}.{index}", each) for index, each in enumerate(value) if isinstance(each, dict)], problems


def part(form: Json, key: str) -> tuple[Json | None, list[Problem]]:
    """An object inside the form, or none, and what is wrong with it."""
    value = form.get(key)
    if value is None or isinstance(value, dict):
        return value, []
    return None, [_no_object(key)]


def _address_problems(path: str, value: str, schemes: Collection[str]) -> Iterator[Problem]:
    try:
        address = urlsplit(value)
    except ValueError:
        yield path, "URL_TYPE_INVALID_URL", "Not a well formed URL."
        return
    if not address.scheme or any(character.isspace() for character in value):
        yield path, "URL_TYPE_INVALID_URL", "Not a well formed URL."
    elif address.scheme not in schemes:
        listed = ", ".join(map(repr, schemes))
        message = f'Scheme "{address.scheme}" is not supported. Scheme must be one of ({listed}).'
        yield path, "URL_TYPE_INVALID_SCHEME", message
    elif not address.netloc:
        yield path, "URL_TYPE_INVALID_URL", "Not a well formed URL."


def _no_object(path: str) -> Problem:
    return path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"


def _bad_length(path: str, low: int, high: int) -> Problem:
    return path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length."


def _too_long(path: str, high: int) -> Problem:
    return path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length."
