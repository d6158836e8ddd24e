"""Calls in which somebody speaks and the assistant answers, as a table in Markdown."""

from collections.abc import Sequence
from typing import Final

from bench.common.markdown_table import markdown_row, markdown_table
from bench.scale.heard_row import HeardRow

_MEGABYTE: Final = 1024 * 1024
_HEAD: Final = (
    "calls",
    "asked, answered",
    "speak at once: members, bot",
    "frames p50, ms",
    "p99, ms",
    "longest, ms",
    "over 40 ms",
    "lost",
    "last voice to first sound p50, s",
    "p95, s",
    "CPU, cores",
    "CPU per call",
    "loop lag p99, ms",
    "max, ms",
    "memory, MB",
    "requests a question: recognizer, model, speech",
    "members' packets late p99, ms",
    "max, ms",
    "services late p99, ms",
    "CPU of the rest",
    "fixed work, ms",
)


def heard_line(row: HeardRow) -> str:
    """The line of the table for one number of calls."""
    return markdown_row(_cells(row))


def heard_table(rows: Sequence[HeardRow]) -> str:
    """The table in Markdown, and the assistant's own steps."""
    lines = [markdown_table(_HEAD, map(_cells, rows)), ""]
    lines += [f"- {row.calls} calls, {_steps(row)}" for row in rows]
    return "\n".join(lines)


def _steps(row: HeardRow) -> str:
    steps = ", ".join(f"{step.replace('_', ' ')} {seconds:.2f}" for step, seconds in row.steps.items())
    return f"means of the steps in s, each behind the one before it: {steps}"


def _cells(row: HeardRow) -> tuple[str, ...]:
    pacing, asked = row.pacing, max(1, row.asked)
    requests = (each / asked for each in (row.recognized, row.written, row.spoken))
    return (
        str(row.calls),
        f"{row.asked}, {row.answered}",
        f"{row.members_at_once:.1f}, {row.bot_at_once:.1f}",
        f"{pacing.p50 * 1e3:.1f}",
        f"{pacing.p99 * 1e3:.1f}",
        f"{pacing.longest * 1e3:.0f}",
        f"{pacing.holes} of {pacing.frames}",
        str(pacing.lost),
        f"{row.wait_p50:.2f}",
        f"{row.wait_p95:.2f}",
        f"{row.cores:.2f}",
        f"{row.cores_per_call * 100:.2f} %",
        f"{row.lag.p99 * 1e3:.1f}",
        f"{row.lag.max * 1e3:.0f}",
        f"{row.resident_bytes / _MEGABYTE:.0f}",
        ", ".join(f"{each:.1f}" for each in requests),
        f"{row.voices_late_p99 * 1e3:.1f}",
        f"{row.voices_late_most * 1e3:.0f}",
        f"{row.services_late_p99 * 1e3:.1f}",
        f"{row.rest_cores * 100:.0f} %",
        f"{row.yardstick * 1e3:.1f}",
    )
