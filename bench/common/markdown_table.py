"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The head, a rule, and one line for each row."""
    return "\n".join([markdown_row(head), markdown_row(["---"] * len(head)), *map(markdown_row, rows)])


def markdown_row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"
