"""Writes quantities as words: numbers with a unit, degrees and percentages."""

import re
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.units import format_unit

from assistant.text.normalization.formula_words import VULGAR
from assistant.text.normalization.lexicon import Lexicon
from assistant.text.normalization.numbers import BEFORE, LETTER, Numbers
from assistant.text.normalization.ranges import Ranges

_UNITS: Final = {
    "km": "length-kilometer", "m": "length-meter", "cm": "length-centimeter", "mm": "length-millimeter",
    "mi": "length-mile", "ft": "length-foot", "yd": "length-yard",
    "kg": "mass-kilogram", "g": "mass-gram", "mg": "mass-milligram", "lb": "mass-pound", "lbs": "mass-pound",
    "oz": "mass-ounce", "l": "volume-liter", "L": "volume-liter", "ml": "volume-milliliter", "mL": "volume-milliliter",
    "tbsp": "volume-tablespoon", "Tbsp": "volume-tablespoon", "tbsp.": "volume-tablespoon",
    "tbsps": "volume-tablespoon", "tsp": "volume-teaspoon", "tsp.": "volume-teaspoon", "tsps": "volume-teaspoon",
    "fl oz": "volume-fluid-ounce", "gal": "volume-gallon", "qt": "volume-quart", "cl": "volume-centiliter",
    "dl": "volume-deciliter", "m³": "volume-cubic-meter", "km/h": "speed-kilometer-per-hour",
    "kmh": "speed-kilometer-per-hour", "kph": "speed-kilometer-per-hour",
    "mph": "speed-mile-per-hour", "m/s": "speed-meter-per-second",
    "mi/h": "speed-mile-per-hour", "m/s²": "acceleration-meter-per-square-second", "nm": "length-nanometer",
    "µm": "length-micrometer", "μm": "length-micrometer", "µg": "mass-microgram", "μg": "mass-microgram",
    "mcg": "mass-microgram", "mA": "electric-milliampere", "Ω": "electric-ohm", "kJ": "energy-kilojoule",
    "kPa": "pressure-kilopascal", "psi": "pressure-pound-force-per-square-inch", "‰": "concentr-permille",
    "°C": "temperature-celsius", "℃": "temperature-celsius", "°F": "temperature-fahrenheit",
    "℉": "temperature-fahrenheit", "°": "angle-degree",
    "kB": "digital-kilobyte", "KB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte",
    "TB": "digital-terabyte",
    "Hz": "frequency-hertz", "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz",
    "W": "power-watt", "kW": "power-kilowatt", "MW": "power-megawatt", "kWh": "energy-kilowatt-hour",
    "kcal": "energy-foodcalorie", "V": "electric-volt", "hPa": "pressure-hectopascal",
    "ms": "duration-millisecond", "s": "duration-second", "sec": "duration-second", "min": "duration-minute",
    "h": "duration-hour", "hr": "duration-hour", "hrs": "duration-hour",
    "m²": "area-square-meter", "m2": "area-square-meter", "km²": "area-square-kilometer",
    "km2": "area-square-kilometer", "cm²": "area-square-centimeter", "cm2": "area-square-centimeter",
    "ft²": "area-square-foot", "sq ft": "area-square-foot", "mi²": "area-square-mile", "cm³": "volume-cubic-centimeter",
    "cm3": "volume-cubic-centimeter", "m3": "volume-cubic-meter", "km³": "volume-cubic-kilometer", "ha": "area-hectare",
    "µs": "duration-microsecond", "μs": "duration-microsecond",
    "%": "concentr-percent", "％": "concentr-percent", "٪": "concentr-percent",
}  # fmt: skip
"""International unit signs, and CLDR's names of the units."""

_FRACTIONS: Final = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅛": Decimal("0.125")}
"""Fractions that are short as decimals."""
_PRICED: Final = ("kg", "km", "kWh", "lb", "oz", "h", "hr", "l", "L", "g", "min", "GB")
"""Units in which prices are given."""
_SIGNS_OF: Final = {value: sign for sign, value in _FRACTIONS.items()}
_SPOONS: Final = frozenset({"volume-teaspoon", "volume-tablespoon"})
_SINGULAR_OF_PARTS: Final = frozenset({"en", "de", "nl", "es", "it", "sv", "da", "no", "nb"})
"""Languages in which less than one is said in the singular."""
_WORDS_TOO: Final = frozenset({"in", "a", "o", "e", "y"})
_DECADE: Final = re.compile(r"\d0s\Z")
_ORDINALS: Final = frozenset({"it", "es", "pt"})
"""Languages in which 3° means third."""


class Units:
    """Writes quantities as words of the language: -5,5 °C is minus 5,5 Grad Celsius, 3–5 km is 3 bis 5 Kilometer."""

    def __init__(self, lexicon: Lexicon, numbers: Numbers, ranges: Ranges, locale: Locale) -> None:
        self._lexicon = lexicon
        self._numbers = numbers
        self._ranges = ranges
        self._locale = locale
        self._units = _own_signs(locale) | _UNITS
        if locale.language in _ORDINALS:
            del self._units["°"]
        signs = "|".join(re.escape(sign) for sign in sorted(self._units, key=len, reverse=True))
        self._pattern = re.compile(
            rf"{BEFORE}(?P<sign>(?<!\w\s)[-−])?(?:(?P<from>{numbers.pattern})"
            rf"(?:\s?(?P<other>{signs}))?(?P<dash>\s?[-–~〜～]\s?))?"
            rf"(?P<number>{numbers.pattern})\s?(?P<unit>{signs})(?!{LETTER})(?![°²³/])"
            rf"(?:\.(?=\s+(?:\d|[^\W\d_A-ZÀ-ÞЀ-Я])))?"  # of an abbreviation
        )
        fractions = "".join(_FRACTIONS)
        self._fraction = re.compile(
            rf"(?:(?P<whole>\d+)\s?)?(?P<part>[{fractions}])(?=(?:\s?[-–]\s?\d?[{fractions}])?\s?(?:{signs})(?!{LETTER}))"
        )
        squared = "|".join(re.escape(sign) for sign in self._units if sign[-1] in "²³" and "/" not in sign)
        self._bare = re.compile(rf"(?:(?P<per>(?<=[^\W\d_])/)|(?<![^\W_/])(?<!\d ))(?P<unit>{squared})(?![^\W_])")
        per = lexicon.symbols.get("per", "")
        small = "|".join(_PRICED if per else ["(?!)"])
        self._per = re.compile(rf"(?<=\w {per} )(?P<per>)(?P<unit>{small})(?!\w)")  # 20 euros per kg
        self._slashed = re.compile(
            rf"(?<![\d/.,])(?P<part>[1357]/[248])(?=(?:\s?[-–]\s?\d/\d)?\s?(?:{signs})(?!{LETTER}))"
        )
        self._minus = lexicon.symbols.get("minus", "-")

    def normalize(self, text: str) -> str:
        """`text` with its quantities in words."""
        if "/" in text:
            text = self._slashed.sub(lambda found: VULGAR.get(found["part"], found["part"]), text)
        if not text.isascii():
            text = self._fraction.sub(self._with_decimals, text)
        text = self._pattern.sub(self._quantity, text)
        return self._per.sub(self._without_number, self._bare.sub(self._without_number, text))

    def _with_decimals(self, found: re.Match[str]) -> str:
        """1½ as 1.5, so that the unit behind it is in the right number."""
        return self._numbers.written(int(found["whole"] or 0) + _FRACTIONS[found["part"]])

    def _without_number(self, found: re.Match[str]) -> str:
        per = self._lexicon.symbols.get("per", "")
        if found["per"] and not per:
            return found[0]
        unit = format_unit(1, self._units[found["unit"]], "long", locale=self._locale).replace("1", "").strip()
        return f" {per} {unit}" if found["per"] else unit

    def _spoons(self, value: Decimal, unit: str) -> str:
        """¼ teaspoon, 2½ teaspoons: nobody says 0.25 teaspoons."""
        counted = Decimal(1) if value < 1 and self._locale.language in _SINGULAR_OF_PARTS else value
        words = self._lexicon.units.get(unit) or format_unit(counted, unit, "long", "0.###", self._locale)
        written = words.format(self._numbers.written(counted))
        return written.replace(self._numbers.written(counted), self._with_sign(self._numbers.written(value)))

    def _with_sign(self, number: str) -> str:
        value = self._numbers.value(number)
        return f"{int(value) or ''}{_SIGNS_OF[value % 1]}" if value % 1 in _SIGNS_OF else number

    def _quantity(self, found: re.Match[str]) -> str:
        if found["unit"] == "s" and _DECADE.search(found[0]):
            return found[0]
        unit = self._units[found["unit"]]
        other = found["other"]
        is_sum = found["from"] and found["dash"] == " - " and self._ranges.is_falling(found["from"], found["number"])
        if is_sum or (other and other != "°" and self._units[other] != unit):
            begin = found.start("dash") - found.start()
            dash = f" {self._minus} " if is_sum else found["dash"]
            return self.normalize(found[0][:begin]) + dash + self.normalize(found[0][begin + len(found["dash"]) :])
        value = self._numbers.value(found["number"])
        if unit in _SPOONS and not found["from"] and value % 1 in _SIGNS_OF:
            return self._spoons(value, unit)
        words = self._lexicon.units.get(unit)
        if words:
            quantity = words.format(self._numbers.digits(found["number"]))
        else:
            exact = f"0.{'0' * -int(value.as_tuple().exponent)}"  # keeps the number of decimals
            quantity = format_unit(value, unit, "long", exact, self._locale)
            if unit in quantity:  # CLDR has no long name
                quantity = format_unit(value, unit, "short", exact, self._locale)
        if found["from"]:
            begun, number = self._numbers.digits(found["from"]), self._numbers.digits(found["number"])
            seen = self._with_sign if unit in _SPOONS else str
            spans = self._ranges.of(seen(begun), seen(number), found)
            quantity = quantity.replace(number, spans, 1)
        if found["sign"]:
            place = re.search(r"\d", quantity)
            start = 0 if not place or self._locale.language not in ("ja", "ko") else place.start()
            quantity = f"{quantity[:start]}{self._minus}{self._lexicon.blank}{quantity[start:]}"
        ends_sentence = found["unit"].endswith(".") and found.end() == len(found.string)
        return f"{quantity}." if ends_sentence else quantity


def _own_signs(locale: Locale) -> dict[str, str]:
    """The language's own unit signs, such as km or км, from CLDR's short forms without their number."""
    signs: dict[str, str] = {}
    for unit in set(_UNITS.values()):
        short = format_unit(5, unit, "short", locale=locale)
        sign = short.replace("5", "").strip("\u00a0\u202f ")
        if sign != short and 0 < len(sign) <= 6 and not sign[0].isdigit() and sign not in _WORDS_TOO:
            signs[sign] = unit
    return signs
