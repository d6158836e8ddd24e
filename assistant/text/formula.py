"""Reads LaTeX formulas that are simple enough to be said: n^2, \\frac{3}{4}, a \\leq b."""

import re
from collections.abc import Sequence
from typing import Final

from assistant.text.formula_nodes import Fraction, Leaf, Node, Power, Root, Row, Sign, leaves

_TOKENS: Final = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_LONGEST: Final = 120
_MOST_LEAVES: Final = 16
_DEEPEST: Final = 4
_SIGNS: Final = {
    "+": "plus", "-": "minus", "−": "minus", "=": "equals", "<": "less", ">": "greater", "×": "times", "·": "times",
    "*": "times", "÷": "divided", "/": "over", "≤": "at_most", "≥": "at_least", "≠": "unequal", "≈": "about",
    "±": "plus_minus", "\\times": "times", "\\cdot": "times", "\\ast": "times", "\\div": "divided", "\\le": "at_most",
    "\\leq": "at_most", "\\leqslant": "at_most", "\\ge": "at_least", "\\geq": "at_least", "\\geqslant": "at_least",
    "\\ne": "unequal", "\\neq": "unequal", "\\approx": "about", "\\sim": "about", "\\simeq": "about",
    "\\pm": "plus_minus", "\\lt": "less", "\\gt": "greater",
}  # fmt: skip
GREEK: Final = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
"""The Greek letters in their order, by their names in LaTeX."""
LETTERS: Final = "αβγδεζηθικλμνξοπρστυφχψω"
"""The Greek letters in the same order."""
FUNCTIONS: Final = frozenset(["sin", "cos", "tan", "log", "ln", "exp", "min", "max", "gcd", "mod"])
"""Functions that are said by name, as they are called in LaTeX."""
SYMBOLS: Final = {
    **{f"\\{name}": letter for name, letter in zip(GREEK, LETTERS, strict=True)},
    **{f"\\{name.capitalize()}": letter.upper() for name, letter in zip(GREEK, LETTERS, strict=True)},
    **{"\\varepsilon": "ε", "\\vartheta": "θ", "\\varphi": "φ", "\\infty": "∞", "\\%": "%", "\\circ": "°"},
    **{"\\ldots": "…", "\\dots": "…", "\\cdots": "…", "\\to": ",", "\\rightarrow": ",", "\\Rightarrow": ","},
    **{"\\$": "$", "\\&": "&", "\\degree": "°"},
    **{f"\\{name}": name for name in FUNCTIONS},
}
"""What a command without arguments stands for."""
_SILENT: Final = frozenset(
    ["\\,", "\\;", "\\:", "\\!", "\\ ", "\\quad", "\\qquad", "\\left", "\\right", "\\displaystyle"]
)
_WORDS: Final = frozenset(["\\text", "\\mathrm", "\\textbf", "\\mathbf", "\\mathit", "\\operatorname", "\\textit"])
_WRAPPERS: Final = frozenset(
    ["\\boxed", "\\mathbb", "\\mathcal", "\\boldsymbol", "\\overline", "\\bar", "\\vec", "\\hat"]
)
_POWERS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ", "0123456789n", strict=True))
_STRUCTURES: Final = _WORDS | frozenset(["\\frac", "\\dfrac", "\\tfrac", "\\sqrt", "√"])
_LEAVES: Final = frozenset(",.;:()∞°%…$&")


def simple_formula(latex: str) -> Row | None:
    """The parts of a formula; None if a listener would not understand it in words."""
    if len(latex) > _LONGEST:
        return None
    reader = _Reader(_TOKENS.findall(latex.replace("{,}", ",").replace("{.}", ".")))
    try:
        row = reader.row()
    except _NotSimple:
        return None
    return row if row and not reader.is_left and leaves(row) <= _MOST_LEAVES else None


class _NotSimple(Exception):
    """There is something in the formula that is not said in a few words."""


class _Reader:
    """Reads the tokens of one formula."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def is_left(self) -> bool:
        return self._place < len(self._tokens)

    def row(self) -> Row:
        """All up to a closing brace or the end."""
        nodes: list[Node] = []
        while self.is_left and self._tokens[self._place] != "}":
            token = self._tokens[self._place]
            if token.isspace() or token in _SILENT:
                self._place += 1
            elif token in ("^", "_"):
                self._place += 1
                self._attach(nodes, token)
            elif token in _POWERS and nodes:
                self._place += 1
                nodes.append(Power(nodes.pop(), [Leaf(_POWERS[token])]))
            else:
                nodes += self._next()
        return nodes

    def _attach(self, nodes: list[Node], mark: str) -> None:
        """Put an index or exponent behind the last node."""
        content = self._argument()
        if not nodes or isinstance(nodes[-1], Sign) or not 0 < leaves(content) <= 2 or not _are_plain(content):
            raise _NotSimple
        if mark == "_":
            nodes += content
        elif content == [Leaf("°")]:
            nodes.append(Leaf("°"))
        else:
            nodes.append(Power(nodes.pop(), content))

    def _argument(self) -> Row:
        while self.is_left and self._tokens[self._place].isspace():
            self._place += 1
        if not self.is_left:
            raise _NotSimple
        if self._tokens[self._place] != "{":
            token = self._tokens[self._place]
            if token.isdigit() and len(token) > 1:  # x^12 is x^1 2
                self._tokens = [*self._tokens[: self._place], token[0], token[1:], *self._tokens[self._place + 1 :]]
            return self._next()
        if self._depth == _DEEPEST:
            raise _NotSimple
        self._depth += 1
        self._place += 1
        row = self.row()
        if not self.is_left:
            raise _NotSimple
        self._place += 1
        self._depth -= 1
        return row

    def _next(self) -> Row:
        token = self._tokens[self._place]
        if token == "{":
            return self._argument()
        self._place += 1
        if token in _WRAPPERS:
            return self._argument()
        if token in _SIGNS:
            return [Sign(_SIGNS[token])]
        if token in _STRUCTURES:
            return [self._structure(token)]
        text = SYMBOLS.get(token, token)
        if not (text[0].isalnum() or text in _LEAVES):
            raise _NotSimple
        return [Leaf(text)]

    def _structure(self, command: str) -> Node:
        if command in _WORDS:
            return Leaf(self._words())
        row = self._argument()
        if command in ("\\sqrt", "√"):
            if not 0 < leaves(row) <= 5:
                raise _NotSimple
            return Root(row)
        bottom = self._argument()
        if not (0 < leaves(row) <= 3 and 0 < leaves(bottom) <= 3 and _are_plain([*row, *bottom])):
            raise _NotSimple
        return Fraction(row, bottom)

    def _words(self) -> str:
        """The text in braces, as it is."""
        rest = self._tokens[self._place :]
        if rest[:1] != ["{"] or "}" not in rest:
            raise _NotSimple
        length = rest.index("}")
        self._place += length + 1
        text = "".join(rest[1:length]).strip()
        if not text or not all(character.isalnum() or character in " -,.'" for character in text):
            raise _NotSimple
        return text


def _are_plain(row: Row) -> bool:
    """Whether nobody can hear where the row ends: no fraction, no root, and a sign only in front."""
    return all(
        isinstance(node, Leaf | Power) or (number == 0 and node == Sign("minus")) for number, node in enumerate(row)
    )
