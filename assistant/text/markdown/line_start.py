"""Reads the beginning of a Markdown line: lists, headings, quotes, tables."""

import re
from typing import Final

from assistant.text.markdown.inline import LONGEST, PARSER
from assistant.text.markdown.template_tokens import HEADER, begins_header

_PREFIX: Final = re.compile(
    r"[ \t]{0,40}(?:(?:>{1,3}|#{1,6}|-#|[-*+•]|\d{1,9}[.)])[ \t]{1,40}){0,8}(?:\[[ xX]\][ \t]{1,40})?"
)
_PREFIX_BEGUN: Final = re.compile(r"(?:>{1,3}|#{1,6}|-#?|[-*+•]|\d{1,9}[.)]?|\[(?:[ xX]\]?)?|`{1,2}|~{1,2})?\Z")
_LONGEST_MARKS: Final = 200
_ONLY_MARKS: Final = re.compile(rf"[ \t*_=:|+-]{{1,{_LONGEST_MARKS}}}")
_DEFINITION: Final = re.compile(r"\[[^\[\]\n]{1,100}+\]:")
_DEFINITION_BEGUN: Final = re.compile(r"\[(?:[^\[\]\n]{1,100}+\]?)?\Z")

FENCES: Final = ("```", "~~~")
LONGEST_RUN: Final = 40


def is_undecided(line: str, *, is_in_table: bool) -> bool:
    """Whether the kind of an unfinished line only shows in what follows."""
    if not line.strip() or line.lstrip() == "|":
        return is_in_table or len(line) < _LONGEST_MARKS
    _, rest = split(line)
    if is_row(line) or is_definition(rest) or is_only_marks(line) or begins_header(line):
        return True
    if rest.startswith(FENCES):
        return not rest.strip(rest[0]) and len(rest) < LONGEST_RUN
    return bool(_PREFIX_BEGUN.match(rest) or _DEFINITION_BEGUN.match(rest))


def split(line: str) -> tuple[str, str]:
    """Split a line into its prefix and its text."""
    found = HEADER.match(line) or _PREFIX.match(line)
    end = found.end() if found else 0
    return line[:end], line[end:]


def is_only_marks(line: str) -> bool:
    """Whether a line is a rule or an underline; with two bars, a spoiler may begin."""
    return _ONLY_MARKS.fullmatch(line) is not None and not line.lstrip().startswith("||")


def is_row(line: str) -> bool:
    """Whether a line may belong to a table; one that begins with two bars is a spoiler."""
    body = line.lstrip(" \t")
    return body[:1] == "|" and body[1:2] != "|" and len(line) < LONGEST


def is_definition(rest: str) -> bool:
    """Whether a line may define a reference link, as [1]: https://example.org does."""
    return len(rest) < LONGEST and _DEFINITION.match(rest) is not None


def numbers(prefix: str) -> str:
    """The list numbers in `prefix`; nothing else of it is read aloud."""
    tokens = PARSER.parse(f"{prefix.lstrip()}x") if any(map(str.isdigit, prefix)) else []
    return "".join(f"{token.info}. " for token in tokens if token.type == "list_item_open" and token.info)
