import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spoken.prose import CODE_NOTE, Prose, domain_of

PARTS = [
    "`",
    "``",
    "```",
    "```py\n",
    "[",
    "]",
    "(",
    ")",
    "[a b](https://x.org/y)",
    "[](http://u@www.x.org:1/)",
    "text ",
    "\n",
]
TEXTS = st.one_of(st.lists(st.sampled_from(PARTS), max_size=60).map("".join), st.text(max_size=300))
NOTE = f"\n{CODE_NOTE}\n"


def prose_of(text: str, step: int | None = None) -> str:
    """The text to read when the Markdown arrives `step` characters at a time (all at once without it)."""
    prose = Prose()
    step = step or max(1, len(text))
    return "".join(prose.feed(text[at : at + step]) for at in range(0, len(text), step)) + prose.finish()


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Plain *text*, `code` and a_b.", "Plain *text*, `code` and a_b."),
        ("Look:\n```python\nx = [1](2)\n```\nDone.", f"Look:\n{NOTE}\nDone."),
        ("It is ```x = 1``` here", f"It is {NOTE} here"),
        ("Never closed ```py\nx", f"Never closed {NOTE}"),
        ("two `` ticks ``", "two `` ticks ``"),
        ("See [the docs, please](https://a.b/c_(d)) now", "See the docs, please now"),
        ("See [](https://www.example.org/x) now", "See example.org now"),
        ("[[a](b)] [1] and [x] [not](closed", "[a] [1] and [x] [not](closed"),
        ("an [open bracket\n](x)", "an [open bracket\n](x)"),
    ],
)
def test_code_and_links_become_what_is_said_of_them(markdown: str, text: str) -> None:
    assert prose_of(markdown) == text


def test_text_passes_as_soon_as_it_is_certain() -> None:
    prose = Prose()
    assert prose.feed("Look at [the") == "Look at "
    assert prose.feed(" docs](http") == ""
    assert prose.feed("://x.y)!") == "the docs!"
    assert prose.feed(" Then `") == " Then "
    assert prose.feed("a` and ``") == "`a` and "
    assert prose.feed("`code") == NOTE
    assert prose.feed(" ``` on") == " on"
    assert prose.finish() == ""


def test_a_bracket_that_is_no_link_is_not_held_for_ever() -> None:
    prose = Prose()
    assert prose.feed("[" + "x" * 300).startswith("[xxx")
    assert prose.feed("[a](" + "y" * 600).startswith("[a](yyy")


def test_it_may_be_used_for_the_next_reply() -> None:
    prose = Prose()
    assert prose.feed("```never closed") + prose.finish() == NOTE
    assert prose.feed("text") == "text"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://docs.python.org/3/library?x#y", "docs.python.org"),
        ("http://www.example.org", "example.org"),
        ("HTTPS://Example.org:8080/", "Example.org"),
        ("https://user:pw@example.org/", "example.org"),
        ("/relative/path", "/relative/path"),
        ("", ""),
    ],
)
def test_the_domain_of_an_address_is_what_can_be_said_of_it(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@given(TEXTS, st.integers(1, 30))
def test_the_text_does_not_depend_on_how_the_markdown_arrives(markdown: str, step: int) -> None:
    assert prose_of(markdown, step) == prose_of(markdown)


@given(st.text(st.characters(exclude_characters="`["), max_size=200))
def test_without_code_and_brackets_everything_passes_unchanged(text: str) -> None:
    assert prose_of(text) == text


@pytest.mark.parametrize("unit", ["[", "`", "[a](", "[a](b(", "[a](b)", "``x", "```"])
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    begun = time.thread_time()
    prose_of(unit * (100_000 // len(unit)))
    prose_of(unit * (10_000 // len(unit)), 1)
    assert time.thread_time() - begun < 5
