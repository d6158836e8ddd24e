"""The words of each language by which its speakers take turns: `languages/*.toml`."""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from assistant.text.turn_words.tokens import tokens_of

_FOLDER: Final = Path(__file__).parent / "languages"

Phrase = tuple[str, ...]
"""One word or several, as `tokens_of` gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnWords:
    """Those of one language."""

    common: frozenset[Phrase]
    """Words that are often said in it and may be the last ones: by them it is known."""
    dangling: frozenset[Phrase]
    """Those that nobody ends with,"""
    complete: frozenset[Phrase]
    """but they may end with these, though one of those is at their end."""
    fillers: frozenset[Phrase]
    """What is said while one thinks; no words of any language."""
    backchannels: frozenset[Phrase]
    """What listeners say to show that they listen."""
    stop: frozenset[Phrase]
    """What asks for silence,"""
    beside_stop: frozenset[Phrase]
    """and what may stand around it."""
    calls: frozenset[Phrase]
    """What is said before a name to call somebody, and says nothing more: "hey","""
    greetings: frozenset[Phrase]
    """what says something and stands there, too: "good morning","""
    behind_name: frozenset[Phrase]
    """and what may stand behind a name that ends a sentence: "please"."""

    @classmethod
    def read(cls, tables: Mapping[str, Iterable[str]]) -> Self:
        """From a file's contents."""
        return cls(**{name: frozenset(map(tokens_of, phrases)) for name, phrases in tables.items()})

    def knows(self, tokens: Sequence[str]) -> int:
        """How many words of a text are of the language's commonest ones."""
        return sum((token,) in self.common or (token,) in self.dangling for token in tokens)


def ends_with(tokens: Phrase, phrases: Collection[Phrase]) -> bool:
    """Whether a text ends with one of these."""
    return any(phrase and tokens[-len(phrase) :] == phrase for phrase in phrases)


def length_of_first(tokens: Phrase, phrases: Collection[Phrase]) -> int:
    """How many words the longest of these has with which a text begins; 0 if it begins with none."""
    return max((len(phrase) for phrase in phrases if tokens[: len(phrase)] == phrase), default=0)


TURN_WORDS: Final[Mapping[str, TurnWords]] = {
    path.stem: TurnWords.read(tomllib.loads(path.read_text("utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))
}
"""By language."""
