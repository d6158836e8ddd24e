"""Whether a text needs more behind it: its speaker has paused, and not ended."""

import re
from typing import Final

from assistant.text.backchannels import is_backchannel, is_stop
from assistant.text.turn_words.table import TURN_WORDS, TurnWords, ends_with
from assistant.text.turn_words.tokens import tokens_of

_OPEN_END: Final = re.compile(
    r"(?:[,;:、，；：،؛…‥–—―-]|\.\.|\b(?:[cdjlmnst]|qu|un|all|dell|nell|sull)['’])[\s\"”»』」)\]]*$", re.IGNORECASE
)
"""A sign that more comes, or a word that is cut off: the French "l'"."""
_QUESTION: Final = re.compile(r"[?!？！؟][\s\"”»』」)\]]*$")


def is_unfinished(text: str) -> bool:
    """Whether a text ends in a comma, a dash or an ellipsis, or in a word that dangles: "and", "the", "um".

    The full stop that a recognizer puts behind such a word does not count. The text may be in any language of
    `turn_words`; it is taken to be in the one of which it has the most words.
    """
    if _OPEN_END.search(text):
        return True
    if _QUESTION.search(text):
        return False
    tokens = tokens_of(text)
    if any(ends_with(tokens, words.fillers) for words in TURN_WORDS.values()):
        return True
    if is_backchannel(text) or is_stop(text):
        return False
    known = {language: words.knows(tokens) for language, words in TURN_WORDS.items()}
    most = max(known.values())
    likely = [TURN_WORDS[language] for language, count in known.items() if count == most]
    judged = [_dangles(tokens, words) for words in likely if ends_with(tokens, words.common | words.dangling)]
    return bool(judged) and all(judged)


def _dangles(tokens: tuple[str, ...], words: TurnWords) -> bool:
    return ends_with(tokens, words.dangling) and not ends_with(tokens, words.complete)
