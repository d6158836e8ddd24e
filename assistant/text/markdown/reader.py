"""Turns streamed Markdown into plain text to be read aloud."""

import re
from typing import Final

from assistant.text.markdown import table_rows
from assistant.text.markdown.emphasis import Emphasis
from assistant.text.markdown.formulas import formula_at
from assistant.text.markdown.inline import PARSER, inline_at
from assistant.text.markdown.line_start import (
    FENCES,
    LONGEST_RUN,
    is_definition,
    is_only_marks,
    is_row,
    is_undecided,
    numbers,
    split,
)
from assistant.text.markdown.placeholders import CODE, RESERVED

_SPECIAL: Final = re.compile(rf"[\\`*_~|$\[【<&\n\ue200{RESERVED}]|!\[|https?://|www\.", re.IGNORECASE)
_SPECIAL_BEGUN: Final = re.compile(r"(?:!|h(?:t(?:t(?:ps?(?::/?)?)?)?)?|(?<![A-Za-z0-9_])w{1,3})\Z", re.IGNORECASE)
_RESERVED: Final = re.compile(f"[{RESERVED}]")
_LONGEST_BEGINNING: Final = len("https:/")
_CONTEXT: Final = 12

_ESCAPABLE: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
"""The characters that a backslash escapes: CommonMark 0.31, section 2.4."""
_BITE: Final = 1024


class MarkdownReader:
    """Takes Markdown as it arrives, and returns the text to read as soon as its meaning is clear.

    It works line by line, as Discord does. The prefix of a line (line_start.py) is clear once the first characters of
    its text have arrived, an inline construct (inline.py) once it is closed. Everything else is returned at once.
    Emphasis marks are dropped even if they are never closed: waiting for that would delay speech. Headings, list items
    and table rows end with a line break. The amount of text that is held back is bounded.
    """

    def __init__(self, *, starts_line: bool = True) -> None:
        """`starts_line` is False for a part of a line, such as a table's cell."""
        self._held = ""
        self._before = ""  # the last characters before what is held
        self._starts_line = starts_line
        self._rows: list[str] = []
        self._fence = ""  # of the code that is left out now
        self._closes_anywhere = False  # the fence, not only at the end of a line
        self._emphasis = Emphasis()

    @property
    def backlog(self) -> int:
        """How many characters are held back."""
        return len(self._held) + sum(map(len, self._rows))

    def feed(self, delta: str) -> str:
        """Take more Markdown; return the text that is now certain."""
        is_in_text = not (self._held or self._starts_line or self._fence)
        if is_in_text and not (_SPECIAL.search(delta) or _SPECIAL_BEGUN.search(delta[-_LONGEST_BEGINNING:])):
            self._before = (self._before + delta)[-_CONTEXT:]
            return delta  # as nearly always
        if len(delta) <= _BITE:
            self._held += delta
            return self._take(is_last=False)
        # In small pieces, so that one huge delta costs no more than many small ones.
        return "".join(self.feed(delta[start : start + _BITE]) for start in range(0, len(delta), _BITE))

    def finish(self) -> str:
        """End the Markdown; return the rest of the text. A code block that never ended still counts as code."""
        return self._take(is_last=True) + self._end_table()

    def _take(self, *, is_last: bool) -> str:
        """Turn as much of the held Markdown into text as is clear; keep the rest."""
        taken: list[str] = []
        while self._held:
            if self._fence:
                read = self._in_code()
            elif self._starts_line:
                read = self._line_start(is_last=is_last)
            else:
                read = self._in_line(is_last=is_last)
            if read is None:
                break
            if read:
                taken.append(read)
                self._before = (self._before + read)[-_CONTEXT:]
        return "".join(taken)

    def _read(self, characters: int, text: str) -> str:
        """`text` is what is read of that many of the held characters."""
        self._held = self._held[characters:]
        return text

    def _line_start(self, *, is_last: bool) -> str | None:
        line, newline, _ = self._held.partition("\n")
        is_whole = bool(newline) or is_last
        if not is_whole and is_undecided(line, is_in_table=bool(self._rows)):
            return None
        if is_whole and is_row(line):
            return self._read(len(line + newline), self._add_row(line))
        if self._rows:
            return self._end_table()
        prefix, rest = split(line)
        if is_whole and (not line or is_only_marks(line) or (is_definition(rest) and not PARSER.parse(rest))):
            return self._read(len(line + newline), newline)
        if rest.startswith(FENCES):
            return self._begin_code(prefix, rest)
        self._starts_line = False
        return self._read(len(prefix), numbers(prefix))

    def _begin_code(self, prefix: str, rest: str) -> str:
        run = min(len(rest) - len(rest.lstrip(rest[0])), LONGEST_RUN)
        self._fence = rest[0] * run
        self._closes_anywhere = rest[0] == "`"
        return self._read(len(prefix) + run, f"\n{CODE}\n")

    def _in_code(self) -> str | None:
        """Skip code up to its closing fence."""
        text = self._held
        if self._closes_anywhere:
            closing = text.find(self._fence)
            line_end = text.find("\n") if self._starts_line else -1
            if closing >= 0 and (line_end < 0 or closing < line_end):
                return self._end_code(closing + len(self._fence))
            if line_end >= 0:  # what was behind the fence was the name of a language
                self._closes_anywhere = False
                return self._read(line_end, "")
            self._held = text[-(len(self._fence) - 1) :]
            return None
        mark = self._fence[0]
        found = re.search(rf"(?<!{mark}){mark}{{{len(self._fence)},}}+[ \t]*+\n", text)
        if found:
            return self._end_code(found.end() - 1)
        run = text.rstrip(" \t")
        length = min(len(run) - len(run.rstrip(mark)), len(self._fence))
        self._held = mark * length + text[len(run) :][:1] if length else ""
        return None

    def _end_code(self, characters: int) -> str:
        self._fence = ""
        self._starts_line = False
        return self._read(characters, "")

    def _add_row(self, line: str) -> str:
        """Keep a line that may belong to a table, as far as it is needed; the text when it turns out that none does."""
        if len(self._rows) <= table_rows.MOST_LINES:
            self._rows.append(line)
        return self._end_table() if len(self._rows) == 2 and not table_rows.is_rule(line) else ""

    def _end_table(self) -> str:
        rows, self._rows = self._rows, []
        return "".join(f"{line}\n" for line in table_rows.lines_of(rows, _seen)) if rows else ""

    def _in_line(self, *, is_last: bool) -> str | None:
        text = self._held
        found = _SPECIAL.search(text)
        begin = found.start() if found else len(text)
        if found is None and not is_last:
            begun = _SPECIAL_BEGUN.search(text, max(0, len(text) - _LONGEST_BEGINNING))
            begin = begun.start() if begun else begin
        if begin or found is None:
            return self._read(begin, text[:begin]) or None
        if text.startswith("```"):
            self._fence, self._closes_anywhere = "```", True
            return self._read(3, f"\n{CODE}\n")
        return self._special(text[0], is_last=is_last)

    def _special(self, mark: str, *, is_last: bool) -> str | None:
        before = self._before[-1:]
        if mark == "\n":
            self._starts_line = True
            self._emphasis.end_line()
            return self._read(1, mark)
        if _RESERVED.match(mark):
            return self._read(1, "")
        if mark in "\\$":
            read = formula_at(self._held, before=before, is_last=is_last)
            if read == ("", 0):
                return self._escape(is_last=is_last) if mark == "\\" else self._read(1, mark)
        elif mark in "*_~|":
            read = self._emphasis.read(self._held, self._before, is_last=is_last)
        else:
            read = inline_at(self._held, before=self._before, is_last=is_last)
        return self._read(read[1], read[0]) if read else None

    def _escape(self, *, is_last: bool) -> str | None:
        following = self._held[1:2]
        if not (following or is_last):
            return None
        if following and following in _ESCAPABLE:
            return self._read(2, following)
        return self._read(1, "" if following == "\n" else "\\")


def _seen(cell: str) -> str:
    """The text to read of a table's cell."""
    reader = MarkdownReader(starts_line=False)
    return (reader.feed(cell) + reader.finish()).strip()
