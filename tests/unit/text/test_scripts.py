"""Other scripts in Latin letters, about as they sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.scripts import in_latin_letters


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("Jürgen", "jurgen"),
        ("Ayşe", "ayshe"),
        ("Łukasz", "lukasz"),
        ("Джарвис", "dzharvis"),
        ("Ольга", "olga"),
        ("ソフィア", "sofia"),
        ("ジャック", "jyaku"),
        ("さくら", "sakura"),
        ("つづ", "tsudu"),
        ("몰리", "molri"),
        ("O'Neil 3!", "oneil"),
        ("茉莉", "茉莉"),
        ("", ""),
    ],
)
def test_a_word_is_written_in_latin_letters(word: str, latin: str) -> None:
    assert in_latin_letters(word) == latin


@given(st.text(max_size=40))
def test_any_word_gives_letters_only(word: str) -> None:
    latin = in_latin_letters(word)
    assert not latin or latin.isalpha()
