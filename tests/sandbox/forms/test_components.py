"""The limits of rows, buttons and menus."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.forms import components
from sandbox.state.errors import ApiError
from sandbox.unimplemented import Unimplemented

BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


@pytest.mark.parametrize(
    "rows",
    [
        [row()],
        [row(*(BUTTON | {"custom_id": str(number)} for number in range(6)))],
        [row(BUTTON | {"custom_id": str(number)}) for number in range(6)],
        [row(BUTTON, BUTTON)],
        [row(BUTTON), row(BUTTON)],
        [row(BUTTON | {"custom_id": "x" * 101})],
        [row(BUTTON | {"custom_id": ""})],
        [row(BUTTON | {"label": "x" * 81})],
        [row({"type": 2, "style": 5, "label": "x"})],
    ],
)
def test_rows_over_their_limits_are_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(ApiError) as caught:
        components.read(rows)
    assert caught.value.code == 50035


@pytest.mark.parametrize("rows", [[{"type": 17}], [row({"type": 5, "custom_id": "x"})]])
def test_components_which_are_not_implemented_are_refused_by_name(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Unimplemented, match="type"):
        components.read(rows)


def test_each_component_gets_a_number() -> None:
    shown = components.read([row(BUTTON), row(BUTTON | {"custom_id": "y"})])
    assert [each["id"] for each in shown] == [1, 3]
    assert [each["components"][0]["id"] for each in shown] == [2, 4]
