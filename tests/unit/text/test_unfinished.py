"""Who ends with a word that needs more behind it has not ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.unfinished import is_unfinished
from tests.unit.text.turn_words import LANGUAGES, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_comes_behind_a_word_that_dangles(language: str) -> None:
    texts = said("unfinished", language)
    assert not [text for text in texts if not is_unfinished(text)]
    assert not [text for text in texts if not is_unfinished(f"  {text}\n")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_full_stop_of_a_recognizer_changes_nothing(language: str) -> None:
    texts = [text for text in said("unfinished", language) if text[-1].isalpha()]
    assert not [text for text in texts if not is_unfinished(f"{text}.")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_need_come_behind_a_whole_sentence(language: str) -> None:
    assert not [text for text in said("finished", language) if is_unfinished(text)]


def test_who_asks_has_ended() -> None:
    assert not is_unfinished("Who is the?")
    assert not is_unfinished("")


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert is_unfinished(text) == is_unfinished(f" {text} ")
