"""How much code a form needs."""

import io
import tokenize
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_MEDIA_MODULES: Final = ("media_link", "media_messages", "media_worker")
_NO_CODE: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
)


def code_size() -> str:
    """One line on what the media process needs, beside what both forms have."""
    folder = Path(__file__).parent
    count = lines_of_code(folder / f"{name}.py" for name in _MEDIA_MODULES)
    return (
        f"- the media process here: {count} lines of code more, docstrings and comments apart "
        f"({', '.join(_MEDIA_MODULES)})"
    )


def lines_of_code(paths: Iterable[Path]) -> int:
    """Lines with code, without those of docstrings and comments."""
    return sum(len(_lines(path.read_text("utf-8"))) for path in paths)


def _lines(source: str) -> set[int]:
    lines: set[int] = set()
    last = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and last in _NO_CODE
        if token.type not in _NO_CODE and token.type != tokenize.ENDMARKER and not is_docstring:
            lines.update(range(token.start[0], token.end[0] + 1))
        last = token.type
    return lines
