"""Whole numbers as English words, and back."""

from __future__ import annotations

from typing import Final

# fmt: off
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS: Final = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on

NUMBER_PATTERN: Final = (
    rf"(?:\d{{1,15}}|(?:{'|'.join(_TENS[2:])})[ -](?:{'|'.join(_ONES[1:10])})|{'|'.join([*_ONES[::-1], *_TENS[2:]])})"
)
"""A regular expression for what `words_to_number` reads."""
LARGEST: Final = 999_999
"""The largest number with words here."""


def number_to_words(number: int) -> str:
    """Spell out `number`, from -LARGEST to LARGEST: 142 is "one hundred and forty two".

    Without hyphens, as a speech recogniser writes it.

    Raises:
        ValueError: the number is out of that range.
    """
    if abs(number) > LARGEST:
        raise ValueError(f"{number} is out of range")
    if number < 0:
        return f"minus {number_to_words(-number)}"
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] if not ones else f"{_TENS[tens]} {_ONES[ones]}"
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    count, rest = divmod(number, size)
    head = f"{number_to_words(count)} {name}"
    if not rest:
        return head
    joint = " and " if rest < 100 else " "
    return f"{head}{joint}{number_to_words(rest)}"


def words_to_number(words: str) -> int | None:
    """Read up to 15 digits ("42") or a number of up to two words ("forty two", "forty-two").

    None means that `words` is neither.
    """
    text = words.strip().lower().replace("-", " ")
    if text.isascii() and text.isdigit() and len(text) <= 15:  # int() refuses numbers of thousands of digits
        return int(text)
    match text.split():
        case [word] if word in _ONES:
            return _ONES.index(word)
        case [word] if word in _TENS:
            return _TENS.index(word) * 10
        case [tens, ones] if tens in _TENS[2:] and ones in _ONES[1:10]:
            return _TENS.index(tens) * 10 + _ONES.index(ones)
        case _:
            return None
