"""Cuts what was recognized into words that can be compared, whatever the recognizer made of case and punctuation."""

import re
import unicodedata
from typing import Final

_SPACELESS: Final = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3040", "\u30ff"),  # kana
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\U00020000", "\U0003134f"),
)
"""Letters of scripts that put no space between words; the last three are Chinese ones."""
_APOSTROPHES: Final = re.compile("['’ʼ]")
_LENGTHENED: Final = re.compile("[ー〜~\u0307]")
"""What makes a sound longer in kana; and the dot that is left of a Turkish capital İ."""
_HELD: Final = re.compile(r"(.)\1{2,}")


def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters; of scripts without spaces each letter.

    "Mm-hmm, that's RIGHT!" gives "mm", "hmm", "thats", "right". How long a sound is held does not count:
    "yeahhh" is "yeah".
    """
    folded = unicodedata.normalize("NFKC", text.casefold()).replace("ı", "i")
    tokens: list[str] = []
    is_open = False
    for letter in _LENGTHENED.sub("", _APOSTROPHES.sub("", folded)):
        if unicodedata.category(letter).startswith("M") and tokens:
            tokens[-1] += letter
        elif not letter.isalnum():
            is_open = False
        elif is_spaceless(letter):
            tokens.append(letter)
            is_open = False
        elif is_open:
            tokens[-1] += letter
        else:
            tokens.append(letter)
            is_open = True
    return tuple(map(_shortened, tokens))


def is_spaceless(token: str) -> bool:
    """Whether a word is only a letter of a script without spaces."""
    return any(first <= token[0] <= last for first, last in _SPACELESS)


def _shortened(token: str) -> str:
    """A word without letters that are held: once each, or twice where the word has no others, since "mm" is no "m"."""
    letters = _HELD.sub(r"\1", token)
    return letters * 2 if len(letters) == 1 < len(token) else letters
