"""Calls in which somebody speaks and the assistant answers, as a picture."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.chart_panel import draw_lines, label_panel
from bench.scale.heard_row import HeardRow

_MEGABYTE: Final = 1024 * 1024
_WAIT_TARGET_SECONDS: Final = 1.6
_PACING_TARGET_MS: Final = 25.0


def plot_heard(rows: Sequence[HeardRow], path: Path) -> None:
    """Draw more and more calls into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    (wait, pacing, lag), (cpu, load, memory) = figure.subplots(2, 3)
    _draw(wait, rows, {"p50": lambda row: row.wait_p50, "p95": lambda row: row.wait_p95})
    label_panel(wait, "Last voice to first sound", "s", target=_WAIT_TARGET_SECONDS)
    _draw(
        pacing,
        rows,
        {"p50": lambda row: row.pacing.p50 * 1e3, "p99": lambda row: row.pacing.p99 * 1e3},
    )
    label_panel(pacing, "Distance between frames", "ms", target=_PACING_TARGET_MS)
    _draw(lag, rows, {"p99": lambda row: row.lag.p99 * 1e3, "max": lambda row: row.lag.max * 1e3})
    label_panel(lag, "Event loop lag", "ms")
    _draw(cpu, rows, {"the bot": lambda row: row.cores_per_call * 100})
    label_panel(cpu, "CPU of one call", "% of a core")
    _draw(
        load,
        rows,
        {"the bot": lambda row: row.cores, "Discord, recognizer, model and Google": lambda row: row.rest_cores},
    )
    label_panel(load, "Busy cores", "cores")
    _draw(memory, rows, {"the bot": lambda row: row.resident_bytes / _MEGABYTE})
    label_panel(memory, "Resident memory", "MB")
    figure.savefig(path)


def _draw(panel: Axes, rows: Sequence[HeardRow], lines: Mapping[str, Callable[[HeardRow], float]]) -> None:
    draw_lines(panel, {name: (rows, value) for name, value in lines.items()}, lambda row: row.calls)
