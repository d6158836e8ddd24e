"""The assistant with more and more calls, as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.frame_pacing import passes
from bench.common.markdown_table import markdown_row, markdown_table
from bench.scale.scale_row import Idle, ScaleRow, Speaking

_LIMIT_SECONDS: Final = 0.025
_MEGABYTE: Final = 1024 * 1024
_HEAD: Final = (
    "calls",
    "answers",
    "memory, MB",
    "CPU per idle call",
    "CPU per speaking call",
    "CPU, cores",
    "p50, ms",
    "p99, ms",
    "longest, ms",
    "over 40 ms",
    "first distance, ms",
    "lost",
    "first audio p50, s",
    "p95, s",
    "loop lag p99, ms",
    "max, ms",
    "CPU of the rest",
    "fixed work, ms",
)


def scale_lines(row: ScaleRow) -> str:
    """The two lines of the table for one number of calls."""
    return "\n".join(map(markdown_row, _rows(row)))


def scale_table(nothing: Idle, rows: Sequence[ScaleRow]) -> str:
    """The table in Markdown, and what follows from it."""
    first, last = rows[0], rows[-1]
    started = (last.resident_bytes - first.resident_bytes) / (last.calls - first.calls)
    spoken = (last.fresh.resident_bytes - first.fresh.resident_bytes) / (last.calls - first.calls)
    fresh = [(row.calls, row.fresh.pacing) for row in rows]
    same = [(row.calls, row.same.pacing) for row in rows]
    limit = f"{_LIMIT_SECONDS * 1e3:.0f} ms"
    lines = [
        markdown_table(_HEAD, [cells for row in rows for cells in _rows(row)]),
        "",
        f"- no call: {nothing.resident_bytes / _MEGABYTE:.0f} MB, {nothing.cores * 100:.1f} % of a core",
        f"- memory per call, from {first.calls} to {last.calls}: {started / _MEGABYTE:.2f} MB when it starts, "
        f"{spoken / _MEGABYTE:.2f} MB after turns",
        f"- the p99 passes {limit}: with the same answers {passes(_LIMIT_SECONDS, same)}; "
        f"with fresh ones {passes(_LIMIT_SECONDS, fresh)}",
    ]
    return "\n".join(lines)


def _rows(row: ScaleRow) -> list[tuple[str, ...]]:
    return [_cells(row, "the same", row.same), _cells(row, "fresh", row.fresh)]


def _cells(row: ScaleRow, answers: str, speaking: Speaking) -> tuple[str, ...]:
    pacing = speaking.pacing
    return (
        str(row.calls),
        answers,
        f"{speaking.resident_bytes / _MEGABYTE:.0f}",
        f"{row.idle_cores / row.calls * 100:.2f} %",
        f"{speaking.cores_per_call * 100:.2f} %",
        f"{speaking.cores:.2f}",
        f"{pacing.p50 * 1e3:.1f}",
        f"{pacing.p99 * 1e3:.1f}",
        f"{pacing.longest * 1e3:.0f}",
        f"{pacing.holes} of {pacing.frames}",
        f"{pacing.first * 1e3:.1f}",
        str(pacing.lost),
        f"{speaking.first_audio_p50:.2f}",
        f"{speaking.first_audio_p95:.2f}",
        f"{speaking.lag.p99 * 1e3:.1f}" if speaking.lag else "–",
        f"{speaking.lag.max * 1e3:.0f}" if speaking.lag else "–",
        f"{speaking.listener_cores * 100:.0f} %",
        f"{speaking.yardstick * 1e3:.1f}",
    )
