"""Where in a text of Markdown there is code, as far as it was read."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"`+|~+|\n|[^`~\n]+")
_INDENT: Final = re.compile(r"[\s>*+\-\d.]*")
"""What may stand before a fence: it can be in a list or in a quotation."""
_FENCE: Final = 3


class CodeSpans:
    """Reads a text in pieces, cut anywhere. A span in backticks ends with its line; a fence does not."""

    def __init__(self) -> None:
        self._fence = ("", 0)  # the mark of the run that opened it, and how many there were
        self._span = 0  # how many backticks opened it
        self._run = ("", 0)  # the marks that the text ends on so far
        self._is_indent = True  # whether only what may stand before a fence is on the line so far

    def is_next(self) -> bool:
        """Whether what comes next, which is no mark itself, is code."""
        self._close_run()
        return bool(self._fence[1] or self._span)

    def read(self, text: str) -> None:
        """Read more of the text."""
        for found in _MARKS.finditer(text):
            piece = found[0]
            mark, count = self._run
            if piece[0] not in "`~":
                self._close_run()
                if piece == "\n":
                    self._span = 0
                self._is_indent = piece == "\n" or (self._is_indent and _INDENT.fullmatch(piece) is not None)
            elif mark == piece[0]:
                self._run = (mark, count + len(piece))
            else:
                self._close_run()
                self._run = (piece[0], len(piece))

    def _close_run(self) -> None:
        (mark, count), self._run = self._run, ("", 0)
        if not count:
            return
        is_fence = count >= _FENCE and self._is_indent
        self._is_indent = False
        if self._fence[1]:
            if is_fence and mark == self._fence[0] and count >= self._fence[1]:
                self._fence = ("", 0)
        elif self._span:
            if mark == "`" and count == self._span:
                self._span = 0
        elif is_fence:
            self._fence = (mark, count)
        elif mark == "`":
            self._span = count
