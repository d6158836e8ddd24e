"""Our own words out of somebody's loudspeaker are told from theirs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.call.echo import is_echo, may_become_echo, may_come_back

SAID = "The ships come home at dusk, when the gulls fly back in. They bring what they have caught."


@pytest.mark.parametrize(
    "text",
    [
        "The ships come home at dusk when the gulls fly back in.",
        "come home at dusk when the gulls",
        "They bring what they have called",
        "the chips come home at dusk",
    ],
)
def test_what_was_said_a_moment_ago_is_an_echo_though_a_word_is_misheard(text: str) -> None:
    assert is_echo(text, SAID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "At dusk?",
        "stop",
        "When do the ships come home tomorrow, and who is waiting for them?",
        "dusk at home come ships the",
        "What have you caught?",
    ],
)
def test_what_a_member_says_themselves_is_none(text: str) -> None:
    assert not is_echo(text, SAID)


def test_without_a_word_of_ours_there_is_no_echo() -> None:
    assert not is_echo("The ships come home at dusk.", "")


def test_only_our_latest_words_can_come_back() -> None:
    assert not is_echo("The ships come home at dusk.", f"{SAID} " + "one two three " * 100)


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_is_judged(text: str, said: str) -> None:
    assert is_echo(text, said) in (True, False)


@pytest.mark.parametrize(("text", "may"), [("fly back", True), ("Dusk", True), ("back fly", False), ("", False)])
def test_few_words_may_become_an_echo_if_they_are_ours_in_their_order(text: str, may: bool) -> None:
    assert may_become_echo(text, SAID) is may


def test_what_we_said_long_ago_is_not_on_its_way_back() -> None:
    assert not may_become_echo("fly back", f"{SAID} " + "one two three " * 10)


def test_who_begins_half_a_second_after_our_last_sound_repeats_us_of_their_own_will() -> None:
    said = [(10.0, "It is late."), (math.inf, "Good night.")]
    assert may_come_back(9.0, said) == "It is late. Good night."
    assert may_come_back(10.4, said) == "It is late. Good night."
    assert may_come_back(10.6, said) == "Good night."
    assert may_come_back(10.6, said[:1]) == ""
