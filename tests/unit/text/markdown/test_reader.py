import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.text.markdown.placeholders import CODE, FORMULA, SPOILER, TABLE, short_formula
from assistant.text.markdown.reader import MarkdownReader
from tests.support.linear_time import assert_linear_time
from tests.support.markdown_texts import HOSTILE_UNITS, MARKDOWN_TEXTS

AT_MOST = r"a \leq b"
THREE_QUARTERS = r"\frac{3}{4}"
CODE_LINE = f"\n{CODE}\n"


def read_of(markdown: str, step: int | None = None) -> str:
    """The text to read when the Markdown arrives `step` characters at a time (all at once without it)."""
    reader = MarkdownReader()
    step = step or max(1, len(markdown))
    read = [reader.feed(markdown[at : at + step]) for at in range(0, len(markdown), step)]
    return "".join([*read, reader.finish()])


@pytest.mark.parametrize(
    ("markdown", "read"),
    [
        ("Plain *text*, `code` and a_b.", "Plain text, code and a b."),
        ("Look:\n```python\nx = [1](2)\n```\nDone.", f"Look:\n{CODE_LINE}\nDone."),
        ("It is ```x = 1``` here", f"It is {CODE_LINE} here"),
        ("```x = 1``` is it", f"{CODE_LINE} is it"),
        ("```py\nx = 1```\nend", f"{CODE_LINE}\nend"),
        ("Never closed ```py\nx", f"Never closed {CODE_LINE}"),
        ("two `` ticks ``", "two ticks"),
        ("a stray ` tick", "a stray  tick"),
        ("[[a](b)] [1] and [x] [not](closed", "[a]  and [x] [not](closed"),
        ("an [open bracket\n](x)", "an [open bracket\n](x)"),
        ("foo[i][j] and [a][1]", "foo[i][j] and a"),
        ("[Note]: this is no definition", "[Note]: this is no definition"),
        ("# A\n- b\n  1. c\n> d\n-# e\n2026. f", "A\nb\n1. c\nd\ne\n2026. f"),
        ("#hash +5 -5 >x", "#hash +5 -5 >x"),
        ("+5 points\n-5 is cold\n#tag", "+5 points\n-5 is cold\n#tag"),
        ("C:\\Users \\*x\\*", "C:\\Users *x*"),
        ("2_000 and 3*4 and a * b", "2000 and 3×4 and a × b"),
        ("a <b and c> d", "a  d"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("AT&T &copy; &nothing; R&D", "AT&T © &nothing; R&D"),
        ("|a|b|\n|-|-|\n|1|2|\nend", "a: 1, b: 2.\nend"),
        ("|a|b|\nend", "a, b\nend"),
        ("|a|\n|-|\n" + "|1|\n" * 50 + "end", f"{TABLE}\nend"),
        ("||the end|| here", f"{SPOILER} here"),
        ("||it\nand that|| here", f"{SPOILER} here"),
        ("||\nthe end\n|| here", f"{SPOILER} here"),
        ("a || b", "a  b"),
        ("It fell in 476[1], [2][3]; see [4](https://x.org) and [[5]](https://x.org).", "It fell in 476, ; see  and ."),
        ("list[0], grid[i][1] and `rows[1]`", "list[0], grid[i][1] and rows[1]"),
        ("It is so【3†source】, 【重要】!", "It is so, 【重要】!"),
        ("Yes\ue200cite\ue202turn0search1\ue201.", "Yes."),
        ("Hi.<|im_end|>\n<|im_start|>assistant\nYes</s>", "Hi.\n\nYes"),
        ("[/INST] Hi<end_of_turn>", " Hi"),
        ("### Response: Hi\n### Responses\n", "Hi\nResponses\n"),
        ("Write `<|im_end|>` there", "Write <|im_end|> there"),
        ("*tilts head* How so, *very* much *so*?", "tilts head\n How so, very much so?"),
        (
            "It is $n^2$, $5 and $10, US$5 or $x$.",
            f"It is {short_formula('n^2')}, $5 and $10, US$5 or {short_formula('x')}.",
        ),
        (
            r"So \(a \leq b\) and \[x = 1\]; \(not this\).",
            f"So {short_formula(AT_MOST)} and {short_formula('x = 1')}; (not this).",
        ),
        ("$$\n\\int_0^1 x\n$$ is it", f"\n{FORMULA}\n is it"),
        (r"\frac{3}{4} of C:\times and 3 \times 4", f"{short_formula(THREE_QUARTERS)} of C:\\times and 3 × 4"),
        (r"\begin{align}x\end{align}", f"\n{FORMULA}\n"),
        ("see www.example.org/a?b=c, <mailto:a@b.c> or <tel:+4930>", "see example.org, a@b.c or +4930"),
        ("Hi <@12> <:wave:34>", "Hi <@12> <:wave:34>"),
        (f"no {CODE} here", "no  here"),
    ],
)
def test_markdown_is_read_as_it_is_seen(markdown: str, read: str) -> None:
    assert read_of(markdown) == read


def test_text_passes_as_soon_as_it_is_certain() -> None:
    reader = MarkdownReader()
    assert reader.feed("Look at [the") == "Look at "
    assert reader.feed(" docs](http") == ""
    assert reader.feed("://x.y)!") == "the docs"
    assert reader.feed(" Then **it") == "! Then it"
    assert reader.feed("** is, `") == " is, "
    assert reader.feed("a` and ``") == "a and "
    assert reader.feed("`code") == CODE_LINE
    assert reader.feed(" ``` on") == " on"
    assert reader.finish() == ""


@pytest.mark.parametrize(
    "beginning", ["[" + "x" * 1000, "[a](" + "y" * 1000, "`" + "z " * 300, "<b " + "z" * 400, "https://" + "x" * 600]
)
def test_what_is_never_closed_is_not_held_for_ever(beginning: str) -> None:
    assert len(MarkdownReader().feed(beginning)) > 10


@example("][\\[a b](https://x.org/y)", 1)
@example("[^1](x) <bb:c> <me@x.org>", 1)
@given(MARKDOWN_TEXTS, st.integers(1, 30))
def test_the_text_does_not_depend_on_how_the_markdown_arrives(markdown: str, step: int) -> None:
    assert read_of(markdown, step) == read_of(markdown)


@given(
    st.lists(st.text("abcdefgXYZäßжλ你", min_size=1, max_size=12), min_size=1), st.sampled_from([" ", ", ", ". ", "\n"])
)
def test_plain_text_passes_unchanged_and_at_once(words: list[str], blank: str) -> None:
    text = blank.join(words) + "."
    assert MarkdownReader().feed(text) == text


@given(
    st.lists(st.text("abcdefg", min_size=1, max_size=8), min_size=1),
    st.lists(st.sampled_from(["*", "**", "_ ", " _", "~~", "# ", "\n> ", "\n- ", "`", " "]), min_size=1),
)
def test_marks_cost_no_letters(words: list[str], marks: list[str]) -> None:
    markdown = "".join(word + marks[place % len(marks)] for place, word in enumerate(words))
    if markdown.count("`") > 2:
        markdown = markdown.replace("``", "` `")
    assert [letter for letter in read_of(markdown) if letter.isalpha()] == [letter for word in words for letter in word]


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
@pytest.mark.parametrize("end", ["", ")", ">", "` x", "\n", "\nend"])
def test_of_long_ones_too_the_text_does_not_depend_on_how_it_arrives(unit: str, end: str) -> None:
    markdown = (unit * 1200)[:1200] + end
    assert read_of(markdown, 1) == read_of(markdown, 7) == read_of(markdown)


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    assert_linear_time(read_of, unit, characters=100_000)
    assert_linear_time(lambda markdown: read_of(markdown, step=1), unit, characters=20_000)
