"""Tells our own words, come back from a member's loudspeaker, from theirs."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

_ALIKE: Final = 0.72
"""The share of a text's words that were ours. projectBEA's bot takes the same (its README, "echo")."""
_LEAST_WORDS: Final = 3
"""Of fewer, none is taken for an echo: "yes" and "stop" are said by both."""
_LEAST_RUN: Final = 2
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_LATEST_WORDS: Final = 15
"""So many of them may be on their way back: five seconds of speech."""
_MOST_WORDS: Final = 200
"""The latest words of ours that count: an echo is no older than a few seconds."""
_ECHO_SECONDS: Final = 0.5
"""How long after our last sound an echo may begin: a loudspeaker does not wait, but both ways take their time."""


def may_come_back(moment: float, said: Iterable[tuple[float, str]]) -> str:
    """Of what we said, what may be heard again in a turn of speech that began at a moment.

    `said` is when the sound of each text ended, and the text. Who begins later repeats us of their own will.
    """
    return " ".join(text for ended, text in said if moment <= ended + _ECHO_SECONDS)


def is_echo(text: str, said: str) -> bool:
    """Whether a recognized text is mostly what was said by us a moment ago, in the same order."""
    heard, ours = _words(text), _words(said)[-_MOST_WORDS:]
    if len(heard) < _LEAST_WORDS:
        return False
    matches = SequenceMatcher(None, ours, heard, autojunk=False).get_matching_blocks()
    # A word alone counts only where it stands as far from a run of words as in ours: a word between was misheard.
    runs = {match.a - match.b for match in matches if match.size >= _LEAST_RUN}
    return sum(match.size for match in matches if match.a - match.b in runs) >= _ALIKE * len(heard)


def may_become_echo(text: str, said: str) -> bool:
    """Whether the few words that are recognized so far are among the latest of ours, in the same order."""
    heard, ours = _words(text), _words(said)[-_LATEST_WORDS:]
    count = len(heard)
    return 0 < count < _LEAST_WORDS and any(ours[at : at + count] == heard for at in range(len(ours)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
