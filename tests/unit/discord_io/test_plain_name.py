import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discord_io import wording
from assistant.discord_io.plain_name import plain_name
from assistant.domain.call_ending import CallEnding, EndReason


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("Zoë 狐 🦊", "Zoë 狐 🦊"),
        ("👩‍🚀", "👩‍🚀"),
        ("[free](https://evil.example)", r"\[free\]\(https\:\/\/evil\.example\)"),
        ("**bold** __x__", r"\*\*bold\*\* \_\_x\_\_"),
        ("<@123> @everyone", r"\<\@123\> \@everyone"),
        ("\\[a](b)", r"\\\[a\]\(b\)"),
        ("two\nlines\u2028three\r", "twolinesthree"),
        ("\u202egnorw\u202c", "gnorw"),
        ("\u2063", "Somebody"),
        (" \u200d\u3164\u2800", "Somebody"),
        ("", "Somebody"),
    ],
)
def test_a_name_shows_as_it_is(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@given(st.text(max_size=32))
def test_no_markup_of_a_name_is_left(name: str) -> None:
    plain = plain_name(name)
    left = re.sub(r"\\[!-/:-@\[-`{-~]", "", plain)
    assert not set(left) & set(string.punctuation)
    assert len(plain.splitlines()) <= 1


def test_names_are_plain_wherever_we_post_them() -> None:
    name = "[free](https://evil.example)"
    for text in (
        wording.interrupted(name),
        wording.panel_ended("Molly", CallEnding(reason=EndReason.ASKED, by=name)),
    ):
        assert plain_name(name) in text
        assert name not in text
