"""Writes signs between words and numbers as words."""

import re
from typing import Final

from assistant.text.normalization.lexicon import Lexicon

_BETWEEN_WORDS: Final = {
    "&": "and", "+": "plus", "=": "equals", "×": "times", "÷": "divided", "⋅": "times", "−": "minus",
    "<": "less", ">": "greater",
    "≠": "unequal", "≤": "at_most", "≥": "at_least", "!=": "unequal", "<=": "at_most", ">=": "at_least", "==": "equals",
}  # fmt: skip
_ANY: Final = re.compile(r"[\d&+=×÷⋅<>≠≤≥←-⇿⟵-⟺➔➜➡~≈∼#№§−±]")
_SPACED: Final = re.compile(r"(?<=\S) ([&+=×÷⋅−<>≠≤≥]|[!<>=]=) (?=\S)")
_PLUS_MINUS: Final = re.compile(r"± ?(?=\d)")
_JOINED: Final = re.compile(r"(?<=[^\W_])([&=×÷≠≤≥])(?=[^\W_])|(?<=[^\W_])(\+)(?=\d)")
_ARROWS: Final = re.compile(r"\s*(?:[←→↔⇒⇐⇔⇨⟵⟶⟸⟹⟺↦⇄➜➔➡]\ufe0f?|(?<= )[-=]+>(?= ))\s*")
_MINUS: Final = re.compile(r"(?<![^\s(])[-−](?=\d)")
_SUM: Final = re.compile(r"(?<=\d)(?<!:\d)(?<!:\d\d) [-−–] (?=\d)")
_ABOUT: Final = re.compile(r"(?<!\d)(?<!\d )[~≈∼] ?(?=[$€£¥]?\d)")
_NUMBER: Final = re.compile(r"(?<![\w#])(?:#|№ ?)(?=\d{1,9}\b)")
_SECTION: Final = re.compile(r"(?<!§)§{1,2} ?(?=\d)")
_VERSION: Final = re.compile(r"(?<![\w.])[vV](?=\d+(?:\.\d+)+(?!\w))")
_ITEM: Final = re.compile(r"^(\d{1,3})\.(?= \S)")


class Symbols:
    """Writes signs as words where they stand for words. Signs without words in the language are left to the voice."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.symbols
        # In a language without spaces between words, the word for a sign has none either.
        self._blank = lexicon.blank
        months = lexicon.locale.months["format"]["wide"].values() if lexicon.locale else ()
        self._not_items = frozenset([*(str(month).lower() for month in months), *_joiners(lexicon)])

    def normalize(self, text: str) -> str:
        """`text` with its signs as words. An arrow is a pause, and so is the full stop after a list number."""
        if not _ANY.search(text):
            return text
        text = _ITEM.sub(self._item, text)
        text = _ARROWS.sub(self._words.get("pause", ", "), text)
        text = self._before(_ABOUT, "about", text)
        text = self._before(_NUMBER, "number", text)
        text = self._before(_SECTION, "section", text)
        text = self._before(_VERSION, "version", text)
        text = self._before(_PLUS_MINUS, "plus_minus", text)
        text = _SUM.sub(lambda found: self._between("minus", found[0]), text)
        text = self._before(_MINUS, "minus", text)
        text = _SPACED.sub(lambda found: self._between(_BETWEEN_WORDS[found[1]], found[0]), text)
        return _JOINED.sub(lambda found: self._between(_BETWEEN_WORDS[found[1] or found[2]], found[0]), text)

    def _before(self, pattern: re.Pattern[str], symbol: str, text: str) -> str:
        word = self._words.get(symbol)
        return pattern.sub(f"{word}{self._blank}", text) if word else text

    def _between(self, symbol: str, written: str) -> str:
        word = self._words.get(symbol)
        return f"{self._blank}{word}{self._blank}" if word else written

    def _item(self, found: re.Match[str]) -> str:
        """Put a colon after a list number, since German voices read "1. Öffne" as an ordinal. "3. Oktober" is one."""
        following = found.string[found.end() :].split()[0].strip(".,;:!?").lower()
        return found[0] if following in self._not_items else f"{found[1]}:"


def _joiners(lexicon: Lexicon) -> list[str]:
    """The words between the parts of a range: 1. bis 4. Klasse is no list."""
    return lexicon.symbols.get("range", "").replace("{}", " ").split()
