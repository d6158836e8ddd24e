"""Splits long sentences where a speaker would breathe."""

import re
from collections.abc import Iterator
from typing import Final

from assistant.util.text_boundaries import character_boundary

CLOSERS: Final = r"""(?:["'”’»›)\]*_」』）】》〉｣⁰¹²³⁴-⁹]|(?<=[.!?…,])[“‘]|[ ]»(?=\s|\Z))*"""
"""Closing quotation marks, brackets, markup and numbers of notes. German closes with English opening marks, French
after a space."""

_BREATHS: Final = (
    re.compile(rf"[,;:،؛!?…]{CLOSERS}(?=\s)|(?<!\d)—|(?<=\s)(?<!\d\s)[-–](?=\s)|[，；：、၊፣፤፥]"),
    re.compile(
        r"\s(?=(?:and|or|but|because|so|which|who|that|when|while|if|where|after|before|until|than|und|oder|aber|"
        r"weil|dass|et|ou|mais|y|o|pero|que)\s)",
        re.IGNORECASE,
    ),
)
"""Where a speaker would breathe inside a long sentence, best first."""


def split_clauses(text: str, limit: int) -> Iterator[str]:
    """Split `text` into parts of at most `limit` characters, where a speaker would breathe. None is blank."""
    text = text.strip()
    while len(text) > limit:
        end = breath(text[: limit + 2], limit)
        if part := text[:end].rstrip():
            yield part
        text = text[end:].lstrip()
    if text:
        yield text


def breath(text: str, limit: int) -> int:
    """Where to cut a text that is longer than `limit`."""
    for breath in _BREATHS:
        ends = [found.end() for found in breath.finditer(text) if limit // 3 <= found.end() <= limit]
        if ends:
            return ends[-1]
    space = text.rfind(" ", 1, limit + 1)
    return space if space > 0 else character_boundary(text, limit)
