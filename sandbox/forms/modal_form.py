"""Modals: the windows with fields that a bot opens, checked as Discord checks them, and what a human writes into them.

https://discord.com/developers/docs/components/using-modal-components
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from sandbox.forms.components import ROW, SELECTS, select_problems
from sandbox.forms.field_rules import (
    Problem,
    objects,
    one_of,
    part,
    refuse,
    required,
    switch,
    text,
    whole_number,
    within,
)
from sandbox.forms.menu_choice import chosen_values
from sandbox.forms.resolved import CommandUser
from sandbox.state.json_types import Json
from sandbox.unimplemented import Unimplemented

_TEXT_INPUT: Final = 4
_TEXT_DISPLAY: Final = 10
_LABEL: Final = 18
_STYLES: Final = (1, 2)
_MAX_PARTS: Final = 5
_MAX_TEXT: Final = 4000


def read_modal(data: Json) -> Json:
    """A checked modal, each component with a number of its own.

    Raises:
        ApiError: 50035, with every problem.
        Unimplemented: it has components that the sandbox does not know.
    """
    refuse(within("data", _problems(data)))
    numbers = count(1)
    parts = []
    for each in data["components"]:
        shown = each | {"id": next(numbers)}
        if each["type"] == ROW:
            shown["components"] = [inner | {"id": next(numbers)} for inner in each["components"]]
        elif each["type"] == _LABEL:
            shown["component"] = each["component"] | {"id": next(numbers)}
        parts.append(shown)
    return {"custom_id": data["custom_id"], "title": data["title"], "components": parts}


def submitted_data(modal: Json, answers: Mapping[str, Any], who: CommandUser) -> Json:
    """The `data` of the interaction by which a human sends a modal. `answers` go by the fields' custom_id or label.

    Raises:
        ValueError: Discord's client would not let a human send it.
    """
    left = dict(answers)
    resolved: Json = {}
    parts = []
    for each in modal["components"]:
        shown: Json = {"type": each["type"], "id": each["id"]}
        if each["type"] == ROW:
            shown["components"] = [
                _answered(field, field.get("label"), left, who, resolved) for field in each["components"]
            ]
        elif each["type"] == _LABEL:
            shown["component"] = _answered(each["component"], each["label"], left, who, resolved)
        parts.append(shown)
    if left:
        raise ValueError(f"the modal {modal['title']!r} has no fields {sorted(left)}")
    data: Json = {"custom_id": modal["custom_id"], "components": parts}
    return data | {"resolved": resolved} if resolved else data


def _problems(modal: Json) -> Iterator[Problem]:
    yield from text(modal, "custom_id", 1, 100)
    yield from text(modal, "title", 1, 45)
    parts, wrong = objects(modal, "components", 1, _MAX_PARTS)
    yield from wrong
    seen: set[object] = set()
    for path, each in parts:
        yield from within(path, _part_problems(each, seen))


def _part_problems(each: Json, seen: set[object]) -> Iterator[Problem]:
    kind = each.get("type")
    if kind == ROW:
        fields, wrong = objects(each, "components", 1, 1)
        yield from wrong
        for path, field in fields:
            if field.get("type") != _TEXT_INPUT:
                yield f"{path}.type", "BASE_TYPE_CHOICES", f"Value must be one of ({_TEXT_INPUT},)."
            else:
                yield from within(path, text(field, "label", 1, 45))
                yield from within(path, _field_problems(field, seen))
    elif kind == _LABEL:
        yield from text(each, "label", 1, 45)
        yield from text(each, "description", 1, 100, needed=False)
        inside, wrong = part(each, "component")
        yield from wrong
        if inside is not None:
            yield from within("component", _field_problems(inside, seen))
        elif not wrong:
            yield required("component")
    elif kind == _TEXT_DISPLAY:
        yield from text(each, "content", 1, _MAX_TEXT)
    elif kind is None:
        yield required("type")
    else:
        raise Unimplemented(f"modal components of type {kind}")


def _field_problems(field: Json, seen: set[object]) -> Iterator[Problem]:
    if field.get("type") in SELECTS:
        yield from select_problems(field)
    elif field.get("type") == _TEXT_INPUT:
        yield from text(field, "custom_id", 1, 100)
        yield from one_of(field, "style", _STYLES)
        yield from whole_number(field, "min_length", 0, _MAX_TEXT)
        yield from whole_number(field, "max_length", 1, _MAX_TEXT)
        yield from text(field, "value", 0, _MAX_TEXT, needed=False)
        yield from text(field, "placeholder", 0, 100, needed=False)
    else:
        raise Unimplemented(f"modal components of type {field.get('type')}")
    yield from switch(field, "required")
    if field.get("custom_id") in seen:
        yield "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
    seen.add(field.get("custom_id"))


def _answered(field: Json, label: object, left: dict[str, Any], who: CommandUser, resolved: Json) -> Json:
    name = next((key for key in (field["custom_id"], label) if key in left), None)
    given = left.pop(name) if name is not None else None
    shown: Json = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    needed = field.get("required") is not False
    if field["type"] == _TEXT_INPUT:
        return shown | {"value": _text(field, field.get("value") or "" if given is None else given, needed=needed)}
    choices = [] if given is None else given if isinstance(given, list | tuple) else [given]
    if not choices and not needed:
        return shown | {"values": []}
    return shown | {"values": chosen_values(field, choices, who, resolved)}


def _text(field: Json, value: str, *, needed: bool) -> str:
    low, high = field.get("min_length") or 0, field.get("max_length") or _MAX_TEXT
    if not value and not needed:
        return value
    if not max(low, int(needed)) <= len(value) <= high:
        raise ValueError(
            f"the field {field['custom_id']!r} takes {max(low, int(needed))} to {high} characters: {value!r}"
        )
    return value
