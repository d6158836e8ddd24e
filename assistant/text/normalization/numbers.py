"""Reads numbers in the notation of a language."""

import re
from decimal import Decimal
from typing import Final

from babel import Locale

LETTER: Final = r"[^\W\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]"
"""A letter or digit of a language with spaces between words. In Thai, Chinese, Japanese and Korean, units and signs
follow other words directly."""
BEFORE: Final = rf"(?<!{LETTER})(?<![.,:/+])(?<!\d[’'])(?<![\w.,:/]-)"
"""What must not precede a number: otherwise it is part of a date, an address, a version or a phone number."""
AFTER: Final = rf"(?!{LETTER})(?![.,:/’'-]\d)"
"""What must not follow a number."""

_NARROW_BLANKS: Final = "\u00a0\u202f\u2009"


class Numbers:
    """How a language groups digits and marks decimals: the pattern of a number, and its value."""

    def __init__(self, locale: Locale | None) -> None:
        """Take the separators from CLDR; without them, only plain digits are a number."""
        symbols = locale.number_symbols.get("latn", {}) if locale else {}
        self._decimal = str(symbols.get("decimal", "."))
        self.has_comma = self._decimal == ","
        """Whether decimals stand behind a comma."""
        group = str(symbols.get("group", ""))
        # People often type an ordinary space where the language has a narrow one.
        groups = f"[{_NARROW_BLANKS} ]" if group.isspace() else f"[{_NARROW_BLANKS}{re.escape(group)}]"
        lakhs = (
            rf"|\d{{1,2}}(?:,\d{{2}}){{1,8}},\d{{3}}(?!\d)(?:{re.escape(self._decimal)}\d+)?" if group == "," else ""
        )
        self.pattern = (
            rf"(?:[1-9]\d{{0,2}}(?:{groups}\d{{3}}){{1,8}}(?!\d)(?:{re.escape(self._decimal)}\d+)?{lakhs}"
            rf"|\d+(?:{re.escape(self._decimal)}\d+)?)"
        )
        """Matches a number with or without grouping and decimals. It contains no capturing groups."""
        self._signs = re.compile(rf"[^\d{re.escape(self._decimal)}]")
        self._grouped = re.compile(rf"{BEFORE}[1-9]\d{{0,2}}(?:{groups}\d{{3}}){{1,8}}{AFTER}{lakhs}")

    def digits(self, written: str) -> str:
        """The number without group separators, which some voices take for the end of the number."""
        return self._signs.sub("", written)

    def value(self, written: str) -> Decimal:
        """The value of a text that `pattern` matches."""
        return Decimal(self.digits(written).replace(self._decimal, "."))

    def written(self, value: Decimal) -> str:
        """A value in the notation of the language, without groups."""
        return f"{value:f}".replace(".", self._decimal)

    def normalize(self, text: str) -> str:
        """`text` without group separators in its numbers."""
        return self._grouped.sub(lambda found: found[0] if _is_address(found[0]) else self.digits(found[0]), text)


def _is_address(written: str) -> bool:
    """Whether it is an IP address, such as 192.168.100.200, and not a number with grouped digits."""
    parts = written.split(".")
    return len(parts) == 4 and all(int(part) <= 255 for part in parts) and set(parts[1:]) != {"000"}
