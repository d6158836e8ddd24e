"""Splits a long answer into messages that Discord accepts."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.util.text_boundaries import character_boundary

DISCORD_LIMIT: Final = 2000
"""The longest message Discord accepts.

Its API counts code points (according to Discord's staff in discord-api-docs#1315). We count UTF-16 units, which are
never fewer, so no other way of counting finds a post too long.
"""

SHORTEST_LIMIT: Final = 100
"""The smallest limit that leaves room for text between two fences."""

_FENCE: Final = "```"
_CLOSING_ROOM: Final = 4
_ELLIPSIS_ROOM: Final = 4
_LONGEST_OPENING: Final = 36
_OPENING: Final = re.compile(r"```(?:[\w+#.-]{1,32}(?=\n))?")

_BREAKS: Final = (
    re.compile(r"(?=\n[^\S\n]*\n)"),
    re.compile(r"(?=\n)"),
    re.compile(r"""(?<=[.!?…])["'”’)*_]{0,4}(?=\s)|(?<=[。！？])"""),
    re.compile(r"(?=\s)"),
)
"""Where prose is cut, best first: at the end of a paragraph, a line, a sentence, a word."""


@dataclass(frozen=True, slots=True)
class _Code:
    """A block of code in a text."""

    start: int
    """Where its fence begins."""
    body: int
    """Where its code begins."""
    end: float
    """The place after its closing fence; infinite when it is not closed."""


def split_message(text: str, limit: int = DISCORD_LIMIT) -> list[str]:
    """Split `text` into posts of at most `limit` UTF-16 units, none of them blank; [] for blank text.

    Cuts between paragraphs if possible, else between lines, sentences or words; only blanks at a cut are dropped. A
    code block that is cut is closed at the end of a post and opened again, with its language, in the next one.

    Raises:
        ValueError: `limit` is below SHORTEST_LIMIT.
    """
    return list(posts_of(text, limit))


def posts_of(text: str, limit: int = DISCORD_LIMIT) -> Iterator[str]:
    """`split_message`, one post at a time: of a hostile text each takes some 10 ms."""
    if limit < SHORTEST_LIMIT:
        raise ValueError(f"a limit of {limit} leaves no room for text")
    opening = ""
    while text.strip():
        post, text, opening = _first_post(opening, text, limit)
        if post:
            yield post


def with_note(text: str, note: str) -> str:
    """Append a note on its own line; a code block that is still open is closed first."""
    codes = list(_codes(text))
    is_open = bool(codes) and codes[-1].end == math.inf
    return f"{_closed(text, codes[-1] if is_open else None)}\n{note}".strip()


def one_post(text: str, note: str, limit: int = DISCORD_LIMIT) -> str:
    """As much of `text` as fits into one post with a note behind it; an ellipsis stands for the rest."""
    posts = split_message(text[: 2 * limit], limit - utf16_units(note) - _ELLIPSIS_ROOM)
    beginning = posts[0] if posts else ""
    return with_note(f"{beginning} …" if len(posts) > 1 else beginning, note)


def _first_post(opening: str, text: str, limit: int) -> tuple[str, str, str]:
    """The first post of `text`, the text after it, and what opens the block of code that goes on there.

    `opening` opens the block that `text` begins within, or is "". The post is "" when it would be blank.
    """
    whole = opening + text
    if len(whole.strip()) <= limit:
        closed = _closed(whole, _code_around(whole, len(whole)))
        if utf16_units(closed) <= limit:
            return closed, "", ""
    window = whole[: limit + _LONGEST_OPENING]  # what lies further on changes nothing
    cut = _cut(window, len(opening), _end_within(window, limit - _CLOSING_ROOM))
    code = _code_around(window, cut)
    if code is None:
        return whole[:cut].strip(), whole[cut:].lstrip(), ""
    is_empty = not whole[code.body : cut].strip()
    if is_empty and code.start > len(opening):
        return whole[: code.start].strip(), whole[code.start :], ""
    post = "" if is_empty else _closed(whole[:cut], code)
    rest = whole[cut:].removeprefix("\n")
    if rest.lstrip().startswith(_FENCE):
        return post, rest.lstrip().removeprefix(_FENCE).lstrip(), ""  # the block was at its end
    return post, rest, whole[code.start : code.body].rstrip("\n") + "\n"


def _codes(text: str) -> Iterator[_Code]:
    """The blocks of code, as Discord sees them: a fence opens one wherever it stands, the next one closes it."""
    at = 0
    while opening := _OPENING.search(text, at):
        close = text.find(_FENCE, opening.end())
        at = len(text) if close < 0 else close + len(_FENCE)
        yield _Code(opening.start(), opening.end(), math.inf if close < 0 else at)


def _code_around(text: str, place: int) -> _Code | None:
    """The code block around `place`, or None."""
    return next((code for code in _codes(text) if code.start < place < code.end), None)


def _closed(text: str, code: _Code | None) -> str:
    """`text` without surrounding blanks; `code`, the block open at its end if any, is closed."""
    if code is None:
        return text.strip()
    # A fence on a line of its own would make the only word of "```word" a language.
    body = text[code.body :].rstrip()
    before = " " if body and "\n" not in body else "\n"
    return f"{text.rstrip()}{before}{_FENCE}".strip()


def _cut(text: str, least: int, most: int) -> int:
    """The best place to end a post: after `least`, at `most` or before."""
    codes = list(_codes(text))
    early = least + (most - least) // 3
    for pattern in _BREAKS:
        for place in reversed([found.end() for found in pattern.finditer(text, early, most + 2)]):
            if least < place <= most and not any(code.start < place < code.end for code in codes):
                return place
    around = _code_around(text, most)
    if around and around.start > least and around.body >= most:
        return around.start
    if around:
        least = max(least, around.body)
    for mark in ("\n", " "):
        place = text.rfind(mark, least + 1, most + 1)
        if place > 0:
            return place
    return max(character_boundary(text, most), least + 1)


def utf16_units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _end_within(text: str, units: int) -> int:
    """How many characters of `text` fit into `units` UTF-16 units."""
    for index, character in enumerate(text):
        units -= 2 if character > "\uffff" else 1
        if units < 0:
            return index
    return len(text)
