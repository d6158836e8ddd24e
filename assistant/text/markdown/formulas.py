r"""Reads LaTeX in Markdown: $…$, $$…$$, \(…\), \[…\], \begin{…}…\end{…}, and single commands such as \frac{3}{4}."""

import re
from typing import Final

from assistant.text.formula import SYMBOLS, simple_formula
from assistant.text.markdown.placeholders import FORMULA, short_formula

LONGEST: Final = 1000
"""The longest formula, in characters; so much text may be held back."""
_LONGEST_IN_LINE: Final = 200

_IN_LINE: Final = re.compile(r"\$(?!\s)(?P<latex>(?:[^$\n\\]|\\[^\n]){1,200}?)(?<!\s)\$(?![$0-9A-Za-z])")
_IN_LINE_BEGUN: Final = re.compile(r"\$(?!\s)(?:[^$\n\\]|\\[^\n]){0,200}(?:\\|(?<!\s)\$)?\Z")
_EVIDENCE: Final = re.compile(
    r"[\\^_={}<>+*/≤≥≠±×·√-]|^[^\W\d_]{1,2}[\d!]?$|^\d+(?:[.,]\d+)*[a-z]{0,3}$|^[^\W\d_]\([^()]{1,20}\)$"
    r"|^\d+°$|^\|[^|]{1,20}\|$|^\([^()]{1,20}\)$|^[^\W\d_]'{1,2}$|^\d{1,3}! "
)
"""What a formula has, and the space between two prices has not."""
_PROSE: Final = re.compile(
    r"^[^\\^_{}$]*?\s[^\W\d_]{2,}[\s.,;:!?)]|^\d[\d.,]*(?:[.;:]\s|[!?]\s+[^\s=]|[kKmM]?(?:[/-][^\W\d_]{2,}|[^\W\d_]{4,})[\s.,;:!?)])"
)
"""What shows that a dollar sign begins a price: a word. It is still there when more of the text has come."""
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_ARGUMENT: Final = r"\{(?:[^{}\n]|\{[^{}\n]{0,60}+\}){1,80}+\}"
_FRACTION: Final = re.compile(rf"\\[dt]?frac(?:{_ARGUMENT}{_ARGUMENT}|\d\d)|\\sqrt{_ARGUMENT}")
_FRACTION_BEGUN: Final = re.compile(r"\\(?:[dt]?frac|sqrt)(?:\d|\{[^\n]{0,160})?\Z")
_STYLES: Final = r"\\(?:boxed|text(?:bf|it|rm|tt)?|emph|mathbf|mathrm|underline)\{"
_STYLED: Final = re.compile(rf"{_STYLES}(?P<content>[^{{}}\n\\$]{{0,200}}+)\}}")
_STYLED_BEGUN: Final = re.compile(rf"{_STYLES}[^{{}}\n\\$]{{0,200}}\Z")
_COMMAND: Final = re.compile(r"\\[a-zA-Z]{1,16}+")
_COMMAND_BEGUN: Final = re.compile(r"\\[a-zA-Z]{0,16}\Z")
_ENVIRONMENT: Final = re.compile(r"\\begin\{(?P<name>[a-zA-Z]{1,16}\*?)\}")
_ENVIRONMENT_BEGUN: Final = re.compile(r"\\begin(?:\{[a-zA-Z]{0,16}\*?)?\Z")
_SAID: Final = {
    **{
        f"\\{name}": SYMBOLS[f"\\{name}"] for name in ("infty", "pi", "alpha", "beta", "gamma", "theta", "lambda", "mu")
    },
    **{"\\times": "×", "\\cdot": "×", "\\div": "÷", "\\leq": "≤", "\\le": "≤", "\\geq": "≥", "\\ge": "≥", "\\neq": "≠"},
    **{"\\approx": "≈", "\\pm": "±", "\\rightarrow": "→", "\\to": "→", "\\Rightarrow": "→"},
}
"""Commands that are also read where nothing marks a formula."""
_PAIRS: Final = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}


def formula_at(text: str, *, before: str, is_last: bool) -> tuple[str, int] | None:
    """The text to read for the formula at the start of `text`, and its length; None if more is needed.

    A length of 0 means that no formula begins here. `before` is the character before it.
    """
    if text[0] == "$":
        is_amount = (before.isascii() and before.isalnum()) or before == "$"  # US$5
        return ("", 0) if is_amount else _dollars(text[:LONGEST], is_last=is_last)
    if text[:2] in _PAIRS:
        return _pair(text[:LONGEST], is_last=is_last)
    if text[:6] == "\\begin" or "\\begin".startswith(text):
        return _environment(text[:LONGEST], is_last=is_last)
    is_path = bool(before) and ((before.isascii() and before.isalnum()) or before in "\\:/_.")  # C:\\times
    return ("", 0) if is_path else _command(text[:LONGEST], is_last=is_last)


def said(latex: str) -> str:
    """A placeholder for a formula: of its words, or of the note that it is only written."""
    return short_formula(latex) if simple_formula(latex) else f"\n{FORMULA}\n"


def _dollars(text: str, *, is_last: bool) -> tuple[str, int] | None:
    if text == "$" and not is_last:
        return None
    if text[:2] == "$$":
        return _pair(text, is_last=is_last)
    found = _IN_LINE.match(text)
    rest = text[1 : _LONGEST_IN_LINE + 1]
    if found and (found.end() < len(text) or is_last or len(text) == LONGEST):
        latex = found["latex"]
        return (said(latex), found.end()) if _is_formula(latex) else ("", 0)
    is_open = not is_last and _IN_LINE_BEGUN.match(text) and not _PROSE.search(rest)
    return None if is_open else ("", 0)


def _is_formula(latex: str) -> bool:
    return _EVIDENCE.search(latex) is not None and not _is_prose(latex)


def _is_prose(latex: str) -> bool:
    return _WORD.fullmatch(latex) is not None or _PROSE.search(f"{latex} ") is not None


def _pair(text: str, *, is_last: bool) -> tuple[str, int] | None:
    """A formula between two marks of two characters each; it may have several lines, but none is blank."""
    closing = _PAIRS[text[:2]]
    body = text[2:].partition("\n\n")[0]
    end = body.find(closing)
    if end >= 0:
        latex = body[:end].strip()
        return (said(latex), end + 4) if latex and not _is_prose(latex) else ("", 0)
    is_open = len(body) == len(text) - 2 and len(text) < LONGEST and not _PROSE.search(body.lstrip())
    return None if is_open and not is_last else ("", 0)


def _environment(text: str, *, is_last: bool) -> tuple[str, int] | None:
    found = _ENVIRONMENT.match(text)
    if found is None:
        is_open = _COMMAND_BEGUN.match(text) or _ENVIRONMENT_BEGUN.match(text)
        return None if is_open and not is_last else ("", 0)
    closing = f"\\end{{{found['name']}}}"
    end = text.find(closing, found.end())
    if end >= 0:
        body = text[found.end() : end] if found["name"].startswith("equation") else text[: end + len(closing)]
        return said(body.strip()), end + len(closing)
    return ("", 0) if is_last or len(text) >= LONGEST else None


def _command(text: str, *, is_last: bool) -> tuple[str, int] | None:
    if found := _FRACTION.match(text):
        return said(found[0]), found.end()
    if found := _STYLED.match(text):
        return found["content"], found.end()
    if not is_last and _STYLED_BEGUN.match(text):
        return None
    if not is_last and (_COMMAND_BEGUN.match(text) or _FRACTION_BEGUN.match(text)):
        return None
    command = _COMMAND.match(text)
    return (_SAID[command[0]], command.end()) if command and command[0] in _SAID else ("", 0)
