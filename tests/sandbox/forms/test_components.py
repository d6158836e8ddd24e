"""The limits of rows, buttons and menus."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.forms import components
from sandbox.state.errors import ApiError
from sandbox.unimplemented import Unimplemented

BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}


SELECT = {"type": 3, "custom_id": "s", "options": [{"label": "one", "value": "1"}]}
TWO = [{"label": "one", "value": "1"}, {"label": "two", "value": "2"}]


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


@pytest.mark.parametrize(
    ("component", "field"),
    [
        ({"type": 2, "label": "x", "custom_id": "x"}, "style"),
        (BUTTON | {"style": 7}, "style"),
        (BUTTON | {"style": "blue"}, "style"),
        ({"type": 2, "style": 1, "custom_id": "x"}, "label"),
        (BUTTON | {"label": "", "emoji": None}, "label"),
        (BUTTON | {"label": 5}, "label"),
        (BUTTON | {"emoji": {}}, "emoji"),
        (BUTTON | {"emoji": "👍"}, "emoji"),
        (BUTTON | {"url": "https://example.org"}, "custom_id"),
        (BUTTON | {"disabled": "yes"}, "disabled"),
        (BUTTON | {"id": -1}, "id"),
        ({"type": 2, "style": 5, "label": "x", "url": "example"}, "url"),
        ({"type": 2, "style": 5, "label": "x", "url": "ftp://example.org"}, "url"),
        ({"type": 2, "style": 5, "label": "x", "url": "https://example.org/" + "x" * 512}, "url"),
        ({"type": 2, "style": 1, "label": "x", "url": "https://example.org"}, "url"),
        (SELECT | {"options": []}, "options"),
        (SELECT | {"options": [{"label": "x", "value": str(number)} for number in range(26)]}, "options"),
        (SELECT | {"options": None}, "options"),
        (SELECT | {"options": "one"}, "options"),
        (SELECT | {"custom_id": None}, "custom_id"),
        (SELECT | {"placeholder": "x" * 151}, "placeholder"),
        (SELECT | {"min_values": 26}, "min_values"),
        (SELECT | {"max_values": 0}, "max_values"),
        (SELECT | {"max_values": 2}, "max_values"),
        (SELECT | {"options": TWO, "min_values": 2, "max_values": 1}, "min_values"),
        (SELECT | {"options": [each | {"default": True} for each in TWO]}, "options"),
        ({"type": 5, "custom_id": "u", "default_values": [{"id": "1", "type": "user"}] * 2}, "default_values"),
        ({"custom_id": "x"}, "type"),
    ],
)
def test_component_that_discord_refuses_names_its_field(component: dict[str, Any], field: str) -> None:
    with pytest.raises(ApiError) as caught:
        components.read([row(component)])
    assert caught.value.errors is not None
    (wrong,) = caught.value.errors["components"]["0"]["components"]["0"].items()
    assert wrong[0] == field
    assert wrong[1]["_errors"][0]["code"]


@pytest.mark.parametrize(
    ("option", "field"),
    [
        ({"label": "x"}, "value"),
        ({"value": "x"}, "label"),
        ({"label": "", "value": "x"}, "label"),
        ({"label": "x" * 101, "value": "x"}, "label"),
        ({"label": "x", "value": "x" * 101}, "value"),
        ({"label": "x", "value": "1"}, "value"),
        ({"label": "x", "value": 2}, "value"),
        ({"label": "x", "value": "x", "description": "x" * 101}, "description"),
    ],
)
def test_option_that_discord_refuses_names_its_field(option: dict[str, Any], field: str) -> None:
    with pytest.raises(ApiError) as caught:
        components.read([row(SELECT | {"options": [*TWO[:1], option]})])
    assert caught.value.errors is not None
    menu = caught.value.errors["components"]["0"]["components"]["0"]
    assert list(menu["options"]["1"]) == [field]


@pytest.mark.parametrize(
    "rows", [{"type": 1}, ["row"], [row(SELECT, SELECT | {"custom_id": "t"})], [row(SELECT, BUTTON)]]
)
def test_rows_of_a_wrong_shape_are_refused(rows: Any) -> None:
    with pytest.raises(ApiError) as caught:
        components.read(rows)
    assert caught.value.code == 50035


@pytest.mark.parametrize(
    "component",
    [
        BUTTON | {"label": None, "emoji": {"name": "👍"}},
        {"type": 2, "style": 5, "label": "x", "url": "https://example.org"},
        SELECT | {"options": TWO, "min_values": 0, "max_values": 2},
        {"type": 8, "custom_id": "c", "channel_types": [2]},
    ],
)
def test_component_within_its_limits_is_shown(component: dict[str, Any]) -> None:
    (shown,) = components.read([row(component)])
    assert shown["components"][0]["type"] == component["type"]


def test_menu_says_how_many_can_be_chosen() -> None:
    (shown,) = components.read([row(SELECT)])
    assert (shown["components"][0]["min_values"], shown["components"][0]["max_values"]) == (1, 1)


@pytest.mark.parametrize(
    "rows", [[{"type": 17}], [row({"type": 4, "custom_id": "x"})], [row(BUTTON | {"style": 6, "sku_id": "1"})]]
)
def test_components_which_are_not_implemented_are_refused_by_name(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Unimplemented, match=r"type|premium"):
        components.read(rows)


def test_each_component_gets_a_number() -> None:
    shown = components.read([row(BUTTON), row(BUTTON | {"custom_id": "y"})])
    assert [each["id"] for each in shown] == [1, 3]
    assert [each["components"][0]["id"] for each in shown] == [2, 4]
