import pytest

from assistant.util.text_boundaries import character_boundary, word_boundary


@pytest.mark.parametrize(
    ("text", "index", "boundary"),
    [
        ("plain", 3, 3),
        ("cafe\u0301s", 4, 3),
        ("cafe\u0301s", 5, 5),
        ("a👨\u200d👩\u200d👧b", 4, 1),
        ("a👨\u200d👩\u200d👧b", 6, 6),
        ("ok👍🏽", 3, 2),
        ("x```y", 3, 1),
        ("x```y", 4, 4),
        ("end", 3, 3),
        ("\u0301" * 50, 30, 30),
    ],
)
def test_a_cut_parts_no_visible_character(text: str, index: int, boundary: int) -> None:
    assert character_boundary(text, index) == boundary


@pytest.mark.parametrize(
    ("text", "index", "boundary"),
    [
        ("one two", 0, 0),
        ("one two", 2, 0),
        ("one two", 3, 3),
        ("one two", 4, 3),
        ("one two", 6, 3),
        ("one two", 7, 7),
        ("你好世界", 3, 3),
        ("", 0, 0),
    ],
)
def test_a_cut_at_a_word_parts_none(text: str, index: int, boundary: int) -> None:
    assert word_boundary(text, index) == boundary
