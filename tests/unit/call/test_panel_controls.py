"""Which clicks are answered, and how, as a call ends or goes over to another process."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.call.panel_controls import PanelControls
from assistant.discord_io import consent_wording, wording
from assistant.domain.heard_by import HeardBy

PANEL = 9


class FakeCalls:
    """The calls of a process: one that is there, one that is saying goodbye, or none."""

    def __init__(self, *, has_call: bool = False, is_leaving: bool = False, is_closing: bool = False) -> None:
        self.session = SimpleNamespace(panel_id=PANEL, skip=lambda _: False) if has_call or is_leaving else None
        self.has_call = has_call
        self.is_closing = is_closing
        self.ended = 0
        self.all_control = True

    def get(self, _: int) -> object:
        return self.session if self.has_call else None

    def listening(self, _: int) -> object:
        return self.session

    def is_returning(self, _: int) -> bool:
        return False

    def may_control(self, *_: object) -> bool:
        return self.all_control

    def end(self, *_: object) -> bool:
        self.ended += self.has_call
        return self.has_call


class Click:
    """A click on a panel, and what comes of it."""

    def __init__(self, panel_id: int = PANEL) -> None:
        self.id, self.guild_id, self.guild = 1, 5, object()
        self.message = SimpleNamespace(id=panel_id)
        self.user = SimpleNamespace(id=7, display_name="Ada")
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


class FakeConsents:
    """Who has agreed to be heard."""

    def __init__(self, listening: str = "ask") -> None:
        self.listening = listening
        self.heard_by = HeardBy(is_local=True)
        self.is_given = False

    async def switch(self, guild_id: int, user_id: int) -> bool:
        assert (guild_id, user_id) == (5, 7)
        self.is_given = not self.is_given
        return self.is_given


async def click(calls: FakeCalls, button: str, panel_id: int = PANEL, consents: FakeConsents | None = None) -> Click:
    click = Click(panel_id)
    controls = PanelControls(
        cast(Any, None), cast(Any, calls), cast(Any, click), cast(Any, consents or FakeConsents()), name="Molly"
    )
    handlers = {"end": controls._end_clicked, "skip": controls._skip_clicked, "talk": controls._talk_clicked}
    await handlers[button](cast(Any, click))
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
        (FakeCalls(), "talk", PANEL, [wording.OLD_PANEL]),
    ],
)
async def test_every_click_is_answered(calls: FakeCalls, button: str, panel_id: int, answers: list[str]) -> None:
    clicked = await click(calls, button, panel_id)
    assert clicked.answers == answers
    assert calls.ended == calls.has_call


@pytest.mark.parametrize("button", ["end", "skip", "talk"])
async def test_a_click_on_a_call_that_is_about_to_go_on_elsewhere_is_left_to_whoever_has_it(button: str) -> None:
    clicked = await click(FakeCalls(is_closing=True), button)
    assert not clicked.is_claimed
    assert clicked.answers == []


async def test_whoever_presses_to_talk_is_heard_and_with_the_next_press_not_any_more() -> None:
    consents = FakeConsents()
    calls = FakeCalls(has_call=True)
    calls.all_control = False  # everybody decides for themselves
    agreed = await click(calls, "talk", consents=consents)
    assert agreed.answers == [consent_wording.now_heard("Molly", consents.heard_by)]
    refused = await click(calls, "talk", consents=consents)
    assert refused.answers == [consent_wording.NO_LONGER_HEARD]


@pytest.mark.parametrize(
    ("listening", "answer"), [("off", consent_wording.NOBODY_HEARD), ("everyone", consent_wording.ALL_HEARD)]
)
async def test_on_a_panel_from_before_the_owner_decided_otherwise_the_button_says_what_holds(
    listening: str, answer: str
) -> None:
    consents = FakeConsents(listening)
    clicked = await click(FakeCalls(has_call=True), "talk", consents=consents)
    assert clicked.answers == [answer]
    assert not consents.is_given
