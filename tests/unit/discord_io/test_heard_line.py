import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io.heard_line import heard_line, heard_text
from assistant.discord_io.message_splitter import split_message

ANYTHING = st.text(max_size=300) | st.text(alphabet="🗣\ufe0f :\\\\*_~|`<[>\n\u2028\u202eAd\u0301", max_size=40)


@given(ANYTHING.map(lambda name: name[:40]), ANYTHING, st.text(max_size=100))
def test_what_was_said_is_read_again_whatever_the_name_the_words_and_the_answer_are(
    name: str, text: str, answer: str
) -> None:
    line = heard_line(name, text)
    read = heard_text(f"{line}\n{answer}")
    assert read == heard_text(line)
    assert heard_line(name, read) == line, "the next process shows another question"


@given(st.text(alphabet=st.characters(exclude_categories=["C"], exclude_characters="🗣"), min_size=1, max_size=300))
def test_ordinary_words_are_read_as_they_were_said(text: str) -> None:
    assert heard_text(heard_line("Ada", text)) == " ".join(text.split()) or not text.strip()


@given(ANYTHING.map(lambda name: name[:40]), ANYTHING)
def test_nobody_can_say_a_second_line_or_in_anothers_name(name: str, text: str) -> None:
    line = heard_line(name, text)
    assert len(line.splitlines()) == 1
    assert line.count("🗣") == 1
    assert line.startswith("🗣️ ")


@pytest.mark.parametrize(
    "said", ["```py", "||secret", "**loud", "[click](https://example.com)", "<@5>", "~~no", "`", "\\\\"]
)
def test_no_markup_of_what_was_said_reaches_the_answer(said: str) -> None:
    line = heard_line("Ada", said)
    assert line != f"🗣️ Ada: {said}"
    assert heard_text(line) == said


@given(
    st.text(max_size=32), st.text(max_size=400).map(lambda text: text * 9) | st.just("*" * 3000) | st.just("🗿" * 3000)
)
def test_the_line_leaves_room_for_an_answer_below_it_and_is_never_split(name: str, text: str) -> None:
    line = heard_line(name, text)
    assert len(line.encode("utf-16-le", "surrogatepass")) <= 2 * 1500
    for answer in ("word " * 900, "x" * 5000, "```py\n" + "code\n" * 900):
        first = split_message(f"{line}\n{answer}")[0]
        assert first.partition("\n")[0] == line.strip()


@pytest.mark.parametrize("text", ["", "🗣️", "🗣️ Ada", "🗣️ Ada:", "Ada: hello", "-# 💬 Ada asks:\nhello", "hm\n🗣️ Ada: hi"])
def test_nothing_was_said_in_another_message(text: str) -> None:
    assert not heard_text(text)
