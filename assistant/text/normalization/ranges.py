"""Writes ranges as words: 9:00 - 17:00 is 9:00 to 17:00, Mon–Fri is Monday to Friday."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from babel import Locale

from assistant.text.normalization.lexicon import Lexicon
from assistant.text.normalization.numbers import AFTER, BEFORE, LETTER, Numbers

_AM_PM: Final = r"(?:[aApP]\.?[mM]\b\.?)"
_TIME: Final = rf"\d{{1,2}}:\d\d(?:\s?{_AM_PM})?|\d{{1,2}}\s?{_AM_PM}"
_DOTTED: Final = r"(?:[01]?\d|2[0-4])\.[0-5][05]"
"""A time in languages that write decimals with a comma."""
_VERSE: Final = r"\d{1,3}:\d{1,3}(?=[-–])"
_ANY: Final = re.compile(r"[-–—~〜～]")
_CONTEXT: Final = 60
"""How many characters before a range are looked at."""
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+|№)\s*\Z")
_MATH_BEFORE: Final = re.compile(r"[=×÷*<>≤≥−]\s?\Z|\+\s\Z")
_MATH_BEHIND: Final = re.compile(r"\s?[=×÷*+^≤≥]")
_PHONE_BEFORE: Final = re.compile(r"(?:\+\d{1,3}[\s(]|\d\)\s?)\Z")
_SCORES: Final = re.compile(
    r"\b(?:won|lost|beat|beaten|defeated|drew|tied|scores?|gewann|gewannen|gewonnen|verlor|verloren|siegte|siegten|unterlag|unterlagen|Endstand|gagné|perdu|battu|ganó|"
    r"ganaron|perdió|empató|marcador|vinto|perso|pareggiato|ganhou|perdeu|venceu|empatou|placar|wygrał\w*|przegrał\w*|"
    r"wynik\w*|verloor|wonnen|vann|förlorade|vandt|выиграл\w*|проиграл\w*|сч[её]т\w*)\b",
    re.IGNORECASE,
)
"""Words near which 3-1 is a score."""
_RESULTS: Final = re.compile(
    r"\s(?:draw|tie|win|loss|defeat|victory|lead|Sieg|Niederlage|Unentschieden|victoire|défaite|victoria|derrota|empate|vittoria|"
    r"sconfitta|pareggio|vitória|zwycięst\w+|remis\w*|побед\w+|ничь\w+)\b",
    re.IGNORECASE,
)
_HIGHEST_SCORE: Final = 20
_MORE_NAMES: Final = {"pn": "poniedziałek", "nd": "niedziela", "ndz": "niedziela"}
"""Weekdays that people shorten otherwise than CLDR."""
_ORDINALS: Final = re.compile(
    r"(?<![\w.,])(?P<from>\d{1,2}(?:\.(?:\d{1,2}\.)?|st|nd|rd|th))\s?[-–]\s?"
    r"(?P<to>\d{1,2}(?:\.(?:\d{1,2}\.)?|st\b|nd\b|rd\b|th\b))(?=\s?(?:[^\W\d_]|\Z|[.,;:!?)]))"
)
"""5. - 7. Mai, 24.12.–26.12., 1st–3rd"""
_LOOSE: Final = re.compile(
    r"(?<![\w.,/:-])(?:(?P<decade>['’]?\d{2,4}s?)\s?[-–]\s?(?P<later>['’]?\d{2,4}s)|(?P<year>\d{4})\s?[-–—]\s?(?P<now>(?i:"
    r"present|now|today|heute|aujourd['’]hui|hoy|presente|oggi|hoje|heden|nu|dziś|dzisiaj|bugün|сегодня|наст\.\sвремя))"
    r"|(?P<version>v?\d{1,3}(?:\.\d{1,3}){2,3})\s?[-–]\s?(?P<version_to>v?\d{1,3}(?:\.\d{1,3}){2,3})(?!\.\d)"
    r"|(?P<cell>[A-Z]\d{1,3})–(?P<cell_to>[A-Z]\d{1,3})|(?P<roman>[IVX]{1,7})\s?–\s?(?P<roman_to>[IVX]{1,7}))(?![\w-])"
)
"""1990s–2000s, 1985–present, 1.2.3 - 1.2.5, A5–A7, XVIII–XIX"""
_PARTS: Final = re.compile(
    r"(?<![\w.,/-])(?P<from>\d/\d|\d?[½⅓⅔¼¾⅛])\s?[-–]\s?(?P<to>\d/\d|\d{1,2}|\d?[½⅓⅔¼¾⅛])(?![\d/-])(?!\s?[=×÷*/+])"
)
"""1/2 - 1 cup, ¼–½"""
_COUNTED: Final = re.compile(r"(?<=\d[年月日時时分点點歳岁回巻년월일시분])\s?[-–~〜～]\s?(?=\d)")
"""A range of which the word behind the number is written twice: 10時〜17時."""


class Ranges:
    """Writes ranges as words. A hyphen that may be a minus is one where the numbers fall or a result follows."""

    def __init__(self, lexicon: Lexicon, numbers: Numbers) -> None:
        self._spans = lexicon.symbols.get("range", "{}–{}")
        self._spans_of_times = lexicon.symbols.get("range_of_times", self._spans)
        self._spans_of_names = lexicon.symbols.get("range_of_names", self._spans)
        self._after = lexicon.range_after
        self._numbers = numbers
        times = rf"{_TIME}|{_DOTTED}" if numbers.has_comma else _TIME
        self._is_time = re.compile(times)
        end = rf"(?:{times}|{numbers.pattern})"
        self._pattern = re.compile(
            rf"{BEFORE}(?P<from>{times}|{_VERSE}|{numbers.pattern})(?P<dash>\s?[–~〜～]\s?|—|\s?-\s|-)(?P<to>{end}){AFTER}(?!\s?[–~-]\d)"
        )
        self._locale = lexicon.locale

    @cached_property
    def _names(self) -> dict[str, str]:
        return _names(self._locale) if self._locale else {}

    @cached_property
    def _named(self) -> re.Pattern[str]:
        """A range of weekdays, months or days; created on first use, since that takes some milliseconds."""
        name = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True)) or "(?!)"
        year = r"(?:(?:,|\sde)?\s\d{4}\b(?:\s(?:года|року|roku))?)?"
        day = rf"(?:\d{{1,2}}\.?\s(?:de\s)?)?(?:{name})(?!{LETTER})(?:\.(?=[\s–-]))?(?:\s\d{{1,2}}\b(?!:))?{year}"
        return re.compile(
            rf"(?<!{LETTER})(?<!-)(?P<from>{day})\s?[-–~〜～]\s?(?:(?P<to>{day})|(?P<day>\d{{1,2}})(?![\d:.]))(?!-)"
        )

    def normalize(self, text: str) -> str:
        """`text` with its ranges in words."""
        if not _ANY.search(text):
            return text
        text = self._named.sub(self._days, text)
        text = _LOOSE.sub(self._loose, text)
        text = _PARTS.sub(lambda found: self.of(found["from"], found["to"], found), text)
        text = _ORDINALS.sub(lambda found: self.of(found["from"], found["to"], found), text)
        text = _COUNTED.sub(self._spans.format("", ""), text)
        return self._pattern.sub(self._range, text)

    def of(self, begin: str, end: str, found: re.Match[str]) -> str:
        """The words for a range that was `found`: the word before it may say that it is one."""
        word = _WORD_BEFORE.search(_before(found))
        spans = self._spans_of_times if self._is_time.fullmatch(begin) else self._spans
        return self._after.get(word[1].lower() if word else "", spans).format(begin, end)

    def is_falling(self, begin: str, end: str) -> bool:
        """Whether the first number is the larger one."""
        return self._numbers.value(begin) > self._numbers.value(end)

    def _loose(self, found: re.Match[str]) -> str:
        begin, end = (part for part in found.groups() if part)
        return self._spans_of_names.format(begin, end) if found["roman"] else self.of(begin, end, found)

    def _days(self, found: re.Match[str]) -> str:
        begin, end = (self._whole(found[name] or "") for name in ("from", "to"))
        end = end or found["day"]
        is_usual = self._spans_of_names == self._spans
        return self.of(begin, end, found) if is_usual else self._spans_of_names.format(begin, end)

    def _whole(self, day: str) -> str:
        """The day with the whole name of a weekday or month."""
        return re.sub(r"[^\W\d_]+\.?", lambda word: self._names.get(word[0].rstrip("."), word[0]), day)

    def _range(self, found: re.Match[str]) -> str:
        behind = found.string[found.end() : found.end() + 3]
        is_math = _MATH_BEFORE.search(_before(found)) or _MATH_BEHIND.match(behind)
        if not is_math and self._is_range(found):
            return self.of(found["from"], found["to"], found)
        is_phone = found["dash"] == " - " and _is_phone(found["from"], found["to"], _before(found))
        return f"{found['from']}-{found['to']}" if is_phone else found[0]

    def _is_range(self, found: re.Match[str]) -> bool:
        begin, end, dash = found["from"], found["to"], found["dash"]
        is_clear = dash in ("–", "—") or dash.strip() in "~〜～"
        is_tight = dash in ("-", "–")
        if is_tight and begin.isdigit() and end.isdigit() and (begin == end or self._is_score(found)):
            return False
        if is_clear or ":" in begin or self._is_time.fullmatch(begin) or self._is_time.fullmatch(end):
            return True
        if _is_phone(begin, end, _before(found)):
            return False
        first, last = self._numbers.value(begin), self._numbers.value(end)
        if len(begin) == 4 and len(end) == 2 and end.isdigit() and 1000 <= first <= 2100:
            return first % 100 < last > 12  # 2024-25; but 2024-11 is a month
        return first < last or _are_versions(begin, end)

    def _is_score(self, found: re.Match[str]) -> bool:
        behind = found.string[found.end() : found.end() + _CONTEXT]
        is_low = max(int(found["from"]), int(found["to"])) <= _HIGHEST_SCORE
        return is_low and bool(_SCORES.search(_before(found)) or _RESULTS.match(behind))


def _are_versions(begin: str, end: str) -> bool:
    """Whether two numbers are versions, such as 3.8 and 3.12, which is the later one."""
    first, last = begin.split("."), end.split(".")
    return (
        len(first) == len(last) == 2
        and first[0] == last[0]
        and len(first[1]) == 1
        and len(last[1]) == 2
        and last[1][0] == "1"
    )


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _CONTEXT) : found.start()]


def _is_phone(begin: str, end: str, before: str) -> bool:
    """Whether two numbers look like parts of a telephone number: 555-1234, 0171-5550, +49 30-123456."""
    if not (begin.isdigit() and end.isdigit()):
        return False
    has_zero = any(len(number) > 1 and number[0] == "0" for number in (begin, end))
    is_long = (len(begin), len(end)) == (3, 4) or len(end) > len(begin) + 3
    return has_zero or is_long or _PHONE_BEFORE.search(before) is not None


def _names(locale: Locale) -> dict[str, str]:
    """The names of weekdays and months, long and short, and the long one for each."""
    names: dict[str, str] = {}
    for kinds in (locale.months, locale.days):
        for form in ("format", "stand-alone"):
            wide = kinds[form]["wide"]
            for width in ("abbreviated", "short", "wide"):
                short = kinds[form].get(width, {})
                names.update(_without_stops((str(name), str(wide[key])) for key, name in short.items()))
    shortest = 1 if locale.language == "ja" else 2
    names.update({short: names[name] for short, name in _MORE_NAMES.items() if name in names})
    names.update({name.capitalize(): whole.capitalize() for name, whole in names.items() if name[:1].islower()})
    names.update({name.removesuffix("日"): whole for name, whole in names.items() if len(name) == 3})
    return {name: whole for name, whole in names.items() if not any(map(str.isdigit, name)) and len(name) >= shortest}


def _without_stops(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.rstrip("."): whole for name, whole in names}
