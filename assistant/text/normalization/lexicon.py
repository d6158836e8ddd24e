"""The words of each language for signs, units and abbreviations: languages/*.toml, and CLDR through Babel."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError

_FOLDER: Final = Path(__file__).parent / "languages"
_FALLBACK: Final = "en"
_LOCALES: Final = {"zh": "zh_Hans", "zh-TW": "zh_Hant", "iw": "he", "jw": "jv", "no": "nb", "tl": "fil"}
"""The languages that gTTS and CLDR name differently."""

Forms = Mapping[str, str]
"""The forms of a noun by CLDR's plural categories. "other" is always present."""


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The words of one language. Whatever is missing, the voice has to read by itself."""

    language: str
    """The language without its region."""
    locale: Locale | None
    """CLDR's data for the language; None if there is none."""
    notes: Mapping[str, str]
    """The words for what is not read aloud: code, table, formula, spoiler, user, role, channel."""
    symbols: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    """Units by CLDR's names, where people use other words than CLDR."""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    before_numbers: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations that count only before a number."""
    range_after: Mapping[str, str] = field(default_factory=dict)
    """How a range is said behind a certain word, such as between."""
    fractions: Mapping[str, str] = field(default_factory=dict)
    """The words for ½ and the like, and for how they join a whole number."""
    greek: Sequence[str] = ()
    """The names of the Greek letters, in their order."""
    cards: Mapping[str, str] = field(default_factory=dict)
    """The suits of playing cards, their ranks, and how both are joined."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The names of the keys of a keyboard; the English ones where a language has no others."""
    stars: Forms = field(default_factory=dict)
    """The word for stars that are counted."""
    patterns: tuple[Mapping[str, str], ...] = ()
    """Regular expressions and their replacements, for notations of this language only."""

    @property
    def blank(self) -> str:
        """What stands between two words: nothing in Chinese and Japanese."""
        return "" if self.language in ("ja", "zh") else " "


def lexicon_of(language: str) -> Lexicon:
    """Read the words of a language, given as a gTTS code. Without a file, it has CLDR's words and English notes."""
    base = language.partition("-")[0]
    words: dict[str, Any] = _read(base) or {"notes": _read(_FALLBACK)["notes"]}
    words["patterns"] = tuple(words.get("patterns", ()))
    words["greek"] = words.get("greek", "").split()
    words["keys"] = _read(_FALLBACK)["keys"] | words.get("keys", {})
    return Lexicon(language=base, locale=_locale_of(language), **words)


def _read(language: str) -> dict[str, Any]:
    path = _FOLDER / f"{language}.toml"
    if not language.isalpha() or not path.exists():
        return {}
    return tomllib.loads(path.read_text("utf-8"))


def _locale_of(language: str) -> Locale | None:
    base = language.partition("-")[0]
    for code in (_LOCALES.get(language), language, _LOCALES.get(base), base):
        try:
            if code:
                return Locale.parse(code.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return None
