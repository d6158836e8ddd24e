"""Who says the name at the start or the end of what they say calls somebody; who says no more only calls."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.calling import is_called, is_only_name

TURNS = tomllib.loads(Path(__file__).with_name("called_turns.toml").read_text("utf-8"))
"""Written before the rules were tried on them."""

CALLED = [
    "Molly, what time is it?",
    "Hey Mollie what time is it",
    "okay so, Molly, please stop",
    "Yeah right, Molly, and then?",
    "What do you think, Marley?",
    "What about it, Molly, please?",
    "What's the time, um, Molly?",
    "Who should I talk to, Molly?",
    "Is it late Molly",
    "Hallo Molly, wie geht's?",
    "Kannst du das noch mal sagen, Molly, bitte?",
    "Oye, Molly, ¿qué hora es?",
    "Dis-moi, Molly, il est quelle heure ?",
    "Tu m'entends, Molly, s'il te plaît ?",
    "Senti Molly, che ore sono?",
    "Zeg Molly, hoe laat is het?",
    "Słuchaj, Molly, która godzina?",
    "Olá Molly, que horas são?",
    "Молли, который час?",
    "Который час, Молли, пожалуйста?",
    "Merhaba Molly, saat kaç?",
    "モリー、今何時ですか",
    "ねえモリー今何時",
    "今何時ですか、モリーさん",
    "嘿 Molly，现在几点？",
]
NOT_CALLED = [
    "I mostly eat fish.",
    "Mostly I eat fish.",
    "Give me the money",
    "Yesterday Molly told us a joke about ships",
    "That's what I said to Molly.",
    "me and Molly",
    "Is that Ben or Molly?",
    "No way, that is crazy.",
    "",
    "...",
    "Hey",
]
ONLY_NAME = [
    "Molly?",
    "Hey Molly.",
    "Molly, Molly!",
    "um, Mollie?",
    "Oye, Molly",
    "Hé Molly !",
    "Эй, Молли",
    "ねえ、モリー",
]
MORE = [
    "Hello Molly!",
    "Thanks, Molly.",
    "Molly, stop.",
    "Hey Molly, help",
    "Good morning Molly",
    "Hey",
    "",
    "モリー、おはよう",
]


@pytest.mark.parametrize("text", CALLED)
def test_the_name_at_the_start_or_the_end_calls(text: str) -> None:
    assert is_called("Molly", text)


@pytest.mark.parametrize("text", NOT_CALLED)
def test_nothing_else_does(text: str) -> None:
    assert not is_called("Molly", text)


@pytest.mark.parametrize("text", ONLY_NAME)
def test_the_name_alone_and_what_calls_somebody_says_no_more(text: str) -> None:
    assert is_only_name("Molly", text)
    assert is_called("Molly", text)


@pytest.mark.parametrize("text", MORE)
def test_a_greeting_or_a_wish_is_more_than_the_name(text: str) -> None:
    assert not is_only_name("Molly", text)


def test_no_way_is_not_the_name_nova() -> None:
    assert not is_called("Nova", "No way, that is crazy.")


def test_of_a_hundred_turns_with_the_name_95_are_taken_and_of_a_hundred_without_2() -> None:
    with_name = [is_called(name, text) for name, texts in TURNS["with_name"].items() for text in texts]
    without = [is_called(name, text) for name in TURNS["with_name"] for text in TURNS["without"]["texts"]]
    assert len(with_name) == 100
    assert sum(with_name) >= 95
    assert len(without) == 2000
    assert sum(without) <= 0.02 * len(without)


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_text_is_judged_and_who_says_the_name_only_calls(name: str, text: str) -> None:
    assert is_called(name, text) or not is_only_name(name, text)


@given(st.sampled_from(CALLED + NOT_CALLED), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_does_not_matter(text: str, change: object) -> None:
    assert callable(change)
    assert is_called("Molly", change(text)) == is_called("Molly", text)
