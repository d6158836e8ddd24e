"""Decides whether a full stop ends a sentence."""

import re
from collections.abc import Sequence
from typing import Final

from assistant.text.segmentation import abbreviations

_DAY: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")


def word_before(text: str, end: int) -> str:
    """The word before a full stop, without opening quotes and brackets."""
    start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
    return text[start:end].lstrip("\"'“‘«([*_")


def may_be_abbreviated(word: str, words: Sequence[str]) -> bool:
    """Whether it depends on what follows if the full stop after `word`, the last of `words`, ends a sentence."""
    lowered = word.lower()
    return (
        word.isdigit()
        or _DAY.fullmatch(word) is not None
        or _are_initials(word)
        or _is_dotted(word)
        or lowered in abbreviations.FIRST_OF_TWO
        or _is_second_of_two(words)
        or lowered in abbreviations.ALWAYS
        or lowered in abbreviations.BEFORE_A_NUMBER
        or lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS
    )


def _are_initials(word: str) -> bool:
    """J, J.R, J.-C or U.S; not the word I."""
    return word != "I" and word.isupper() and all(len(part.strip("-")) == 1 for part in word.split("."))


def _is_dotted(word: str) -> bool:
    """Whether a word looks like an unlisted abbreviation of several words, such as t.ex or м.б."""
    parts = word.split(".")
    return len(parts) > 1 and all(part.isalpha() and len(part) <= 3 for part in parts)


def _is_second_of_two(words: Sequence[str]) -> bool:
    return " ".join(words[-2:]).lower() in abbreviations.TWO_WORDS


def goes_on_after(word: str, words: Sequence[str], following: str) -> bool:
    """Whether the sentence continues after `word`, the last of its `words`, with the character `following`."""
    lowered = word.lower()
    if _DAY.fullmatch(word):  # am 24.12. so
        return following.islower() or following.isdigit()
    if word.isdigit():
        is_ordinal = len(words) == 1 or (len(word) <= 2 and words[-2].lower() in abbreviations.BEFORE_AN_ORDINAL)
        return is_ordinal or following.islower() or following.isdigit()
    if following in abbreviations.FIRST_OF_TWO.get(lowered, ()) or _is_second_of_two(words):
        return True
    if lowered in abbreviations.BEFORE_A_NUMBER:
        return following.isdigit() or _are_initials(word)
    is_initial = len(word) == 1 and word.isupper()
    is_weak = lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS and not is_initial
    if not is_weak and (lowered in abbreviations.ALWAYS or _are_initials(word)):
        return True
    return (is_weak or _is_dotted(word)) and not following.isupper()
