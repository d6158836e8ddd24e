import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.normalization.cleanup import speakable
from tests.support.linear_time import assert_linear_time


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Plain text, as it is.", "Plain text, as it is."),
        ("C# and a-b stay, as does -5.", "C# and a-b stay, as does -5."),
        ("It is *kept* and 3*4.", "It is kept and 3×4."),
        ("Great 😀👨\u200d👩\u200d👧🇩🇪 👍🏽 job ❤️!", "Great job!"),
        ("Press 1️⃣ now", "Press 1 now"),
        ("What?!?! No!!! Well..... so,, yes", "What? No! Well… so, yes"),
        ("哈哈哈哈哈。。。好！！", "哈哈哈。好！"),
        ("Soooooo 10000000 good", "Sooo 10000000 good"),
        ("a   lot\nof\tspace", "a lot of space"),
        ("----- === ~~~", ""),
        ("日本語です。", "日本語です。"),
        (", and so on", "and so on"),
        ("😀", ""),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_text_is_said_without_what_is_for_the_eye(text: str, said: str) -> None:
    assert speakable(text) == said


@given(st.one_of(st.text(), st.text("*_`~|<>@#&:[]()!?.,- \n\\ab1😀\u200d")))
def test_any_text_can_be_said_or_is_nothing(text: str) -> None:
    said = speakable(text)
    assert said == " ".join(said.split())
    assert not said or any(character.isalnum() for character in said)
    assert not set(said) & set("*`😀")


@given(st.lists(st.text("abcdefgXYZ", min_size=1, max_size=3), min_size=1))
def test_words_stay_as_they_are(words: list[str]) -> None:
    assert speakable(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "unit", ["*", "_", "a_", " ", "\n", "!?", ",;", " .", "- ", "-", "=", "😀", "😀\u200d", "aA", "，"]
)
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    assert_linear_time(lambda text: speakable(f"a{text}a"), unit, characters=100_000)
