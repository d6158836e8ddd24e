"""CONTROL.md of the distribution: it has every route, with the fields that it takes and what it does."""

import inspect
from pathlib import Path

from sandbox import Sandbox
from sandbox.control.control_routes import ControlRoute, control_routes

PAGE = Path(__file__).parents[3] / "packages" / "discord-loopback" / "CONTROL.md"


def row_of(route: ControlRoute) -> str:
    """The route's row in the table. A field with a "?" may be left out."""
    fields = [
        f"`{name}`" if each.default is each.empty else f"`{name}`?"
        for name, each in inspect.signature(route.answer).parameters.items()
        if f"{{{name}}}" not in route.path
    ]
    return f"| `{route.method} {route.path}` | {', '.join(fields)} | {inspect.getdoc(route.answer)} |"


async def test_the_page_has_every_route_and_no_other() -> None:
    expected = [row_of(route) for route in control_routes(Sandbox())]
    rows = [
        line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(("| `GET", "| `POST", "| `DELETE"))
    ]
    assert sorted(rows) == sorted(expected)
