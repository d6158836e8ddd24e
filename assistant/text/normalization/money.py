"""Writes amounts of money as words."""

import re
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import get_currency_name

from assistant.text.normalization.lexicon import Forms, Lexicon
from assistant.text.normalization.numbers import LETTER, Numbers
from assistant.text.normalization.ranges import Ranges

_SIGNS: Final = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "CAD$": "CAD", "HK$": "HKD", "NZ$": "NZD",
    "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY",
    "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₫": "VND", "₪": "ILS", "฿": "THB", "₱": "PHP",
    "₦": "NGN", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₵": "GHS", "₭": "LAK", "₮": "MNT",
    "؋": "AFN", "₨": "INR", "Rs.": "INR", "Rs": "INR", "Rp": "IDR", "RM": "MYR", "zł": "PLN", "Kč": "CZK",
    "руб.": "RUB", "грн": "UAH", "лв.": "BGN",
    **{code: code for code in (
        "USD", "EUR", "GBP", "CHF", "JPY", "AUD", "CAD", "NZD", "SGD", "HKD", "CNY", "KRW", "INR", "BRL", "MXN", "SEK",
        "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR", "UAH", "ILS", "THB", "RUB",
    )},
}  # fmt: skip
_CROWNS: Final = {"sv": "SEK", "no": "NOK", "nb": "NOK", "da": "DKK", "is": "ISK"}
_OWN_NAMES: Final = {
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "￥": "yen", "₹": "rupee", "₩": "won", "₽": "ruble",
    "руб.": "ruble", "₺": "lira", "TL": "lira", "zł": "zloty", "R$": "real", "kr": "krona", "kr.": "krona",
    ":-": "krona",
}  # fmt: skip
"""Currencies whose everyday name is in the language's file: CLDR calls dollars US dollars."""

_SCALE: Final = r"(?i:m[iy]l|b[iy]l(?!ls?\b)|tr[iy]l|thous|миллион|миллиард|тысяч)[^\W\d_]*"
_LARGE: Final = re.compile(r"m[iy]l(?!l?e?$)|b[iy]l|tr[iy]l", re.IGNORECASE)


class Money:
    """Writes amounts as words: $5.99 is 5 dollars and 99 cents, 1,5 Mio. € is 1,5 Millionen Euro."""

    def __init__(self, lexicon: Lexicon, numbers: Numbers, ranges: Ranges, locale: Locale) -> None:
        self._money = lexicon.money
        self._numbers = numbers
        self._ranges = ranges
        self._locale = locale
        self._blank = str(self._money.get("blank", " "))
        self._scales: Forms = self._money.get("scales", {})
        self._codes = dict(_SIGNS)
        if lexicon.language in _CROWNS:
            self._codes.update(dict.fromkeys(("kr", "kr.", ":-"), _CROWNS[lexicon.language]))
        if lexicon.language == "tr":  # in German, TL is a teaspoon
            self._codes["TL"] = "TRY"
        if lexicon.language == "zh":
            self._codes.update({"¥": "CNY", "￥": "CNY"})
        self._per = lexicon.symbols.get("per", "")
        signs = "|".join(re.escape(sign) for sign in sorted(self._codes, key=len, reverse=True))
        scales = "|".join(re.escape(scale) for scale in sorted(self._scales, key=len, reverse=True)) or "(?!)"
        scale = rf"(?:{scales}|{_SCALE})(?!\w)"
        number = numbers.pattern
        self._pattern = re.compile(
            rf"(?<!{LETTER})(?<![.,$])(?P<sign>[-−])?(?:(?P<before>{signs})\s?(?:(?P<from>{number})(?:\s?(?P<small>{scale}))?\s?[-–]\s?(?:(?P=before)\s?)?)?"
            rf"(?P<first>{number})(?:,[-–])?(?:\s?(?P<scale>{scale}))?(?!{LETTER})(?![.,]\d)"
            rf"|(?:(?P<begun>{number})\s?(?:{signs})?\s?[-–]\s?)?(?P<second>{number})(?:,[-–])?(?:\s?(?P<size>{scale}))?\s?(?P<behind>{signs})(?!{LETTER}|\$))"
            rf"(?P<per>{'/' if self._per else '(?!)'}(?=[^\W\d_]))?"
        )
        self._minus = lexicon.symbols.get("minus", "-")

    def normalize(self, text: str) -> str:
        """`text` with its amounts as words."""
        return self._pattern.sub(self._amount, text)

    def _amount(self, found: re.Match[str]) -> str:
        words = self._words(found)
        if found["per"]:
            return f"{words} {self._per} "
        return f"{words}." if found[0].endswith(".") and found.end() == len(found.string) else words

    def _words(self, found: re.Match[str]) -> str:
        sign = found["before"] or found["behind"]
        written = found["first"] or found["second"]
        scale = found["scale"] or found["size"]
        minus = f"{self._minus}{self._blank}" if found["sign"] else ""
        value, digits = self._numbers.value(written), self._numbers.digits(written)
        if begun := found["from"] or found["begun"]:
            small = self._scales.get(found["small"] or "", "") if found["small"] != scale else ""
            begin = f"{self._numbers.digits(begun)} {small}".rstrip()
            digits = self._ranges.of(begin, digits, found)
        if scale:
            return minus + self._scaled(digits, scale, sign)
        minor = self._money.get("minor", {}).get(self._codes[sign])
        if minor and not begun and value.as_tuple().exponent == -2:
            return minus + self._with_minor(value, sign, minor)
        return minus + self._counted(digits, self._name(sign, value))

    def _counted(self, digits: str, name: str) -> str:
        return f"{digits}{self._blank}{name}"

    def _scaled(self, digits: str, scale: str, sign: str) -> str:
        word = self._scales.get(scale, scale)
        name = self._name(sign, Decimal(1_000_000))
        of = str(self._money.get("of", ""))
        if of and _LARGE.match(word):
            is_elided = self._locale.language == "fr" and name[:1] in "aeiouyh"
            name = f"d'{name}" if is_elided else f"{of} {name}"
        return f"{digits} {word} {name}"

    def _with_minor(self, value: Decimal, sign: str, minor: Forms) -> str:
        whole, parts = int(value), int(value * 100) % 100
        small = self._counted(str(parts), _form(minor, self._locale, Decimal(parts)))
        if parts and not whole:
            return small
        large = self._counted(str(whole), self._name(sign, Decimal(whole)))
        if not parts:
            return large
        if self._codes[sign] in self._money.get("bare_minor", ()):
            return f"{large} {parts}"
        return str(self._money.get("join", "{} {}")).format(large, small)

    def _name(self, sign: str, count: Decimal) -> str:
        own = "yuan" if self._codes[sign] == "CNY" else _OWN_NAMES.get(sign, "")
        if forms := self._money.get(own):
            return _form(forms, self._locale, count)
        return str(get_currency_name(self._codes[sign], count=count, locale=self._locale))


def _form(forms: Forms, locale: Locale, count: Decimal) -> str:
    return forms.get(locale.plural_form(count), forms["other"])
