"""The contenders as tables in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.side_by_side.contender_row import BUNCHED_SECONDS, Closing, ContenderRow, Speaking

_MEGABYTE: Final = 1024 * 1024
_NOTHING: Final = "–"
_FIRST_HEAD: Final = ("contender", "answers", "first sound p50", "p95", "of it, model and speech service")
_SPEAKING_HEAD: Final = (
    "contender",
    "calls",
    "p50, ms",
    "p99, ms",
    "longest, ms",
    f"within {BUNCHED_SECONDS * 1e3:.0f} ms of the one before",
    "lost",
    "CPU of a speaking call",
    "memory at start, MB",
    "memory, MB",
)
_FRAMEWORKS: Final = (
    "- The frameworks make no calls on Discord, and one session each: their sound is heard at their own output, "
    "without Opus and encryption. Pipecat's websocket sends 40 ms at a time; livekit's own clock needs a server of "
    "livekit's."
)
_CLOSING_HEAD: Final = ("contender", "close code", "frames lost of 350", "silence")


def contender_tables(rows: Sequence[ContenderRow]) -> str:
    """A table for each part that was measured, and what could not be."""
    first = [_first_cells(row) for row in rows if row.first_sounds]
    speaking = [_speaking_cells(row, each) for row in rows for each in row.speaking]
    closings = [_closing_cells(row, each) for row in rows for each in row.closings]
    tables = [
        markdown_table(head, cells)
        for head, cells in ((_FIRST_HEAD, first), (_SPEAKING_HEAD, speaking), (_CLOSING_HEAD, closings))
        if cells
    ]
    notes = [f"- {row.name}: {failure}" for row in rows for failure in row.failures]
    if not all(row.contender.speaks_on_discord for row in rows):
        notes.append(_FRAMEWORKS)
    return "\n\n".join([*tables, "\n".join(notes)] if notes else tables)


def _first_cells(row: ContenderRow) -> tuple[str, ...]:
    sounds = row.first_sounds
    assert sounds is not None
    services = _NOTHING if sounds.services is None else f"{sounds.services:.2f} s"
    return row.name, str(sounds.answers), f"{sounds.p50:.2f} s", f"{sounds.p95:.2f} s", services


def _speaking_cells(row: ContenderRow, speaking: Speaking) -> tuple[str, ...]:
    pacing = speaking.pacing
    frames = (
        (
            f"{pacing.p50 * 1e3:.1f}",
            f"{pacing.p99 * 1e3:.1f}",
            f"{pacing.longest * 1e3:.0f}",
            f"{speaking.bunched} of {pacing.frames}",
            str(pacing.lost),
        )
        if pacing
        else (_NOTHING,) * 5
    )
    return (
        row.name,
        str(speaking.calls),
        *frames,
        f"{speaking.cores_per_call * 100:.2f} %",
        _NOTHING if row.start_bytes is None else f"{row.start_bytes / _MEGABYTE:.0f}",
        f"{speaking.resident_bytes / _MEGABYTE:.0f}",
    )


def _closing_cells(row: ContenderRow, closing: Closing) -> tuple[str, ...]:
    silence = "for good" if closing.silence is None else f"{closing.silence:.2f} s"
    return row.name, str(closing.code), str(closing.lost), silence
