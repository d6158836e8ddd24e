"""Numbers with their noun, by the plural rules of Unicode's CLDR."""

from typing import Final

from babel import Locale

_ENGLISH: Final = Locale("en")


def counted(count: int, singular: str, plural: str = "") -> str:
    """The number and its English noun: `counted(1, "message")` is "1 message"; `plural` is by default with an "s"."""
    noun = singular if _ENGLISH.plural_form(count) == "one" else plural or f"{singular}s"
    return f"{count} {noun}"
