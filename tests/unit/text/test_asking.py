"""What asks something ends in a question mark, in whichever script."""

import pytest

from assistant.text.asking import is_question


@pytest.mark.parametrize(
    "text",
    [
        "Shall I go on?",
        "Shall I? ",
        'He asked "why?"',
        "Really?!",
        "続けますか？",
        "هل أكمل؟",
        "Go on? 🙂",
        "So (or not?).",
    ],
)
def test_it_asks(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ["", "I see.", "Why? Because it is so.", "a ? b", "?x"])
def test_it_does_not(text: str) -> None:
    assert not is_question(text)
