"""Message components: rows of buttons and menus, their limits, and finding the one that is clicked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json
from sandbox.unimplemented import Unimplemented

ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
_LINK: Final = 5
_MAX_ROWS: Final = 5
_MAX_IN_ROW: Final = 5

Problem = tuple[str, str, str]


def read(rows: list[Json]) -> list[Json]:
    """Checked rows as Discord gives them back, each component with a number of its own.

    Raises:
        ApiError: 50035, with every problem.
        Unimplemented: something is no row, button or string select.
    """
    problems = list(_problems(rows))
    if problems:
        raise invalid_form(*problems)
    number = 0
    shown = []
    for row in rows:
        number += 1
        shown_row: Json = {"type": ROW, "id": number, "components": []}
        for component in row["components"]:
            number += 1
            given = {key: value for key, value in component.items() if value is not None}
            shown_row["components"].append(given | {"id": number})
        shown.append(shown_row)
    return shown


def _problems(rows: list[Json]) -> Iterator[Problem]:
    if len(rows) > _MAX_ROWS:
        yield "components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_MAX_ROWS} in length."
    seen: set[str] = set()
    for r, row in enumerate(rows):
        if row.get("type") != ROW:
            raise Unimplemented(f"message components of type {row.get('type')} at the top level")
        inside = row.get("components") or []
        if not 1 <= len(inside) <= _MAX_IN_ROW:
            message = f"Must be between 1 and {_MAX_IN_ROW} in length."
            yield f"components.{r}.components", "BASE_TYPE_BAD_LENGTH", message
        for c, component in enumerate(inside):
            path = f"components.{r}.components.{c}"
            for key, code, message in _component_problems(component, seen):
                yield f"{path}.{key}", code, message


def _component_problems(component: Json, seen: set[str]) -> Iterator[Problem]:
    kind = component.get("type")
    if kind not in (BUTTON, STRING_SELECT):
        raise Unimplemented(f"message components of type {kind}")
    if len(component.get("label") or "") > 80:
        yield "label", "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length."
    if kind == BUTTON and component.get("style") == _LINK:
        if not component.get("url"):
            yield "url", "BASE_TYPE_REQUIRED", "A url is required"
        return
    custom_id = component.get("custom_id")
    if not custom_id:
        yield "custom_id", "BASE_TYPE_REQUIRED", "A custom id is required"
    elif len(custom_id) > 100:
        yield "custom_id", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length."
    elif custom_id in seen:
        yield "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
    else:
        seen.add(custom_id)
