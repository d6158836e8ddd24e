"""The rows as a table in Markdown."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.media_process.media_trial import MediaRow
from bench.media_process.spoken_turns import Distances

_MEGABYTE: Final = 1024 * 1024
_HOLE_SECONDS: Final = 0.04
_BURST_SECONDS: Final = 0.005
"""Frames that are closer were held up, and then sent in one go."""
_HEAD: Final = (
    "calls",
    "form",
    "p50, ms",
    "p99, ms",
    "longest, ms",
    "over 40 ms",
    "within 5 ms of the one before",
    "p99 of quiet seconds, ms",
    "quiet",
    "starved, s",
    "lost",
    "first frame p95, ms",
    "CPU of the bot, cores",
    "of the other process",
    "CPU for a second of speech, ms",
    "memory, MB",
    "loop lag p99, ms",
    "max, ms",
    "idle process's longest, ms",
    "fixed work, ms",
)


def media_table(rows: Sequence[MediaRow]) -> str:
    """One line for each number of calls and form: all distances of its rounds, and the medians of the rest."""
    keys = sorted({(row.calls, row.form.value) for row in rows})
    return markdown_table(_HEAD, (_cells([row for row in rows if (row.calls, row.form.value) == key]) for key in keys))


def _cells(rounds: Sequence[MediaRow]) -> tuple[str, ...]:
    def of(value: Callable[[MediaRow], float]) -> float:
        return statistics.median(map(value, rounds))

    distances = Distances.sum_of(row.distances for row in rounds)
    quiet = Distances.sum_of(row.quiet for row in rounds)
    return (
        str(rounds[0].calls),
        rounds[0].form.value,
        f"{distances.percentile(50) * 1e3:.1f}",
        f"{distances.percentile(99) * 1e3:.1f}",
        f"{distances.longest * 1e3:.0f}",
        f"{distances.share(_HOLE_SECONDS, math.inf) * 100:.2f} %",
        f"{distances.share(0.0, _BURST_SECONDS) * 100:.2f} %",
        f"{quiet.percentile(99) * 1e3:.1f}" if quiet.total else "–",
        f"{quiet.total / max(distances.total, 1) * 100:.0f} %",
        f"{of(lambda row: row.starved):.2f}",
        f"{of(lambda row: row.lost):.0f}",
        f"{of(lambda row: row.first_frame_p95) * 1e3:.0f}",
        f"{of(lambda row: row.bot_cores):.2f}",
        f"{of(lambda row: row.other_cores):.2f}",
        f"{of(lambda row: row.bot_cpu) * 1e3:.1f} + {of(lambda row: row.other_cpu) * 1e3:.1f}",
        f"{of(lambda row: row.resident_bytes) / _MEGABYTE:.0f}",
        f"{of(lambda row: row.lag_p99) * 1e3:.1f}",
        f"{of(lambda row: row.lag_max) * 1e3:.0f}",
        _each(row.machine_longest * 1e3 for row in rounds),
        f"{of(lambda row: row.yardstick) * 1e3:.1f}",
    )


def _each(values: Iterable[float]) -> str:
    """All rounds: where they differ much, the machine was busy."""
    return " ".join(f"{value:.1f}" for value in values)
