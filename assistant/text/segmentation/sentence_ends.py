"""Decides whether a full stop ends a sentence."""

import re
from collections.abc import Sequence
from typing import Final

from assistant.text.segmentation import abbreviations

_FIRST_OF_RANGE: Final = re.compile(r"\A[^.]{1,20}\.[-–](?=[^\W_])")
_ROMAN: Final = re.compile(r"[IVX]{2,6}")
_DAY: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")


def word_before(text: str, end: int) -> str:
    """The word before a full stop, without opening quotes and brackets; of a range such as Mo.-Fr. the second."""
    start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
    return _FIRST_OF_RANGE.sub("", text[start:end].lstrip("\"'“‘«([*_"))


def may_be_abbreviated(word: str, words: Sequence[str]) -> bool:
    """Whether it depends on what follows if the full stop after `word`, the last of `words`, ends a sentence."""
    lowered = word.lower()
    return (
        word.isdigit()
        or _DAY.fullmatch(word) is not None
        or _ROMAN.fullmatch(word) is not None
        or _are_initials(word)
        or _is_dotted(word)
        or lowered in abbreviations.FIRST_OF_TWO
        or _is_second_of_two(words)
        or lowered in abbreviations.ALWAYS
        or word in abbreviations.BEFORE_A_NAME
        or _is_before_a_number(lowered)
        or lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS
        or lowered in abbreviations.WEEKDAYS
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


def _is_before_a_number(lowered: str) -> bool:
    return lowered in abbreviations.BEFORE_A_NUMBER or lowered.endswith("str")  # Hauptstr. 5


def next_word(text: str, start: int) -> str | None:
    """The word that begins at `start`, "" if none does; None if it does not end in the text.

    A letter with a full stop behind it is an initial, and no word. One too long to begin sentences may be cut off.
    """
    end = start
    while end < len(text) and end - start <= abbreviations.LONGEST_STARTER and text[end].isalpha():
        end += 1
    if end == len(text) and end - start <= abbreviations.LONGEST_STARTER:
        return None
    return "" if end - start == 1 and text[end] == "." else text[start:end]


def goes_on_after(word: str, words: Sequence[str], following: str) -> bool | None:
    """Whether the sentence continues after `word`, the last of its `words`, with the character `following`.

    None if it does unless the next word is one that begins sentences.
    """
    lowered = word.lower()
    if word.isdigit() or _DAY.fullmatch(word) or _ROMAN.fullmatch(word):
        return _goes_on_after_number(word, words, following)
    is_range = following in ("-", "–") and lowered in abbreviations.WEEKDAYS
    if is_range or following in abbreviations.FIRST_OF_TWO.get(lowered, ()) or _is_second_of_two(words):
        return True
    is_initial = len(word) == 1 and word.isupper()
    if word in abbreviations.BEFORE_A_NAME and following.isupper() and not is_initial:
        return False if words[-2:-1] and words[-2][-1].isdigit() else None  # 6 ft. She
    if _is_before_a_number(lowered):
        return following.isdigit() or (_are_initials(word) and _unless_a_sentence_begins(following))
    is_weak = lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS and not is_initial
    if not is_weak and (lowered in abbreviations.ALWAYS or _are_initials(word)):
        return True if lowered in abbreviations.ALWAYS else _unless_a_sentence_begins(following)
    return (is_weak or _is_dotted(word)) and not following.isupper()


def _unless_a_sentence_begins(following: str) -> bool | None:
    return None if following.isupper() else True


def _goes_on_after_number(word: str, words: Sequence[str], following: str) -> bool:
    if _ROMAN.fullmatch(word):  # Ludwig II. von Bayern
        return following.islower()
    is_second = _FIRST_OF_RANGE.match(words[-1]) is not None  # 2.-3. Mai
    is_ordinal = (
        is_second or len(words) == 1 or (len(word) <= 2 and words[-2].lower() in abbreviations.BEFORE_AN_ORDINAL)
    )
    is_range = following in ("-", "–")  # 5. - 7. Mai
    return is_range or following.islower() or following.isdigit() or (word.isdigit() and is_ordinal)
