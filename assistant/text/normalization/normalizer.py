"""Writes plain text as spoken words of one language."""

import re
from functools import cached_property, lru_cache
from typing import Final

from assistant.text.markdown.placeholders import SHORT_FORMULA, SPOILER, latex_of
from assistant.text.normalization.abbreviation_expander import AbbreviationExpander
from assistant.text.normalization.cleanup import speakable
from assistant.text.normalization.dates import Dates
from assistant.text.normalization.discord_markup import DiscordMarkup, Names
from assistant.text.normalization.formula_words import VULGAR, FormulaWords, with_fraction_signs
from assistant.text.normalization.lexicon import lexicon_of
from assistant.text.normalization.menu_paths import menu_paths_paused
from assistant.text.normalization.money import Money
from assistant.text.normalization.numbers import Numbers
from assistant.text.normalization.pictographs import Pictographs
from assistant.text.normalization.ranges import Ranges
from assistant.text.normalization.references import without_references
from assistant.text.normalization.symbols import Symbols
from assistant.text.normalization.units import Units

_DIGIT: Final = re.compile(rf"[\d{''.join(VULGAR.values())}²³]")


class Normalizer:
    """Writes the dates, amounts, quantities, signs and abbreviations of a text as words of one language."""

    def __init__(self, language: str) -> None:
        """`language` is a gTTS code. For an unknown one, everything except Discord's markup stays as written."""
        lexicon = lexicon_of(language)
        numbers = Numbers(lexicon.locale)
        self.notes = lexicon.notes
        """The words for parts that only the chat shows: code, table, formula."""
        self._markup = DiscordMarkup(lexicon)
        self._expansions = AbbreviationExpander(lexicon)
        self._pictographs = Pictographs(lexicon)
        self._ranges = Ranges(lexicon, numbers)
        self._formulas = FormulaWords(lexicon)
        self._symbols = Symbols(lexicon)
        self._numbers = numbers
        self._pause = lexicon.symbols.get("pause", ", ")
        self._lexicon = lexicon

    @cached_property
    def _quantities(self) -> tuple[Dates | Money | Units, ...]:
        """The steps for numbers with units and signs; created on first use, since that takes 15 ms.

        In this order: a date is no amount, and an amount no quantity.
        """
        lexicon, numbers, ranges, locale = self._lexicon, self._numbers, self._ranges, self._lexicon.locale
        if locale is None:
            return ()
        return Dates(locale), Money(lexicon, numbers, ranges, locale), Units(lexicon, numbers, ranges, locale)

    def seen(self, plain: str, names: Names) -> str:
        """The text as a reader sees it: names and times for Discord's markup, words for formulas and hidden text."""
        plain = self._markup.normalize(plain, names).replace(SPOILER, self.notes["spoiler"])
        return SHORT_FORMULA.sub(lambda found: self._formulas.of_latex(latex_of(found)), plain)

    def normalize(self, seen: str) -> str:
        """The spoken words of the text, or "" if there is nothing to say. Takes time linear in its length."""
        text = menu_paths_paused(self._pictographs.normalize(without_references(seen)), self._pause)
        text = self._expansions.normalize(with_fraction_signs(text))
        if _DIGIT.search(text):
            for part in self._quantities:
                text = part.normalize(text)
        text = self._formulas.normalize(self._ranges.normalize(text))
        text = self._symbols.normalize(text)
        return speakable(self._numbers.normalize(text))


@lru_cache(maxsize=32)
def normalizer_for(language: str) -> Normalizer:
    """The normalizer of a language, given as a gTTS code. It is cached, since creating it takes about 20 ms."""
    return Normalizer(language)
