"""Writes dates as words, in the order of the language."""

import re
from datetime import date
from typing import Final

from babel import Locale
from babel.dates import format_date

from assistant.text.normalization.numbers import LETTER

_YEAR_FIRST: Final = re.compile(
    rf"(?<!{LETTER})(?<![./-])(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!{LETTER}|[/-])(?!\.\d)"
)
_YEAR_LAST: Final = re.compile(
    rf"(?<!{LETTER})(?<![./-])(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})(?!{LETTER}|[/-])(?!\.\d)"
)

_YEARS: Final = {"ru": ("г.", "года"), "bg": ("г.", "година"), "uk": ("р.", "року")}
"""Languages whose long date in CLDR ends with an abbreviation of the word for year."""


class Dates:
    """Writes numeric dates as words: 2026-11-25 is November 25, 2026. Ambiguous dates stay as they are."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        short = locale.date_formats["short"].pattern
        self._is_day_first = short.find("d") < short.find("M")

    def normalize(self, text: str) -> str:
        """`text` with its dates as words."""
        text = _YEAR_FIRST.sub(lambda found: self._words(found, found[1], found[3], found[4]), text)
        return _YEAR_LAST.sub(self._with_year_last, text)

    def long(self, day: date) -> str:
        """The date as words."""
        words = format_date(day, "long", locale=self._locale)
        short, whole = _YEARS.get(self._locale.language, ("", ""))
        return f"{words.removesuffix(short)}{whole}" if short and words.endswith(short) else words

    def _with_year_last(self, found: re.Match[str]) -> str:
        first, second, year = found[1], found[3], found[4]
        if found[2] == "." or int(first) > 12:
            return self._words(found, year, second, first)
        if int(second) > 12:
            return self._words(found, year, first, second)
        if self._locale.language == "en":
            return found[0]  # the order is ambiguous
        month, day = (second, first) if self._is_day_first else (first, second)
        return self._words(found, year, month, day)

    def _words(self, found: re.Match[str], year: str, month: str, day: str) -> str:
        try:
            return self.long(date(int(year), int(month), int(day)))
        except ValueError:
            return found[0]
