from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.discord_io.invite_link import PERMISSIONS, invite_link

README = Path(__file__).parents[3] / "README.md"


def test_the_link_asks_for_exactly_what_a_call_needs() -> None:
    bot: Any = SimpleNamespace(application_id=1234)
    link = invite_link(bot)
    assert "client_id=1234" in link
    assert f"permissions={PERMISSIONS.value}" in link
    assert "scope=bot+applications.commands" in link
    assert not PERMISSIONS.administrator


def test_the_readme_gives_the_same_link() -> None:
    assert f"scope=bot+applications.commands&permissions={PERMISSIONS.value}`" in README.read_text("utf-8")
