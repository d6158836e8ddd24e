"""Writes formulas, powers, roots and fractions as words."""

import re
from typing import Final

from assistant.text.formula import FUNCTIONS, LETTERS, simple_formula
from assistant.text.formula_nodes import Fraction, Leaf, Node, Power, Root, Row, Sign
from assistant.text.normalization.lexicon import Lexicon
from assistant.text.normalization.numbers import LETTER

VULGAR: Final = {
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘",
    "1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
}  # fmt: skip
_OF_SIGN: Final = {sign: written for written, sign in VULGAR.items()}
_SUPERSCRIPTS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ⁻⁺", "0123456789ni-+", strict=True))
_ABOVE: Final = str.maketrans({plain: raised for raised, plain in _SUPERSCRIPTS.items()})
_RAISED: Final = "⁰¹²³⁴-⁹"
_ANY: Final = re.compile(rf"[{_RAISED}ⁿⁱ√∛^½⅓⅔¼¾⅕-⅞∞α-ωΔΣΩΠΦΨΘΛΓ]")
_POWER: Final = re.compile(
    rf"(?<!{LETTER})(?P<base>\d+(?:[.,]\d+)*|(?:(?!\d){LETTER}){{1,3}}|(?<=\)))(?P<power>[⁻⁺]?[{_RAISED}ⁿ]+)(?!{LETTER})"
)
_CARET: Final = re.compile(
    rf"(?P<base>(?<!{LETTER}){LETTER}{{1,20}}|\))\^(?P<power>-?{LETTER}{{1,20}}|\(-?{LETTER}{{1,20}}\)|\{{-?{LETTER}{{1,20}}\}})"
)
_SMALL_LETTER: Final = re.compile(r"[ⁿⁱ](?=[^\W_])|(?<=[^\W\d_]{2})[ⁿⁱ]")
_FOOTNOTE: Final = re.compile(
    rf"(?<=[^\W\d_]{{4}})[{_RAISED}]+|(?<=[.,;:!?”\"])[{_RAISED}]+(?=\s|\Z)|(?<=[^\W\d_]{{2}})¹[{_RAISED}]*"
    rf"|(?<=\w )[{_RAISED}]+(?=[\s.,;:!?]|\Z)"
)
"""A number above the line behind a whole word refers to a note."""
_SLASHED: Final = re.compile(r"(\d)⁄(\d)(?!\d)")
_MIXED: Final = re.compile(r"(?<![\d.,/-])(?<!\d )(\d{1,2}) (\d/\d)(?![\d/])")
_APART: Final = re.compile(rf"(?<=\d) (?=[{''.join(VULGAR.values())}])")
_ROOT: Final = re.compile(r"(?P<sign>[√∛])\s?(?:\((?P<inner>[^()√∛]{1,30})\)|(?P<of>\d+(?:[.,]\d+)*|[^\W\d_]))")
_FRACTION: Final = re.compile(r"(?:(?P<whole>(?<![\d.,])\d+)[ \u2009]?)?(?P<sign>[½⅓⅔¼¾⅕-⅞])")
_GREEK: Final = re.compile(r"(?<![^\W\d_])(?:[α-ωΔΣΩΠΦΨΘΛΓ](?![^\W\d_])|Δ(?=[a-zA-Z](?![^\W\d_])))")
_WRITTEN: Final = {
    "plus": "+", "minus": "-", "equals": "=", "times": "×", "divided": "÷", "less": "<", "greater": ">", "at_most": "≤",
    "at_least": "≥", "unequal": "≠", "about": "≈", "plus_minus": "±",
}  # fmt: skip
_NO_UNIT: Final = "\u2060"
"""Keeps a number and the letter that it is multiplied by apart: 4 m in a formula are no 4 meters. It is not seen."""
_SPELLED: Final = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])")


class FormulaWords:
    """Writes mathematical notation as words of one language; what has none is left to the voice."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.symbols
        self._fractions = lexicon.fractions
        self._greek = dict(zip(LETTERS, lexicon.greek, strict=False))
        self._has_blanks = bool(lexicon.blank)

    def of_latex(self, latex: str) -> str:
        """The words for a formula, signs where the language has no words; what is written if it is not simple."""
        row = simple_formula(latex)
        return self._row(row) if row else latex

    def normalize(self, text: str) -> str:
        """`text` with its powers, roots and fractions as words."""
        if not _ANY.search(text):
            return text
        text = _SMALL_LETTER.sub(lambda found: _SUPERSCRIPTS[found[0]], _FOOTNOTE.sub("", text))
        text = _ROOT.sub(self._root, text)
        text = _FRACTION.sub(self._fraction, text)
        text = _POWER.sub(lambda found: self._power(found["base"], _flat(found["power"]), found), text)
        text = _CARET.sub(lambda found: self._power(found["base"], found["power"].strip("(){}"), found), text)
        text = text.replace("∞", self._words.get("infinity", "∞"))
        return _GREEK.sub(self._greek_letter, text) if self._greek else text

    def _greek_letter(self, found: re.Match[str]) -> str:
        is_joined = found.string[found.end() : found.end() + 1].isalpha()
        return self._greek.get(found[0].lower(), found[0]) + (" " if is_joined else "")

    def _power(self, base: str, power: str, found: re.Match[str]) -> str:
        words = self._raised(_SPELLED.sub(" ", base) if len(base) <= 3 and base.isalpha() else base, power)
        return words or found[0]

    def _raised(self, base: str, power: str) -> str:
        key = {"2": "squared", "3": "cubed"}.get(power, "power") if base != "10" or power in "23" else "power"
        if not self._words.get(key):
            return f"{base}{power.translate(_ABOVE)}"
        return self._words[key].format(base, self._signed(power)).strip()

    def _signed(self, power: str) -> str:
        minus = self._words.get("minus", "-")
        return f"{minus} {power[1:]}" if power[:1] in "-−" else power.lstrip("+")

    def _root(self, found: re.Match[str]) -> str:
        words = self._words.get("root" if found["sign"] == "√" else "cube_root")
        blank = " " if self._has_blanks and found.string[max(0, found.start() - 1) : found.start()].isalnum() else ""
        return f"{blank}{words.format(found['inner'] or found['of'])}" if words else found[0]

    def _fraction(self, found: re.Match[str]) -> str:
        return self._mixed(found["whole"] or "", found["sign"]) or found[0]

    def _mixed(self, whole: str, sign: str) -> str:
        part = self._fractions.get(sign) or self._words.get("over", "").format(*_OF_SIGN[sign].split("/"))
        if not whole or not part:
            return part
        own = self._fractions.get("mixed_half") if sign == "½" else None
        return own.format(whole) if own else self._fractions.get("mixed", "{} {}").format(whole, part)

    def _row(self, row: Row) -> str:
        said: list[str] = []
        for place, node in enumerate(row):
            before = row[place - 1] if place else None
            if isinstance(node, Fraction) and isinstance(before, Leaf) and before.text.isdigit():
                said.append(self._ratio(node, said.pop()))
            elif node == Sign("over") and not self._words.get("over"):
                said.append("/")
            else:
                said.append(self._node(node, starts=not place or isinstance(before, Sign)))
        return self._joined(said)

    def _node(self, node: Node, *, starts: bool) -> str:
        if isinstance(node, Sign):
            if node.name == "over":
                return self._words["over"].replace("{}", "").strip()
            return self._words.get(node.name, _WRITTEN[node.name])
        if isinstance(node, Power):
            return self._raised(self._node(node.base, starts=starts), self._row(node.exponent))
        if isinstance(node, Root):
            return self._words.get("root", "√{}").format(self._row(node.of))
        if isinstance(node, Fraction):
            return self._ratio(node, "")
        name = {"∞": "infinity"}.get(node.text, node.text)
        own = self._words.get(name, node.text) if name in FUNCTIONS or name == "infinity" else node.text
        return self._greek.get(node.text.lower(), own)

    def _ratio(self, node: Fraction, whole: str) -> str:
        top, bottom = self._row(node.top), self._row(node.bottom)
        sign = VULGAR.get(f"{top}/{bottom}")
        if sign and (words := self._mixed(whole, sign)):
            return words
        words = self._words.get("over", "{}/{}").format(top, bottom)
        return f"{whole} {words}".strip()

    def _joined(self, said: list[str]) -> str:
        text = ""
        for word in said:
            is_tight = word[0] in ",.;:)°%" or text.endswith("(") or (word == "(" and text[-1:].isalnum())
            is_wide = not self._has_blanks and not (text[-1:].isascii() and word[:1].isascii())
            if text[-1:].isdigit() and len(word) == 1 and word.isalpha():
                text += _NO_UNIT
            text += word if not text or is_tight or is_wide else f" {word}"
        return text


def _flat(raised: str) -> str:
    return "".join(_SUPERSCRIPTS[character] for character in raised)


def with_fraction_signs(text: str) -> str:
    """`text` with 1½ for 1 1/2, 1 ½ and 1⁄2, so that it is one number."""
    text = _SLASHED.sub(lambda found: VULGAR.get(f"{found[1]}/{found[2]}", found[0]), text) if "⁄" in text else text
    text = _MIXED.sub(lambda found: found[1] + VULGAR.get(found[2], f" {found[2]}"), text) if "/" in text else text
    return _APART.sub("", text)
