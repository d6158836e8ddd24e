"""The playout rows as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.frame_pacing import passes
from bench.common.markdown_table import markdown_row, markdown_table
from bench.playout.player_kind import PlayerKind
from bench.playout.playout_row import PlayoutRow

LIMIT_SECONDS: Final = 0.025
"""The bench looks for the number of calls at which the p99 of the frames' distances passes this."""
_HEAD: Final = (
    "player",
    "calls",
    "p50, ms",
    "p99, ms",
    "longest, ms",
    "over 40 ms",
    "first distance, ms",
    "lost",
    "CPU, cores",
    "CPU per call",
    "listener's CPU",
)


def playout_table(rows: Sequence[PlayoutRow]) -> str:
    """The table, and where each player passes the limit."""
    lines = [markdown_table(_HEAD, map(_cells, rows)), ""]
    for player in PlayerKind:
        by_calls = [(row.calls, row.pacing) for row in rows if row.player is player]
        if by_calls:
            lines.append(
                f"- {player.label}: the p99 passes {LIMIT_SECONDS * 1e3:.0f} ms {passes(LIMIT_SECONDS, by_calls)}"
            )
    return "\n".join(lines)


def playout_line(row: PlayoutRow) -> str:
    """One line of the table."""
    return markdown_row(_cells(row))


def _cells(row: PlayoutRow) -> tuple[str, ...]:
    pacing = row.pacing
    return (
        row.player.label,
        str(row.calls),
        f"{pacing.p50 * 1e3:.1f}",
        f"{pacing.p99 * 1e3:.1f}",
        f"{pacing.longest * 1e3:.1f}",
        f"{pacing.holes} of {pacing.frames}",
        f"{pacing.first * 1e3:.1f}",
        str(pacing.lost),
        f"{row.cores:.2f}",
        f"{row.cores_per_call * 100:.2f} %",
        f"{row.listener_cores * 100:.0f} %",
    )
