"""Formats counts with their noun, by the plural rules of Unicode's CLDR."""

from typing import Final

from babel import Locale

_ENGLISH: Final = Locale("en")


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count and its English noun: "1 message", "2 messages". The default `plural` adds an "s"."""
    noun = singular if _ENGLISH.plural_form(count) == "one" else plural or f"{singular}s"
    return f"{count} {noun}"
