"""Expands abbreviations."""

import re
from collections.abc import Mapping
from typing import Final

from assistant.text.normalization.lexicon import Lexicon

_CLOSERS: Final = r"""["'”’»)\]]*"""


class AbbreviationExpander:
    """Expands abbreviations to words. A full stop that also ends the sentence is kept."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {_capital(short): _capital(word) for short, word in lexicon.abbreviations.items()}
        self._words.update(lexicon.abbreviations)
        self._before_numbers = dict(lexicon.before_numbers)
        self._patterns = [(re.compile(rule["find"]), rule["say"]) for rule in lexicon.patterns]
        self._pattern = re.compile(
            rf"(?<![\w.])(?:{_any_of(self._words)})(?!\w)(?P<end>{_CLOSERS}\Z)?(?P<stop>\.(?= [^\W_]))?"
        )
        self._numbered = re.compile(rf"(?<![\w.])(?P<word>{_any_of(self._before_numbers)})\s?(?=\d)")

    def normalize(self, text: str) -> str:
        """`text` with its abbreviations expanded."""
        for pattern, words in self._patterns:
            text = pattern.sub(words, text)
        text = self._numbered.sub(lambda found: f"{self._before_numbers[found['word']]} ", text)
        return self._pattern.sub(self._expand, text)

    def _expand(self, found: re.Match[str]) -> str:
        end = found["end"] or ""
        written = found[0].removesuffix(found["stop"] or "")  # a full stop that the table does not have
        short = written.removesuffix(end) if end else written
        stop = "." if short.endswith(".") and found["end"] is not None else ""
        return f"{self._words[short]}{stop}{end}"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _any_of(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
