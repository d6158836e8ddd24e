"""Reads Markdown tables row by row."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from markdown_it.token import Token

from assistant.text.markdown.inline import PARSER
from assistant.text.markdown.placeholders import TABLE

MOST_LINES: Final = 7
"""Head, rule and five rows: listeners remember no more."""
_MOST_COLUMNS: Final = 4
_LONGEST_ROW: Final = 160
_RULE: Final = re.compile(r"[ \t]{0,40}\|?[ \t:|-]*-[ \t:|-]*")


def is_rule(line: str) -> bool:
    """Whether this is the line that makes the line before it the head of a table."""
    return _RULE.fullmatch(line) is not None


def lines_of(lines: Sequence[str], seen: Callable[[str], str]) -> Iterator[str]:
    """The text to read for lines that begin with a bar; `seen` reads one cell.

    A small table is read row by row, as "Name: Ada, Age: 36."; a large one is left to the chat. Without the rule below
    the head, they are ordinary lines with a pause for each bar.
    """
    tokens = PARSER.parse("\n".join(line.strip() for line in lines))
    if not tokens or tokens[0].type != "table_open":
        for line in lines:
            yield ", ".join(filter(None, (seen(cell) for cell in line.split("|"))))
        return
    head, *rows = _rows(tokens, seen)
    read = [_row(head, row) for row in rows]
    if len(lines) > MOST_LINES or len(head) > _MOST_COLUMNS or any(len(row) > _LONGEST_ROW for row in read):
        yield TABLE
    else:
        yield from read


def _rows(tokens: Sequence[Token], seen: Callable[[str], str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(seen(token.content))
    return rows


def _row(head: Sequence[str], row: Sequence[str]) -> str:
    cells = (f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)
    said = ", ".join(cells)
    return f"{said}." if said else ""
