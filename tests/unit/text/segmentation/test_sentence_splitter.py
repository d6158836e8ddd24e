import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.segmentation.sentence_splitter import SHORTEST_LIMIT, Piece, SentenceSplitter
from tests.support.linear_time import assert_linear_time

WORDS = [
    *["word", "and", "Mr.", "etc.", "e.g.", "p.m.", "U.S.", "No.", "5", "3.14", "12.", "I.", "J.", "am", "x" * 45],
    *["in", "to", "that", "is", "it", "und", "mit", "der", "et", "demie", "qu'il", "d'eau", "est", "о", "не", "между"],
    *["Yes.", "no,", "so;", "then:", "why?", "Wow!!", "hm...", "…", "—", "-", '"Stop!"', "(ok.)", "**bold.**", "a.py"],
    *[
        "你好。",
        "好，",
        "吗？",
        "Then",
        "\n",
        "\n\n",
        "\r\n",
        "  ",
        "https://a.b/c.d",
        "😀",
        "👨\u200d👩\u200d👧",
        "\u2028",
    ],
]
TEXTS = st.one_of(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join), st.text(max_size=400))
LIMITS = st.integers(SHORTEST_LIMIT, 120)


def texts(pieces: list[Piece]) -> list[str]:
    """What the pieces say."""
    return [piece.text for piece in pieces]


def pieces_of(text: str, limit: int = 100, step: int | None = None) -> list[str]:
    """What the text is cut into when it arrives `step` characters at a time (all at once without it)."""
    cutter = SentenceSplitter(limit)
    step = step or max(1, len(text))
    pieces = [piece for start in range(0, len(text), step) for piece in cutter.feed(text[start : start + step])]
    return texts(pieces + cutter.finish())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes it does. It does!", ["Yes it does.", "It does!"]),
        ("Really? Yes. Wait… what", ["Really?", "Yes.", "Wait…", "what"]),
        ("What?! No!!! Hm... ok", ["What?!", "No!!!", "Hm...", "ok"]),
        ("One line\nanother\r\nand\n\nmore", ["One line", "another", "and", "more"]),
        ("你好。我是莫莉！你好吗？很好", ["你好。", "我是莫莉！", "你好吗？", "很好"]),
        ('He said "Stop." and left. "Go!" he said. "No." She left.', None),
        ("Mr. Smith met Dr. Who at St. Paul's vs. Mrs. Lee.", ["Mr. Smith met Dr. Who at St. Paul's vs. Mrs. Lee."]),
        ("Fruit, e.g. apples, i.e. food, etc. and so on.", None),
        ("Apples, pears etc. Then we go.", ["Apples, pears etc.", "Then we go."]),
        ("It is 5 p.m. Now go. It is 5 p.m. in here.", ["It is 5 p.m.", "Now go.", "It is 5 p.m. in here."]),
        ("The U.S. Army and J. R. R. Tolkien.", ["The U.S. Army and J. R. R. Tolkien."]),
        ("So do I. Then go.", ["So do I.", "Then go."]),
        ("No. I will not. See No. 5 there.", ["No.", "I will not.", "See No. 5 there."]),
        ("Pi is 3.14 today. Use v1.2.3 now.", ["Pi is 3.14 today.", "Use v1.2.3 now."]),
        (
            "Open app.py at https://x.org/a.b?c=d. Then run it.",
            ["Open app.py at https://x.org/a.b?c=d.", "Then run it."],
        ),
        ("1. First. 2. Second.", ["1. First.", "2. Second."]),
        ("Am 3. Oktober. Im 19. Jahrhundert.", ["Am 3. Oktober.", "Im 19. Jahrhundert."]),
        ("It costs 42. Then go.", ["It costs 42.", "Then go."]),
        ("(All of it.) Then **this.** Done.", ["(All of it.)", "Then **this.**", "Done."]),
        ("...", ["..."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str] | None) -> None:
    # Behind two other pieces: the clauses of the first two have rules of their own.
    cutter = SentenceSplitter()
    assert texts(cutter.feed("First.\nSecond.\n")) == ["First.", "Second."]
    pieces = texts(cutter.feed(text) + cutter.finish())
    if expected is None:
        expected = re.split(r"(?<=left\.) |(?<=said\.) |(?<=No\.\") ", text)
    assert pieces == expected


def test_the_end_is_decided_when_the_next_character_is_seen() -> None:
    cutter = SentenceSplitter()
    assert cutter.feed("It is 3.") == []
    assert cutter.feed("14.") == []
    assert texts(cutter.feed(" ")) == ["It is 3.14."]


def test_a_short_sentence_goes_out_before_the_next_one_arrives() -> None:
    assert texts(SentenceSplitter().feed("Yes it does. ")) == ["Yes it does."]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("That is a good question, so let me", "That is a good question,"),
        ("Well, that is a good question, so", "Well, that is a good question,"),
        ("Well, that one: it is", "Well, that one:"),
        ("There it is — I think", "There it is —"),
        ("There it is—I think", "There it is—"),
        ("There it is - I think", "There it is -"),
        ('He called it "a clause," and', 'He called it "a clause,"'),
        ("这是一个非常非常好的问题啊，我想", "这是一个非常非常好的问题啊，"),
    ],
)
def test_the_first_clause_is_given_before_its_sentence_ends(text: str, first: str) -> None:
    assert texts(SentenceSplitter().feed(text)) == [first]


@pytest.mark.parametrize("text", ["It costs 1,000,000 of them", "It is half past 10:30 now", "Well, so, n"])
def test_a_comma_in_a_number_or_a_very_short_clause_is_no_first_clause(text: str) -> None:
    assert texts(SentenceSplitter().feed(text)) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("In the old harbour of Leeds,", "In the old harbour of Leeds,"),
        ("Don't you worry;", "Don't you worry;"),
        ("The weather in the north is fine", "The weather in the north"),
        ("There are many kinds of bread and cakes", "There are many kinds of bread"),
    ],
)
def test_a_first_clause_goes_out_with_its_last_character_or_the_joint_behind_it(text: str, first: str) -> None:
    assert texts(SentenceSplitter().feed(text)) == [first]


@pytest.mark.parametrize(
    "text",
    [
        "The best play of all is Romeo and Juliet",
        "Look it up at https://example.org/a,b",
        "The whole of it costs about 1,",
        'They say that "the ship,',
        "This and that and more of",
    ],
)
def test_a_name_an_address_a_number_or_a_quotation_is_not_cut_for_the_sake_of_speed(text: str) -> None:
    assert texts(SentenceSplitter().feed(text)) == []


def test_the_second_piece_may_be_a_clause_too_but_a_longer_one() -> None:
    cutter = SentenceSplitter()
    text = "Yes, it does so. In spring, when the days are long, "
    assert texts(cutter.feed(text)) == ["Yes, it does so.", "In spring, when the days are long,"]


def test_later_clauses_wait_for_their_sentence() -> None:
    cutter = SentenceSplitter()
    assert texts(cutter.feed("Good. Fine. This is a clause of more than thirty characters, and it goes on")) == [
        "Good.",
        "Fine.",
    ]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("word " * 10 + "with a comma, " + "word " * 20, "comma,"),
        ("word " * 10 + "last and " + "word " * 20, "last"),
        ("word " * 30, "word"),
    ],
)
def test_a_long_sentence_is_cut_where_a_speaker_breathes(text: str, cut: str) -> None:
    _, _, long, *rest = pieces_of(f"First.\nSecond.\n{text}")
    assert long.endswith(cut)
    assert 33 < len(long) <= 100
    assert " ".join([long, *rest]).split() == text.split()


def test_a_comma_right_at_the_start_is_no_place_to_cut_a_long_sentence() -> None:
    assert len(pieces_of("First.\nSecond.\nOh no, " + "word " * 30)[2]) > 33


@pytest.mark.parametrize(
    "text",
    [
        "word " * 10 + "with, " + "word " * 8 + "ends \nnext",
        "word " * 10 + "and " + "word " * 8 + "abcd and more words",
    ],
    ids=["a line break after a space at the limit", "a conjunction that reaches over the limit"],
)
def test_at_the_limit_too_the_pieces_do_not_depend_on_how_the_text_arrives(text: str) -> None:
    text = f"First.\nSecond.\n{text}"
    assert pieces_of(text, step=1) == pieces_of(text)


def test_a_piece_knows_whether_its_sentence_goes_on() -> None:
    cutter = SentenceSplitter(40)
    text = "Well, that is so, and it is. A line\n" + "word " * 10 + "\nThe end"
    assert [piece.goes_on for piece in cutter.feed(text) + cutter.finish()] == [True, False, False, True, False, False]


def test_a_sentence_of_exactly_the_limit_is_one_piece() -> None:
    sentence = "word " * 19 + "ends."
    assert len(sentence) == 100
    assert pieces_of(f"{sentence} Next.") == [sentence, "Next."]
    assert pieces_of(sentence) == [sentence]


def test_a_word_longer_than_the_limit_is_cut_but_no_character_is_torn() -> None:
    family = "👨\u200d👩\u200d👧"
    assert all(piece.replace(family, "") == "" for piece in pieces_of(family * 50, 23))


def test_a_cutter_may_be_used_for_the_next_reply() -> None:
    cutter = SentenceSplitter()
    assert texts(cutter.feed("Not finished") + cutter.finish()) == ["Not finished"]
    assert texts(cutter.feed("That is a good question, so")) == ["That is a good question,"]


def test_a_limit_without_room_for_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        SentenceSplitter(5)


@given(TEXTS, LIMITS)
def test_nothing_is_lost_doubled_or_moved(text: str, limit: int) -> None:
    assert "".join("".join(pieces_of(text, limit)).split()) == "".join(text.split())


@given(TEXTS, LIMITS)
def test_pieces_are_folded_not_blank_and_within_the_limit(text: str, limit: int) -> None:
    for piece in pieces_of(text, limit):
        assert piece == " ".join(piece.split())
        assert 0 < len(piece) <= limit


@given(TEXTS, LIMITS, st.integers(1, 40))
def test_the_pieces_do_not_depend_on_how_the_text_arrives(text: str, limit: int, step: int) -> None:
    assert pieces_of(text, limit, step) == pieces_of(text, limit)


@given(st.lists(st.text("abcdefg", min_size=1, max_size=SHORTEST_LIMIT), max_size=60), LIMITS)
def test_words_are_never_cut_unless_longer_than_the_limit(words: list[str], limit: int) -> None:
    assert " ".join(pieces_of(" ".join(words), limit)).split() == words


@pytest.mark.parametrize("unit", [" ", "\n", ".", "!", ". ", "a, ", "x", "- ", "—", "。", "Mr. ", '."', "etc. "])
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    assert_linear_time(pieces_of, unit, characters=100_000)
