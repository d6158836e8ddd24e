"""Placeholders for parts whose words depend on the reply's language, until that is known.

They are private-use characters. They can't come from the text, since the Markdown reader removes them.
"""

import re
from typing import Final

CODE: Final = "\ue000"
TABLE: Final = "\ue001"
FORMULA: Final = "\ue002"
"""A formula that is too hard to follow by ear."""
SPOILER: Final = "\ue003"
"""The text under a spoiler, inside a sentence."""

_BEGIN, _END, _BLANK = "\ue004", "\ue005", "\ue006"
RESERVED: Final = r"\ue000-\ue006"
"""All of them, for a regular expression."""

NOTES: Final = {CODE: "code", TABLE: "table", FORMULA: "formula"}
"""The key of the words in a language's file, for each placeholder that is a sentence of its own."""

SHORT_FORMULA: Final = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
"""A formula inside a sentence, for `latex_of`."""


def short_formula(latex: str) -> str:
    """A formula to be said in words. It contains no blank, so that it is not taken for several words."""
    return f"{_BEGIN}{_BLANK.join(latex.split())}{_END}"


def latex_of(found: re.Match[str]) -> str:
    """The formula that SHORT_FORMULA has found."""
    return found[1].replace(_BLANK, " ")
