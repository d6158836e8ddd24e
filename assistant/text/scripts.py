"""Writes other scripts in Latin letters, about as they sound: Cyrillic, kana and Hangul."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_CYRILLIC: Final[Mapping[str, str]] = dict(
    zip("абвгдезийклмнопрстуфхыэіґ", "abvgdeziyklmnoprstufhyeig", strict=True),
    ё="yo",
    ж="zh",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="sh",
    ю="yu",
    я="ya",
    є="ye",
    ї="yi",
    ъ="",
    ь="",
)
_SPECIAL_LATIN: Final[Mapping[str, str]] = {
    **dict.fromkeys("şšś", "sh"),
    **dict.fromkeys("čć", "ch"),
    **dict.fromkeys("žż", "zh"),
    "ł": "l",
    "ñ": "ny",
    "ø": "o",
    "æ": "e",
    "œ": "o",
    "ß": "ss",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
"""Letters that are more than a Latin one with a mark."""
_KANA: Final = re.compile(r"(?:HIRAGANA|KATAKANA) LETTER (SMALL )?(\w+)$")
_HANGUL: Final = re.compile(r"HANGUL SYLLABLE (\w+)$")


def in_latin_letters(word: str) -> str:
    """A word in small Latin letters without marks; what is of none of these scripts stays as it is."""
    latin = ""
    for letter in unicodedata.normalize("NFC", word.casefold()):
        if letter in _SPECIAL_LATIN:
            latin += _SPECIAL_LATIN[letter]
        elif letter in _CYRILLIC:
            latin += _CYRILLIC[letter]
        else:
            latin = _with(latin, letter)
    return "".join(letter for letter in unicodedata.normalize("NFKD", latin) if letter.isalpha())


def _with(latin: str, letter: str) -> str:
    """What stands there already, and another letter, by its name in Unicode."""
    name = unicodedata.name(letter, "")
    if hangul := _HANGUL.match(name):
        return latin + hangul[1].lower()
    kana = _KANA.match(name)
    if kana is None:
        return latin + letter
    small, syllable = kana.groups()
    if small and syllable == "TU":  # it only lengthens the next consonant
        return latin
    if small:  # it takes the place of the vowel before it: "ji" and a small "ya" are "jya"
        latin = latin[:-1]
    return latin + {"TU": "tsu", "SI": "shi", "TI": "chi", "ZI": "ji", "HU": "fu"}.get(syllable, syllable.lower())
