"""The private parts of py-cord are in one module, and their absence is known at the start."""

import ast
from pathlib import Path

import discord
import pytest

import assistant
from assistant.pycord.private_parts import check_private_parts

ROOMS = Path(assistant.__file__).parent


@pytest.mark.parametrize(
    ("owner", "name"), [(discord.Client, "_get_websocket"), (discord.AutoShardedClient, "_get_websocket")]
)
def test_a_part_that_has_gone_is_named(owner: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_private_parts()
    monkeypatch.delattr(discord.Client, name)
    if owner is not discord.Client:
        monkeypatch.delattr(owner, name)
    with pytest.raises(ImportError, match=f"{owner.__name__}.{name}"):
        check_private_parts()


def test_an_attribute_that_has_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.Client, "__init__", lambda _: None)
    with pytest.raises(ImportError, match=r"lacks what the assistant needs: Client\._connection$"):
        check_private_parts()


@pytest.mark.parametrize("folder", [ROOMS / "pycord", ROOMS / "voice", ROOMS / "call", ROOMS.parent / "cogs"])
def test_no_other_module_touches_one(folder: Path) -> None:
    touches = [
        f"{path.name}:{node.lineno}: {ast.unparse(node)}"
        for path in folder.glob("*.py")
        if path.name != "private_parts.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    ]
    assert touches == []
