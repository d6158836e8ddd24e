"""What is said of a sentence: its words, without the marks that are only for the eye."""

import re
from collections.abc import Iterable

from assistant.spoken.prose import Prose, domain_of

_EMOJI = (
    "\U0001f000-\U0001faff"  # pictures, flags' letters, skin tones
    "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"  # symbols that are drawn as pictures
    "\u2190-\u21ff\u25a0-\u25ff"  # arrows and shapes
    "\ufe0e\ufe0f\u20e3"  # how a character is drawn
    "\U000e0020-\U000e007f"  # flags of regions
)
_PICTURES = re.compile(rf"(?:[{_EMOJI}]\u200d?)+")

_URL = re.compile(r"""<?(https?://[^\s<>"]*[^\s<>".,;:!?…)\]}'*_~|])>?""", re.IGNORECASE)

_DISCORD_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<a?:(\w{1,64}):\d{1,25}>"), r"\1"),  # a custom emoji
    (re.compile(r"<@!?\d{1,25}>"), "someone"),
    (re.compile(r"<@&\d{1,25}>"), "a role"),
    (re.compile(r"<#\d{1,25}>"), "a channel"),
    (re.compile(r"</([\w -]{1,100}):\d{1,25}>"), r"\1"),  # a command
    (re.compile(r"<t:-?\d{1,20}(?::[a-zA-Z])?>"), ""),  # a moment, which every reader sees in their own time
)
"""Discord's own marks, and what is said instead."""

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    # headings, quotes, bullets
    (re.compile(r"^[ \t]{0,20}(?:(?:#{1,6}|-#|>{1,3}|[-*+•])[ \t]+){1,4}", re.MULTILINE), ""),
    (re.compile(r"^[ \t*_=|:-]{3,}$", re.MULTILINE), ""),  # a rule, the second line of a table
    (re.compile(r"\\(?=[^\w\s])"), ""),
    (re.compile(r"(?<=\d)( ?)\*\1(?=\d)"), r"\1×\1"),  # a product
    (re.compile(r"`+|~{2,}|\|{2,}|\*+"), ""),
    (re.compile(r"\|"), " "),
    (_PICTURES, " "),
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"), " "),  # controls
    (re.compile(r"\s+"), " "),
)
"""What is looked for, in this order, and what is said instead. Each takes time linear in the text."""

_UNDERSCORES = re.compile(r"_+")
_STRAY_SPACE = re.compile(r" (?=[,.!?;:…](?:\s|$))")
_RUN = re.compile(r"[,.!?;:…]{2,}")
_STRONGEST_FIRST = "?!….;:,"


def speakable(sentence: str) -> str:
    """The words of `sentence`, or "" when there is nothing in it to say.

    Markdown, emoji and Discord's marks go or are put into words. Takes any text, in time linear in its length.
    A block of code or a link that spans sentences has to go through Prose before the text is cut.
    """
    prose = Prose()
    said = prose.feed(sentence) + prose.finish()
    said = _URL.sub(lambda url: domain_of(url[1]), said)
    said = _replace(said, _DISCORD_MARKS)
    said = _UNDERSCORES.sub(_underscore, said)
    said = _replace(said, _MARKUP)
    said = _STRAY_SPACE.sub("", _RUN.sub(_strongest, said))
    said = _RUN.sub(_strongest, said).strip()
    return said if any(character.isalnum() for character in said) else ""


def _replace(text: str, replacements: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, words in replacements:
        text = pattern.sub(words, text)
    return text


def _strongest(run: re.Match[str]) -> str:
    """One mark for several: "?!" is a question, "..." a pause."""
    if set(run[0]) <= {".", "…"}:
        return "…"
    return next(mark for mark in _STRONGEST_FIRST if mark in run[0])


def _underscore(run: re.Match[str]) -> str:
    """A space within snake_case; nothing where underscores mark emphasis."""
    around = run.string[max(0, run.start() - 1) : run.start()], run.string[run.end() : run.end() + 1]
    return " " if all(character.isalnum() for character in around) else ""
