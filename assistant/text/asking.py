"""Whether a text asks something."""

import re
from typing import Final

_ASKS: Final = re.compile(r"[?？؟]\W*\Z")


def is_question(text: str) -> bool:
    """Whether a text ends in a question mark, whatever quotes, brackets or emoji stand behind it."""
    return _ASKS.search(text) is not None
