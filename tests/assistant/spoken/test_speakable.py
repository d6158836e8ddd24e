import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spoken.speakable import speakable

ID = "123456789012345678"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Plain text, as it is.", "Plain text, as it is."),
        ("This is **bold**, *slanted*, __underlined__, ~~gone~~ and ||hidden||.",
         "This is bold, slanted, underlined, gone and hidden."),
        ("**half a mark", "half a mark"),
        ("Call `len(x)` on snake_case names.", "Call len(x) on snake case names."),
        ("# A heading", "A heading"),
        ("-# small print", "small print"),
        ("> quoted", "quoted"),
        ("- a bullet", "a bullet"),
        ("  * **another**", "another"),
        ("C# and a-b stay, as does -5.", "C# and a-b stay, as does -5."),
        ("It is 3 * 4 or 3*4.", "It is 3 × 4 or 3×4."),
        ("---", ""),
        ("| --- | --- |", ""),
        ("| one | two |", "one two"),
        ("```py\nx = 1\n```", "The code is in the chat."),
        ("See [the docs](https://x.org/a) or https://www.python.org/downloads/.", "See the docs or python.org."),
        ("Also <https://example.org/a?b=c>!", "Also example.org!"),
        ("Hi <:wave_hello:123>!", "Hi wave hello!"),
        ("Hi <a:dance:123>!", "Hi dance!"),
        (f"Ask <@{ID}>, <@!{ID}> or <@&{ID}> in <#{ID}>.", "Ask someone, someone or a role in a channel."),
        (f"Use </voice_chat:{ID}> then.", "Use voice chat then."),
        ("It was <t:1618953630:R>.", "It was."),
        ("Great 😀👨\u200d👩\u200d👧🇩🇪 👍🏽 job ❤️!", "Great job!"),
        ("Press 1️⃣ now", "Press 1 now"),
        ("What?!?! No!!! Well..... so,, yes", "What? No! Well… so, yes"),
        ("a   lot\nof\tspace", "a lot of space"),
        ("日本語です。", "日本語です。"),
        ("😀", ""),
        ("...", ""),
        ("**", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_said_without_what_is_for_the_eye(sentence: str, said: str) -> None:
    assert speakable(sentence) == said


@given(st.one_of(st.text(), st.text("*_`~|<>@#&:[]()!?.,- \n\\ab1😀\u200d")))
def test_any_text_can_be_said_or_is_nothing(sentence: str) -> None:
    said = speakable(sentence)
    assert said == " ".join(said.split())
    assert not said or any(character.isalnum() for character in said)
    assert not set(said) & set("*`😀")


@given(st.lists(st.text("abcdefgXYZ", min_size=1, max_size=12), min_size=1))
def test_words_stay_as_they_are(words: list[str]) -> None:
    assert speakable(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "unit",
    ["*", "_", "a_", "a__", "`", "|", "~", " ", "\n", "- ", "# ", "!?", ",;", " .", "<", "<:a", "</a ", "</", "[",
     "[a](", "http://", "https://a.", "😀", "😀\u200d", "\\", "-\n", "\t-"],
)  # fmt: skip
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    text = "a" + unit * (100_000 // len(unit)) + "a"
    begun = time.thread_time()
    speakable(text)
    assert time.thread_time() - begun < 3
