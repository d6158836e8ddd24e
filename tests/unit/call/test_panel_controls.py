"""Which clicks are answered, and how, as a call ends or goes over to another process."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.call.panel_controls import PanelControls
from assistant.discord_io import wording

PANEL = 9


class FakeCalls:
    """The calls of a process: one that is there, one that is saying goodbye, or none."""

    def __init__(self, *, has_call: bool = False, is_leaving: bool = False, is_closing: bool = False) -> None:
        self.session = SimpleNamespace(panel_id=PANEL, skip=lambda _: False) if has_call or is_leaving else None
        self.has_call = has_call
        self.is_closing = is_closing
        self.ended = 0

    def get(self, _: int) -> object:
        return self.session if self.has_call else None

    def listening(self, _: int) -> object:
        return self.session

    def is_returning(self, _: int) -> bool:
        return False

    def may_control(self, *_: object) -> bool:
        return True

    def end(self, *_: object) -> bool:
        self.ended += self.has_call
        return self.has_call


class Click:
    """A click on a panel, and what comes of it."""

    def __init__(self, panel_id: int = PANEL) -> None:
        self.id, self.guild_id, self.guild = 1, 5, object()
        self.message = SimpleNamespace(id=panel_id)
        self.user = SimpleNamespace(display_name="Ada")
        self.response = self
        self.answers: list[object] = []
        self.is_claimed = False

    async def claim(self, _: int) -> bool:
        self.is_claimed = True
        return True

    async def defer(self) -> None:
        self.answers.append("deferred")

    async def edit_message(self, *, content: str, view: discord.ui.View | None) -> None:
        assert view is None
        self.answers.append(content)

    async def send_message(self, content: str, *, ephemeral: bool) -> None:
        assert ephemeral
        self.answers.append(content)


async def click(calls: FakeCalls, button: str, panel_id: int = PANEL) -> Click:
    click = Click(panel_id)
    controls = PanelControls(cast(Any, None), cast(Any, calls), cast(Any, click))
    await (controls._end_clicked if button == "end" else controls._skip_clicked)(cast(Any, click))
    return click


@pytest.mark.parametrize(
    ("calls", "button", "panel_id", "answers"),
    [
        (FakeCalls(has_call=True), "end", PANEL, ["deferred"]),
        (FakeCalls(is_leaving=True), "end", PANEL, ["deferred"]),
        (FakeCalls(is_leaving=True, is_closing=True), "end", PANEL, ["deferred"]),
        (FakeCalls(is_leaving=True), "skip", PANEL, [wording.NOTHING_TO_SKIP]),
        (FakeCalls(is_leaving=True), "end", 8, [wording.OLD_PANEL]),
        (FakeCalls(), "end", PANEL, [wording.OLD_PANEL]),
        (FakeCalls(), "skip", PANEL, [wording.OLD_PANEL]),
    ],
)
async def test_every_click_is_answered(calls: FakeCalls, button: str, panel_id: int, answers: list[str]) -> None:
    clicked = await click(calls, button, panel_id)
    assert clicked.answers == answers
    assert calls.ended == calls.has_call


@pytest.mark.parametrize("button", ["end", "skip"])
async def test_a_click_on_a_call_that_is_about_to_go_on_elsewhere_is_left_to_whoever_has_it(button: str) -> None:
    clicked = await click(FakeCalls(is_closing=True), button)
    assert not clicked.is_claimed
    assert clicked.answers == []
