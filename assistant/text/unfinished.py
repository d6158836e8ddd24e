"""Whether a text needs more behind it: its speaker has paused, and not ended."""

import re
from typing import Final

_DANGLING: Final = frozenset(["a", "an", "and", "but", "or", "the", "to", "of", "um", "uh", "because", "my", "is"])
"""English words that nobody ends with."""
_LAST_WORD: Final = re.compile(r"([^\W_]+)\W*$")


def is_unfinished(text: str) -> bool:
    """Whether a text ends in a comma, a dash or an ellipsis, or in a word that dangles."""
    text = text.rstrip()
    if text.endswith((",", ";", ":", "-", "–", "—", "…", "...")):
        return True
    last = _LAST_WORD.search(text.casefold())
    return last is not None and last[1] in _DANGLING and not text.endswith(("?", "!"))
