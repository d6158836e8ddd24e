"""Each step of the normalizer takes time linear in its text, in whatever language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.formula import simple_formula
from assistant.text.normalization.normalizer import normalizer_for
from tests.support.linear_time import assert_linear_time

_UNITS = [
    *["5 - 7", "5 - ", "9:00 - ", "5-", "Mon - ", "Mon", "5. - ", "1st - ", "5月〜", "5 km - ", "5 km", "$5 - ", "5 €"],
    *["a > ", "A > B ", " / ", "» ", "½", "1½ ", "x²", "10⁶", "√(", "√2", "α", "^", "x^2", "m²", "a/m²", "won 5-7 "],
    *["F♯", "A♠", "⌘", "↑", "★", "★☆", ": ✓", ":a", ":a:", "(source 1", "(source 1)", "a.com/", "a.com/b?", "a.b."],
    *["mailto:", "cite", "citeturn1search", "word", "1/2 cup "],
]  # fmt: skip
_MARKS = st.lists(st.sampled_from([*_UNITS, "word", "5", " ", ". ", "«", "=", "won "]), max_size=20).map("".join)


@pytest.mark.parametrize("language", ["en", "ru", "ja"])
@pytest.mark.parametrize("unit", _UNITS)
def test_a_hostile_text_takes_linear_time(unit: str, language: str) -> None:
    assert_linear_time(normalizer_for(language).normalize, unit, characters=6_000)


@given(_MARKS, st.sampled_from(["en", "de", "fr", "es", "it", "pl", "ru", "tr", "ja", "zh-CN", "ko", "hi", "ar", "eo"]))
def test_what_is_said_holds_words_and_single_blanks(text: str, language: str) -> None:
    said = normalizer_for(language).normalize(text)
    assert said == " ".join(said.split())
    assert not said or any(character.isalnum() for character in said)


@given(st.text("\\frac{sqrt}^_ab12+-=()$ text,.", max_size=200))
def test_any_formula_is_simple_or_is_not(latex: str) -> None:
    row = simple_formula(latex)
    assert row is None or len(row) > 0


@pytest.mark.parametrize("unit", ["{", "\\frac", "^", "^{", "_", "\\sqrt{", "a", "\\boxed", "}"])
def test_a_hostile_formula_takes_linear_time(unit: str) -> None:
    assert_linear_time(simple_formula, unit, characters=100_000)
