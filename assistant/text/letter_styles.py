"""Replaces letters and digits that are drawn in another style by the plain ones: 𝓗𝓮𝓵𝓵𝓸 is Hello.

Unicode's compatibility decomposition (NFKC, https://unicode.org/reports/tr15/) would also replace what means something
else: x² is not x2, 1½ not 11/2 and ™ not TM. So only the ranges below are folded, one character at a time: that gives
the same for a stream as for the whole text.
"""

import re
import unicodedata
from typing import Final

_STYLED: Final = (
    (0x1D400, 0x1D7FF),  # mathematical alphanumerics: bold, script, fraktur, double-struck, sans-serif, monospace
    (0x2100, 0x2115),  # letters missing there: ℂ, ℍ, ℎ, ℓ, ℕ; but ℃, ℉ and № stay
    (0x2119, 0x211D),
    (0x2124, 0x2124),
    (0x2128, 0x212D),
    (0x212F, 0x2138),
    (0x2160, 0x217F),  # Roman numerals
    (0x2080, 0x2089),  # digits below the line: CO₂
    (0x2090, 0x209C),  # letters below the line
    (0x2460, 0x2473),  # numbers in circles
    (0x249C, 0x24EA),  # letters in brackets and circles
    (0x1F110, 0x1F149),  # letters in brackets, circles and squares
    (0xFB00, 0xFB06),  # ligatures
    (0xFB1D, 0xFDFC),  # Hebrew and Arabic letters as they are drawn
    (0xFE70, 0xFEFC),
    (0xFF03, 0xFF07),  # fullwidth letters, digits and signs; but punctuation is Chinese and Japanese
    (0xFF0A, 0xFF0B),
    (0xFF0D, 0xFF0D),
    (0xFF0F, 0xFF19),
    (0xFF1C, 0xFF1E),
    (0xFF20, 0xFF3A),
    (0xFF3E, 0xFF5A),
    (0xFF66, 0xFF9F),  # halfwidth kana
    (0xFFE0, 0xFFE6),  # fullwidth currency signs
    (0x3380, 0x33DF),  # units in one square, such as ㎏
    (0x1D2C, 0x1D61),  # letters above the line
    (0x1D78, 0x1D78),
    (0x1D9B, 0x1DBF),
    (0x02B0, 0x02B8),
    (0x02E1, 0x02E2),
)
_KEPT: Final = frozenset("℀℁℃℄℅℆℈℉")
_SMALL_CAPITALS: Final = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_BLACK: Final = (0x1F150, 0x1F170)  # white letters in black circles and squares, to which Unicode gives no plain letter
_BLACK_NUMBERS: Final = (0x2776, 0x2780, 0x278A)  # the same of 1 to 10
_DECORATING: Final = (
    (0x0305, 0x0305),  # a line above
    (0x0332, 0x0341),  # lines through and under letters: h̶i̶
    (0x0346, 0x0357),  # what is piled on letters
    (0x0359, 0x0360),
    (0x0362, 0x036F),
    (0x0488, 0x0489),
    (0x20D0, 0x20F0),
    (0x0640, 0x0640),  # makes Arabic words longer
)
"""Marks at letters that no orthography needs."""
_PILED: Final = re.compile("[\u0300-\u036f]{2,}|(?<=[A-Za-z])[\u0315-\u0322](?![\u0300-\u036f])")
_INDICATORS: Final = "\U0001f1e6-\U0001f1ff"
_LETTERS_APART: Final = re.compile(
    f"(?<![{_INDICATORS}])[{_INDICATORS}](?:[ \u200b\u200c\u2060]+[{_INDICATORS}])+(?![{_INDICATORS}])"
)
"""Regional indicators that make no flag, since something is between them."""
_CYRILLIC: Final = "АВЕЗКМНОРСТУХІЈЅаеорсухіјѕԁһ"
_LIKE_LATIN: Final = "ABE3KMHOPCTYXIJSaeopcyxijsdh"
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LIKE_LATIN)
_TO_CYRILLIC: Final = str.maketrans(_LIKE_LATIN, _CYRILLIC)
_MIXED: Final = re.compile(r"(?=[^\W\d_]*[a-zA-Z])(?=[^\W\d_]*[а-яА-ЯіІјЈѕЅԁһ])[^\W\d_]{2,40}+")


def _plain(code: int) -> str:
    character = chr(code)
    plain = unicodedata.normalize("NFKC", character)
    if 0x3380 <= code <= 0x33DF:  # ㎡ is m², not m2
        plain = plain.translate({ord("2"): "²", ord("3"): "³"}) if plain[-1:] in "23" else plain
    if 0xFF9E <= code <= 0xFF9F:
        plain = {0xFF9E: "\u3099", 0xFF9F: "\u309a"}[code]  # joins the kana before it
    return plain.strip()


_PLAIN: Final = (
    {code: _plain(code) for first, last in _STYLED for code in range(first, last + 1) if chr(code) not in _KEPT}
    | {ord(styled): plain for styled, plain in _SMALL_CAPITALS.items()}
    | {first + place: chr(ord("A") + place) for first in _BLACK for place in range(26)}
    | {first + place: str(place + 1) for first in _BLACK_NUMBERS for place in range(10)}
    | {code: "" for first, last in _DECORATING for code in range(first, last + 1)}
)


def plain_letters(text: str) -> str:
    """`text` with plain letters in place of styled ones."""
    return text if text.isascii() else text.translate(_PLAIN)


def recognizable_letters(piece: str) -> str:
    """A whole piece with composed letters, and without what is only told from several characters.

    Marks piled on letters go, letters of flags that stand apart become plain ones, and a word that mixes Latin letters
    with Cyrillic ones that look alike is written in one script.
    """
    if piece.isascii():
        return piece
    piece = _PILED.sub("", unicodedata.normalize("NFC", piece))
    piece = _LETTERS_APART.sub(lambda found: "".join(map(_indicated, found[0])), piece)
    return _MIXED.sub(lambda found: _in_one_script(found[0]), piece)


def _indicated(character: str) -> str:
    return chr(ord("A") + ord(character) - 0x1F1E6) if ord(character) >= 0x1F1E6 else ""


def _in_one_script(word: str) -> str:
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    if latin.isascii():
        return latin
    return word if any(character.isascii() for character in cyrillic) else cyrillic
