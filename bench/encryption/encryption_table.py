"""The table, and what is to be read from it."""

from collections.abc import Sequence

from bench.common.markdown_table import markdown_row, markdown_table
from bench.encryption.encryption_row import EncryptionRow

_HEAD = (
    "call",
    "DAVE by",
    "sent",
    "opened",
    "plaintext",
    "pause, ms",
    "received",
    "without us",
    "first heard, ms",
    "whole",
)

LEGEND = """\
*Opened*: how often a member opened a frame, of how often one had to: each member of the epoch that it was sealed in,
who was there. *Pause*: from one frame to the next, in ticks of 20 ms. *Received*: what our listener was given, of what
members said in epochs that we are or were in; *without us* is what they said in others, while we waited to be added
anew. *First heard*: the longest time from a newcomer's transition (op 22) to the first frame that it opened. *Whole*:
nothing lost, nothing readable, all in one group, and nobody deaf in the end."""


def table_head() -> str:
    """The first lines of the table."""
    return markdown_table(_HEAD, ())


def table_row(row: EncryptionRow) -> str:
    """One line of it."""
    return markdown_row(_cells(row))


def encryption_summary(rows: Sequence[EncryptionRow]) -> str:
    """One line a library."""
    return "\n".join(_summary(name, [row for row in rows if row.library == name]) for name in _libraries(rows))


def _cells(row: EncryptionRow) -> tuple[str, ...]:
    return (
        row.kind,
        row.library,
        f"{row.sent:,}",
        f"{row.opened:,} of {row.due:,}",
        f"{row.plaintext}",
        f"{row.pause * 1000:.0f}",
        f"{row.given:,} of {row.said:,}",
        f"{row.said_without_us}",
        f"{row.longest_wait * 1000:.0f}",
        "yes" if row.is_whole else "**no**",
    )


def _summary(name: str, rows: Sequence[EncryptionRow]) -> str:
    return (
        f"{name}: {sum(row.is_whole for row in rows)} of {len(rows)} whole; "
        f"opened {sum(row.opened for row in rows):,} of {sum(row.due for row in rows):,}, "
        f"received {sum(row.given for row in rows):,} of {sum(row.said for row in rows):,}, "
        f"plaintext {sum(row.plaintext for row in rows)}, "
        f"longest pause {max(row.pause for row in rows) * 1000:.0f} ms."
    )


def _libraries(rows: Sequence[EncryptionRow]) -> list[str]:
    return list(dict.fromkeys(row.library for row in rows))
