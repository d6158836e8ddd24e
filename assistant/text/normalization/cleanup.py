"""Removes from plain text what is only for the eye, in any language."""

import re
from typing import Final

from assistant.text.normalization.emoji import without_emoji

_PRODUCT: Final = re.compile(r"(?<=\d)\*(?=\d)")
_DECORATION: Final = re.compile(
    r"[*_`|\\^]+|[-=~#]{3,}|(?<!\S)[-•·‣–]+(?!\S)|\${2,}|\$(?=[^\W\d])|(?<=[^\W\d])\$(?!\d)|[©®™†‡¶]"
)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\s]+")
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]+")
"""What has no width: a place where a word may be broken, or a change of direction."""
_EMPTY: Final = re.compile(
    r"(?:(?<=\s)|(?<=\]))(?:\((?:(?:see|siehe|vgl\.|voir|cf\.|véase|ver|vedi|zie|zob\.|см\.|se)\s)?\s*\)|\[\s*\]|（\s*）)"
)
_DRAWLED: Final = re.compile(r"(?<=[^\W\d_])~+(?=[\s.,!?]|\Z)|(?<!\S)~+(?=[^\W\d_])")
"""Hello~, ~waves~"""
_BLANKS: Final = re.compile(r" {2,}")
_STRAY_SPACE: Final = re.compile(r" (?=[,.!?;:…](?:\s|$))")
_RUN: Final = re.compile(r"[,.!?;:…]{2,}")
_WIDE_RUN: Final = re.compile(r"([。！？，、])\1+")
_REPEATED: Final = re.compile(r"([^\W\d_])\1{3,}")
_LEADING: Final = re.compile(r"^[\s,;.!?:]+(?=\s|\w)")
_STRONGEST_FIRST: Final = "?!….;:,"


def speakable(text: str) -> str:
    """The words of `text`, or "" if there is nothing to say. Takes time linear in its length."""
    words = without_emoji(text)
    if not words.isprintable():
        words = _CONTROLS.sub(" ", _UNSEEN.sub("", words))
    words = _DRAWLED.sub("", _EMPTY.sub("", words))
    words = _DECORATION.sub(_mark_between_words, _PRODUCT.sub("×", words))
    words = _REPEATED.sub(r"\1\1\1", words)
    words = _BLANKS.sub(" ", words)
    words = _STRAY_SPACE.sub("", _RUN.sub(_strongest, words))
    words = _WIDE_RUN.sub(r"\1", _RUN.sub(_strongest, words)).strip()
    words = _LEADING.sub("", words).lstrip()
    return words if any(character.isalnum() for character in words) else ""


def _mark_between_words(mark: re.Match[str]) -> str:
    """A space where a mark separates words, nothing at their edge; a dash between spaces becomes a pause."""
    if mark[0] in ("-", "–"):
        return mark[0]
    around = mark.string[max(0, mark.start() - 1) : mark.start()], mark.string[mark.end() : mark.end() + 1]
    return " " if all(character.isalnum() for character in around) else ""


def _strongest(run: re.Match[str]) -> str:
    """Replace several marks by one: "?!" is a question, "..." a pause."""
    if set(run[0]) <= {".", "…"}:
        return "…"
    if run[0][0] == "." and len(run[0]) == 2 and run[0][1] in ",;:":
        return run[0]  # the full stop belongs to an abbreviation
    return next(mark for mark in _STRONGEST_FIRST if mark in run[0])
