"""Message components: rows of buttons and menus, checked as Discord checks them.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sandbox.forms.field_rules import (
    Problem,
    length,
    objects,
    one_of,
    part,
    refuse,
    required,
    switch,
    text,
    url,
    whole_number,
    within,
)
from sandbox.state.json_types import Json
from sandbox.unimplemented import Unimplemented

ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
USER_SELECT: Final = 5
ROLE_SELECT: Final = 6
MENTIONABLE_SELECT: Final = 7
CHANNEL_SELECT: Final = 8
SELECTS: Final = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK: Final = 5
_PREMIUM: Final = 6
_STYLES: Final = (1, 2, 3, 4, LINK, _PREMIUM)
_MAX_ROWS: Final = 5
_MAX_IN_ROW: Final = 5
_MAX_OPTIONS: Final = 25
_MAX_ID: Final = 2**31 - 1


def read(rows: Any) -> list[Json]:
    """Checked rows as Discord gives them back, each component with a number of its own.

    Raises:
        ApiError: 50035, with every problem.
        Unimplemented: something is no row, button or menu.
    """
    refuse(_problems({"components": rows}))
    number = 0
    shown = []
    for row in rows:
        number += 1
        shown_row: Json = {"type": ROW, "id": number, "components": []}
        for component in row["components"]:
            number += 1
            shown_row["components"].append(_shown(component) | {"id": number})
        shown.append(shown_row)
    return shown


def _shown(component: Json) -> Json:
    given = {key: value for key, value in component.items() if value is not None}
    if component["type"] in SELECTS:
        given = {"min_values": 1, "max_values": 1} | given
    return given


def _problems(form: Json) -> Iterator[Problem]:
    rows, problems = objects(form, "components", 0, _MAX_ROWS)
    yield from problems
    seen: set[str] = set()
    for path, row in rows:
        if row.get("type") != ROW:
            raise Unimplemented(f"message components of type {row.get('type')} at the top level")
        inside, wrong = objects(row, "components", 1, _MAX_IN_ROW)
        yield from within(path, wrong)
        for inner, component in inside:
            yield from within(f"{path}.{inner}", _component_problems(component, seen))
        if len(inside) > 1 and any(component.get("type") in SELECTS for _, component in inside):
            message = "The specified component exceeds the maximum width"
            yield f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message


def _component_problems(component: Json, seen: set[str]) -> Iterator[Problem]:
    kind = component.get("type")
    if kind is None:
        yield required("type")
        return
    if kind not in (BUTTON, *SELECTS):
        raise Unimplemented(f"message components of type {kind}")
    yield from whole_number(component, "id", 0, _MAX_ID)
    yield from switch(component, "disabled")
    if kind == BUTTON:
        yield from _button_problems(component)
    else:
        yield from select_problems(component)
    custom_id = component.get("custom_id")
    if custom_id in seen:
        yield "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
    elif isinstance(custom_id, str) and custom_id:
        seen.add(custom_id)


def _button_problems(button: Json) -> Iterator[Problem]:
    yield from one_of(button, "style", _STYLES)
    if button.get("style") == _PREMIUM:
        raise Unimplemented("premium buttons")
    yield from text(button, "label", 0, 80, needed=False)
    if not button.get("label") and not button.get("emoji"):
        yield "label", "BASE_TYPE_REQUIRED", "A label or an emoji is required"
    yield from _emoji_problems(button)
    has_id, has_url = bool(button.get("custom_id")), bool(button.get("url"))
    if has_id and has_url:
        message = "A custom id and url cannot both be specified"
        yield "custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message
    elif button.get("style") == LINK:
        yield from url(button, "url", ("http", "https", "discord"), needed=True)
        if has_id:
            yield "custom_id", "BASE_TYPE_BAD_STRING", "A button with a url has no custom id"
    elif has_url:
        yield "url", "URL_TYPE_INVALID_URL", "Only buttons of the style 5 have a url"
    elif not has_id:
        yield "custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"
    else:
        yield from text(button, "custom_id", 1, 100)
    if button.get("style") == LINK and isinstance(button.get("url"), str):
        yield from length("url", button["url"], 0, 512)


def select_problems(menu: Json) -> Iterator[Problem]:
    """What is wrong with a menu of any kind, in a message or in a modal."""
    yield from text(menu, "custom_id", 1, 100)
    yield from text(menu, "placeholder", 0, 150, needed=False)
    yield from whole_number(menu, "min_values", 0, _MAX_OPTIONS)
    yield from whole_number(menu, "max_values", 1, _MAX_OPTIONS)
    low, high = _bounds(menu)
    if low > high > 0:
        yield "min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}."
    if menu["type"] == STRING_SELECT:
        yield from _option_problems(menu, low, high)
    else:
        defaults, wrong = objects(menu, "default_values", 0, _MAX_OPTIONS)
        yield from wrong
        if len(defaults) > high:
            yield _too_many_defaults("default_values")


def _option_problems(menu: Json, low: int, high: int) -> Iterator[Problem]:
    options, wrong = objects(menu, "options", 1, _MAX_OPTIONS)
    yield from wrong
    values: set[str] = set()
    for path, option in options:
        yield from within(path, text(option, "label", 1, 100))
        yield from within(path, text(option, "value", 1, 100))
        yield from within(path, text(option, "description", 0, 100, needed=False))
        yield from within(path, switch(option, "default"))
        yield from within(path, _emoji_problems(option))
        value = option.get("value")
        if isinstance(value, str):
            if value in values:
                message = "The specified option value is already used"
                yield f"{path}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message
            values.add(value)
    if options and not wrong:
        if low > len(options):
            yield "min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}."
        if high > len(options):
            yield "max_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}."
    if sum(option.get("default") is True for _, option in options) > high:
        yield _too_many_defaults("options")


def _bounds(menu: Json) -> tuple[int, int]:
    low, high = menu.get("min_values"), menu.get("max_values")
    return low if isinstance(low, int) else 1, high if isinstance(high, int) else 1


def _too_many_defaults(path: str) -> Problem:
    message = "The specified number of default values exceeds the specified maximum values"
    return path, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message


def _emoji_problems(form: Json) -> Iterator[Problem]:
    emoji, wrong = part(form, "emoji")
    yield from wrong
    if emoji is not None and not (emoji.get("id") or emoji.get("name")):
        yield "emoji", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji"
