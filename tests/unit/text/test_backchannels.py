"""Who only shows that they listen does not want to speak, and who says "stop" wants silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.backchannels import is_backchannel, is_stop, may_be_hum, word_count
from assistant.text.turn_words.table import TURN_WORDS
from tests.unit.text.turn_words import LANGUAGES, said

NAMES = ["Molly", "Молли", "モリー"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_of_listening_say_nothing(language: str) -> None:
    texts = said("listening", language)
    assert not [text for text in texts if not is_backchannel(text)]
    assert not [text for text in texts if word_count(text)]
    assert not [text for text in texts if is_stop(text, "Molly")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_anything_else_says_something(language: str) -> None:
    texts = said("speech", language)
    assert not [text for text in texts if is_backchannel(text)]
    assert not [text for text in texts if not word_count(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_says_stop_and_nothing_else_wants_silence(language: str) -> None:
    texts = said("stops", language)
    assert not [text for text in texts if not any(is_stop(text, name) for name in NAMES)]
    assert not [text for text in texts if is_backchannel(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_speaks_of_stopping_does_not(language: str) -> None:
    assert not [text for text in said("go_on", language) if any(is_stop(text, name) for name in NAMES)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Yeah, but why not?", 3),
        ("Um, tell me, uh, more", 3),
        ("Wait", 1),
        ("I see the sea", 2),
        ("等一下", 2),
        ("停", 1),
        ("ちょっと待って", 3),
        ("잠깐만 기다려", 2),
        ("เดี๋ยวก่อน", 2),
        ("नहीं रुको", 2),
    ],
)
def test_words_are_counted_that_say_something(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize(
    "text", ["Her.", "Mum!", "Hammer.", "Homer,", "Mama", "Hana.", "Hearm.", "Hum", "Hmm", "Him", "Ham.", "You"]
)
def test_a_hum_may_be_taken_for_a_word(text: str) -> None:
    assert may_be_hum(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Her?", "Her name.", "No.", "Now", "Who", "Why", "How", "Stop", "Wait", "Go", "Next", "Louder", "Again"),
        *(
            "More.",
            "Me.",
            "Here!",
            "Home",
            "Hurry",
            "Help",
            "Hello",
            "Morning",
            "Memory",
            "Hamburg",
            "Um den Hof",
            "Мама",
        ),
    ],
)
def test_a_word_that_is_meant_is_no_hum(text: str) -> None:
    assert not may_be_hum(text)


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_is_judged(text: str, name: str) -> None:
    assert word_count(text) >= 0
    assert not (may_be_hum(text) and word_count(text) > 1)
    assert is_stop(text, name) or not is_stop(text), "a name takes nothing away"
    assert not (is_backchannel(text) and word_count(text))


@given(
    st.sampled_from([phrase for words in TURN_WORDS.values() for phrase in sorted(words.stop)]),
    st.sampled_from([" ", "  ", ", ", "! ", "\n", " - "]),
    st.sampled_from(["", ".", "!", "…", " ?", "。"]),
    st.booleans(),
)
def test_space_case_and_punctuation_do_not_matter(
    phrase: tuple[str, ...], between: str, behind: str, is_large: bool
) -> None:
    text = between.join(phrase) + behind
    assert is_stop(text.upper() if is_large else text)
