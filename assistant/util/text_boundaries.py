"""Finds places to cut text without splitting characters or words."""

import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"
_LONGEST_CLUSTER: Final = 16


def character_boundary(text: str, index: int) -> int:
    """The last place up to `index` that does not split an accented letter, emoji sequence or run of backticks.

    If there is none nearby, returns `index`: a cluster that is too long is split anyway.
    """
    for place in range(index, max(0, index - _LONGEST_CLUSTER), -1):
        if place == len(text) or not _belong_together(text[place - 1], text[place]):
            return place
    return index


def word_boundary(text: str, index: int) -> int:
    """The last place up to `index` where a word ends, or 0. In scripts without spaces, each character is a word."""
    for place in range(index, 0, -1):
        ends = place == len(text) or text[place].isspace() or unicodedata.east_asian_width(text[place - 1]) in "WF"
        if ends and not text[place - 1].isspace():
            return place
    return 0


def shortened(text: str, longest: int) -> str:
    """`text`, or its beginning and "…" where it has more characters than `longest`."""
    return text if len(text) <= longest else f"{text[: character_boundary(text, longest - 1)]}…"


def _belong_together(before: str, after: str) -> bool:
    if before in _JOINERS or after in _JOINERS:
        return True
    if before == after == "`":
        return True
    # Accents and variation selectors (M), and the skin tones of emoji.
    return unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
