"""Whether a text calls somebody by name, as a recognizer would write it that only heard it."""

import re
from collections.abc import Collection
from typing import Final

from assistant.text.sounds_alike import runs_that_sound_like
from assistant.text.turn_words.table import TURN_WORDS, Phrase, length_of_first
from assistant.text.turn_words.tokens import tokens_of
from assistant.text.unfinished import is_unfinished

_MARKS: Final = re.compile(r"[,;:.!?…،，、；：。！？؟–—]+")
_CALLS: Final = frozenset().union(*(words.calls | words.fillers for words in TURN_WORDS.values()))
_BEFORE: Final = _CALLS.union(*(words.greetings | words.backchannels for words in TURN_WORDS.values()))
_BEHIND: Final = frozenset().union(*(words.behind_name | words.fillers for words in TURN_WORDS.values()))


def is_called(name: str, text: str) -> bool:
    """Whether a text begins or ends with a name: "Hey Molly, …", "…, Molly, please?".

    Not if somebody is only spoken of at its end: "I talked to Molly".
    """
    tokens = tokens_of(text)
    return any(
        _is_made_of(tokens[:start], _BEFORE)
        or (_is_made_of(tokens[end:], _BEHIND) and not _is_spoken_of(text, tokens[:start]))
        for start, end in runs_that_sound_like(name, tokens)
    )


def is_only_name(name: str, text: str) -> bool:
    """Whether a text calls somebody and says nothing else: "Molly?", "Hey Molly"."""
    tokens = tokens_of(text)
    runs = dict(runs_that_sound_like(name, tokens))
    place = 0
    while runs and place < len(tokens):
        length = runs.get(place, place) - place or length_of_first(tokens[place:], _CALLS)
        if not length:
            return False
        place += length
    return bool(runs)


def _is_made_of(tokens: Phrase, phrases: Collection[Phrase]) -> bool:
    while tokens:
        length = length_of_first(tokens, phrases)
        if not length:
            return False
        tokens = tokens[length:]
    return True


def _is_spoken_of(text: str, before: Phrase) -> bool:
    """Whether a name belongs to the words before it: the last of them dangles, and there is no comma between."""
    pieces = [tokens for tokens in map(tokens_of, _MARKS.split(text)) if tokens]
    begins = {sum(map(len, pieces[:count])) for count in range(len(pieces))}
    return len(before) not in begins and is_unfinished(" ".join(before))
