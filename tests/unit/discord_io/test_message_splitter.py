import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io.message_splitter import DISCORD_LIMIT, split_message, with_note
from tests.support.linear_time import assert_linear_time

PIECES = [
    "a",
    "word ",
    "Sentence. ",
    "\n",
    "\n\n",
    "```",
    "```python\n",
    "\n```\n",
    "`",
    "    ",
    "😀",
    "é",
    "long" * 30,
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=120).map("".join)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def without_fences(text: str) -> str:
    """The text's visible characters, without its fences and the languages behind them."""
    segments = text.split("```")
    for index in range(1, len(segments), 2):
        segments[index] = re.sub(r"\A[\w+#.-]{1,32}(?=\n)", "", segments[index])
    return re.sub(r"\s", "", "".join(segments))


def test_a_short_text_is_one_post_as_it_is() -> None:
    assert split_message("Hello **there**.\n\n```py\nx = 1\n```") == ["Hello **there**.\n\n```py\nx = 1\n```"]


@pytest.mark.parametrize("blank", ["", " ", "\n\n \t"])
def test_a_blank_text_is_no_post(blank: str) -> None:
    assert split_message(blank) == []


def test_a_text_of_exactly_the_limit_is_one_post_and_one_more_makes_two() -> None:
    assert [len(post) for post in split_message("x" * DISCORD_LIMIT)] == [DISCORD_LIMIT]
    assert len(split_message("x" * (DISCORD_LIMIT + 1))) == 2


def test_paragraphs_stay_whole_where_they_can() -> None:
    first, second = "One sentence. " * 5, "Another line.\n" * 4
    assert split_message(f"{first}\n\n{second}", 110) == [first.strip(), second.strip()]


def test_a_long_paragraph_is_cut_after_a_sentence_rather_than_inside_one() -> None:
    posts = split_message("The quick brown fox jumps over the dog. " * 10, 100)
    assert all(post.endswith("dog.") for post in posts)


def test_words_stay_whole() -> None:
    assert all(set(post.split()) == {"word"} for post in split_message("word " * 300, 100))


def test_code_that_is_cut_is_closed_and_opened_again_with_its_language() -> None:
    lines = [f"    line_{number} = {number}" for number in range(30)]
    posts = split_message("Look:\n```python\n" + "\n".join(lines) + "\n```\nDone.", 200)
    blocks = [post for post in posts if "line_" in post]
    assert len(blocks) > 2
    for block in blocks[1:]:
        assert block.startswith("```python\n    line_")
    assert all(post.count("```") == 2 for post in blocks)
    assert [line for post in blocks for line in post.splitlines() if "line_" in line] == lines
    assert posts[-1].endswith("Done.")


def test_a_block_of_code_that_fits_into_the_next_post_is_not_cut() -> None:
    code = "```py\n" + "x = 1\n" * 12 + "```"
    posts = split_message("Some words before it. " * 3 + "\n" + code, 130)
    assert posts[-1] == code


def test_there_is_room_for_the_fences_of_code_without_any_break() -> None:
    posts = split_message("```\n" + "x" * 500 + "\n```", 100)
    assert all(len(post) <= 100 for post in posts)
    assert all(post.startswith("```\n") and post.endswith("\n```") for post in posts)


@pytest.mark.parametrize("before", range(60, 101, 4))
@pytest.mark.parametrize("length", [10, 85, 90, 95, 200])
def test_no_block_of_code_is_left_empty_wherever_the_cut_falls(before: int, length: int) -> None:
    posts = split_message("y" * before + "\n```py\n" + "x" * length + "\n```\nAfter it there are more words.", 100)
    assert not any(re.search(r"```(py)?\s*```", post) for post in posts)


@pytest.mark.parametrize("blank_lines", range(1, 20, 3))
def test_code_that_begins_with_blank_lines_at_the_end_of_a_post_goes_to_the_next(blank_lines: int) -> None:
    text = "y" * 80 + "```py\n" + "\n" * blank_lines + "x" * 200 + "\n```"
    posts = split_message(text, 100)
    assert posts[0] == "y" * 80
    assert "".join(map(without_fences, posts)) == without_fences(text)


def test_code_that_was_never_closed_is_closed() -> None:
    assert split_message("```py\nx = 1") == ["```py\nx = 1\n```"]


def test_length_is_counted_so_that_no_way_of_counting_finds_it_too_long() -> None:
    assert all(units(post) <= 100 for post in split_message("😀" * 500, 100))


def test_emoji_sequences_are_not_torn_apart() -> None:
    family = "👨\u200d👩\u200d👧"
    assert all(post.replace(family, "") == "" for post in split_message(family * 100, 100))


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        split_message("text", 10)


@given(TEXTS, st.integers(100, 400))
def test_posts_fit_are_not_blank_close_their_code_and_hold_the_whole_text(text: str, limit: int) -> None:
    posts = split_message(text, limit)
    assert all(units(post) <= limit for post in posts)
    assert all(post.strip() for post in posts)
    assert all(post.count("```") % 2 == 0 for post in posts)
    assert "".join(map(without_fences, posts)) == without_fences(text)


@given(st.text(max_size=600))
def test_any_text_fits_and_loses_nothing_but_blanks(text: str) -> None:
    posts = split_message(text.replace("`", "'").encode(errors="ignore").decode(), 100)
    assert all(units(post) <= 100 for post in posts)
    assert "".join("".join(posts).split()) == "".join(text.replace("`", "'").split())


@pytest.mark.parametrize("unit", ["\n", "```", "` ", "a", "a\n\n", "```py\n", ". "])
def test_a_hostile_text_takes_no_more_than_linear_time(unit: str) -> None:
    assert_linear_time(lambda text: split_message(f"{text}x"), unit, characters=100_000)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Once upon", "Once upon\nnote"),
        ("", "note"),
        ("See ```py\nx = 1", "See ```py\nx = 1\n```\nnote"),
        ("See ```py\nx = 1\n``` and", "See ```py\nx = 1\n``` and\nnote"),
    ],
)
def test_a_note_stands_behind_a_text_and_outside_its_code(text: str, whole: str) -> None:
    assert with_note(text, "note") == whole
