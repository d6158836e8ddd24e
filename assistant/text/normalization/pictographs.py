"""Writes signs that are drawn, and mean a word, as that word: F♯, A♠, ⌘C, ↑, 5 ★, ✓."""

import re
from decimal import Decimal
from typing import Final

from assistant.text.normalization.lexicon import Lexicon
from assistant.text.normalization.numbers import LETTER

_ANY: Final = re.compile("[♯♭♮♠-♧⌘⌥⇧⌃⏎↵↩⎋⇥⌫⌦⇪␣←-↓⬅-⬇➡★☆⭐🌟✓✔✅☑✗✘❌❎✖]")
_SYLLABLES: Final = (
    "[DdSsFfLlRrMmTtUu](?:o|ó|ol|a|á|à|e|é|i|ut|t)|[Дд]о|[Рр]е|[Мм][иі]|[Фф]а|[Сс]оль|[Лл]я|[Сс][иі]|ド|レ|ミ|ファ|ソ|ラ|シ|"
    "도|레|미|파|솔|라|시"
)
"""Do, re, mi, in the languages that call notes so."""
_NOTE: Final = re.compile(rf"(?<!{LETTER})(?P<note>[A-Ha-h]|{_SYLLABLES})(?P<sign>[♯♭♮])[\ufe0e\ufe0f]?")
_NOTES: Final = {"♯": "sharp", "♭": "flat", "♮": "natural"}
_CARD: Final = re.compile(rf"(?<!{LETTER})(?P<rank>10|[2-9AKQJTakqj])(?P<suit>[♠-♧])[\ufe0e\ufe0f]?")
_SUITS: Final = {
    "♠": "spades", "♤": "spades", "♥": "hearts", "♡": "hearts", "♦": "diamonds", "♢": "diamonds",
    "♣": "clubs", "♧": "clubs",
}  # fmt: skip
_SUIT_ALONE: Final = re.compile(r"(?P<suit>[♠♦♣♤♢♧])(?![\ufe0e\ufe0f])")
_SUITS_ALONE: Final = re.compile(r"(?P<suit>[♠-♧])[\ufe0e\ufe0f]?")
"""Where there are other suits, a heart is one."""
_KEYS: Final = {
    "⌘": "command", "⌥": "option", "⇧": "shift", "⌃": "control", "⏎": "enter", "↵": "enter", "↩": "enter",
    "⎋": "escape", "⇥": "tab", "⌫": "delete", "⌦": "delete", "⇪": "caps_lock", "␣": "space",
}  # fmt: skip
_KEY: Final = re.compile(rf"(?:(?<=\w)\+)?\s?(?P<key>[{''.join(_KEYS)}])[\ufe0e\ufe0f]?(?:\+|\s?)")
_VERTICAL: Final = re.compile(r"(?:(?<=\w)\+)?(?P<arrow>[↑↓⬆⬇])(?!\ufe0f)")
_BETWEEN_KEYS: Final = re.compile(r"(?P<arrow>[←→⬅➡])\ufe0f?")
_SIDEWAYS: Final = re.compile(r"(?:(?<=[(\"“„«'])|(?<=\s))(?P<arrow>[←→])\ufe0f?(?=\s?(?:[.,;:!?)\"”“»']|\Z))")
_PRESSED: Final = re.compile(
    r"(?P<before>\b(?:press|hit|tap|drücke?n?|taste|touche|appuye[zr] sur|pulsar?|presionar?|tecla|premi|tasto|"
    r"toets|klawisz|naciśnij|tuşu?na|нажм\w+|клавиш\w+)\s)(?P<arrow>[←→])"
    r"|(?P<arrow_before>[←→])(?=\s?-?(?:(?:key|button|arrow|taste|pfeil|toets|tuşu)\b|キー|키|键))",
    re.IGNORECASE,
)
"""An arrow near a word that makes it a key."""
_ARROWS: Final = {"↑": "up", "⬆": "up", "↓": "down", "⬇": "down", "←": "left", "⬅": "left", "→": "right", "➡": "right"}
_STARS: Final = re.compile(
    r"[★⭐]\s?(?P<behind>\d[.,]\d)(?!\d)|(?P<count>\d(?:[.,]\d)?|10)\s?[-‑]?\s?[★⭐🌟]\ufe0f?(?![★⭐🌟☆])"
)
_RATING: Final = re.compile(
    r"(?P<full>[★⭐🌟]{1,10})(?P<empty>☆{1,9})|(?<=[:：(] )[★⭐🌟]{1,10}|(?<=[:：(])[★⭐🌟]{1,10}|\A\s?★{2,10}\s?\Z"
)
_ANSWER: Final = re.compile(r"(?<=[:：] )(?:(?P<yes>[✓✔✅☑])|[✗✘❌❎✖])\ufe0f?(?=\s?(?:[.,;)]|\Z))")
_TICK: Final = re.compile(
    r"(?<=[\w\"'(] )(?:(?P<yes>[✓✔])|[✗✘])(?= \w)|(?<=[\"'(“„])(?:(?P<quoted>[✓✔])|[✗✘])(?!\ufe0f)"
)
_WORDS: Final = re.compile(
    rf"{_NOTE.pattern}|{_CARD.pattern.replace('(?P<suit>', '(?:')}|[{''.join(_KEYS)}]|"
    rf"{_VERTICAL.pattern}|[★⭐🌟]☆|\A\s?★{{2,10}}\s?\Z|∞"
)


def are_words(text: str) -> bool:
    """Whether there is a sign that is said even where nothing else is."""
    return _WORDS.search(text) is not None


class Pictographs:
    """Writes signs as words where they stand for one; as decoration they are left to be removed."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.symbols
        self._cards = lexicon.cards
        self._keys = lexicon.keys
        self._stars = lexicon.stars
        self._locale = lexicon.locale
        self._blank = lexicon.blank

    def normalize(self, text: str) -> str:
        """`text` with its musical signs, cards, keys, arrows, stars and ticks as words."""
        if not _ANY.search(text):
            return text
        text = _NOTE.sub(self._note, text)
        text = _CARD.sub(self._card, text)
        suits = _SUITS_ALONE if _SUIT_ALONE.search(text) else _SUIT_ALONE
        text = suits.sub(lambda found: f" {self._cards.get(_SUITS[found['suit']], '')} ", text)
        text = _KEY.sub(lambda found: f" {self._keys.get(_KEYS[found['key']], '')} ", text)
        text = self._arrows(text)
        text = _STARS.sub(lambda found: self._counted(found["count"] or found["behind"]) or found[0], text)
        text = _RATING.sub(self._rating, text)
        text = _ANSWER.sub(lambda found: self._words.get("yes" if found["yes"] else "no", found[0]), text)
        return _TICK.sub(self._tick, text)

    def _note(self, found: re.Match[str]) -> str:
        note, sign = found["note"], found["sign"]
        words = self._words.get(f"{note.upper()}{sign}") or self._words.get(_NOTES[sign])
        blank = " " if found.string[found.end() : found.end() + 1].isalnum() and words and words.isascii() else ""
        return f"{words.format(note)}{blank}" if words else found[0]

    def _card(self, found: re.Match[str]) -> str:
        words = self._cards.get("card")
        rank = found["rank"].upper()
        return words.format(self._cards.get(rank, rank), self._cards[_SUITS[found["suit"]]]) if words else found[0]

    def _arrows(self, text: str) -> str:
        text = _VERTICAL.sub(self._arrow, text)
        text = _PRESSED.sub(self._arrow, text)
        are_keys = any(arrow in text for arrow in "←⬅") and any(arrow in text for arrow in "→➡")
        return (_BETWEEN_KEYS if are_keys else _SIDEWAYS).sub(self._arrow, text)

    def _arrow(self, found: re.Match[str]) -> str:
        marks = found.groupdict()
        word = self._words.get(_ARROWS[marks["arrow"] or marks["arrow_before"] or ""])
        return f"{marks.get('before') or ''} {word} " if word else found[0]

    def _counted(self, count: str) -> str:
        if not self._stars or self._locale is None:
            return ""
        form = self._locale.plural_form(Decimal(count.replace(",", ".")))
        return f"{count}{self._blank}{self._stars.get(form, self._stars['other'])}"

    def _rating(self, found: re.Match[str]) -> str:
        full, empty = len(found["full"] or found[0].strip()), len(found["empty"] or "")
        words = self._words.get("rating")
        if empty:
            return words.format(full, full + empty) if words else found[0]
        return self._counted(str(full)) or found[0]

    def _tick(self, found: re.Match[str]) -> str:
        word = self._words.get("tick" if found["yes"] or found["quoted"] else "cross")
        return f" {word} " if word else found[0]
