from hypothesis import given
from hypothesis import strategies as st

from assistant.spoken.sentence import Sentence
from assistant.spoken.text import SpokenText

REPLY = (
    "Sure, here is how you do it: first **install** it.\n\n"
    "```bash\npip install this. And, that\n```\n"
    "Then read [the docs, all of them. Really](https://docs.example.org/a.b) 😀!\n"
    "1. Open `app.py`\n2. Run it... 🎉\n---\n👍"
)


def english(_: str) -> str:
    return "en"


def test_a_reply_is_said_in_pieces_without_code_links_and_marks() -> None:
    spoken = SpokenText(english)
    pieces = [piece.said for character in REPLY for piece in spoken.feed(character)] + [
        piece.said for piece in spoken.finish()
    ]
    assert pieces == [
        "Sure, here is how you do it:",
        "first install it.",
        "The code is in the chat.",
        "Then read the docs, all of them.",
        "Really!",
        "1. Open app.py",
        "2. Run it…",
    ]


def test_the_first_piece_is_ready_while_the_reply_is_still_written() -> None:
    sentence = Sentence(said="Sure, here is how you do it:", source="Sure, here is how you do **it**:", language="en")
    assert SpokenText(english).feed("Sure, here is how you do **it**: first") == [sentence]


@given(st.lists(st.text("abc *_`[]().,!?\n😀", max_size=20), max_size=30))
def test_every_piece_has_something_to_say_and_is_short_enough(deltas: list[str]) -> None:
    spoken = SpokenText(english, 60)
    pieces = [piece.said for delta in deltas for piece in spoken.feed(delta)] + [
        piece.said for piece in spoken.finish()
    ]
    assert all(0 < len(piece) <= 60 for piece in pieces)
    assert all(any(character.isalnum() for character in piece) for piece in pieces)
