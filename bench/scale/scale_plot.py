"""The scale rows as a picture."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.chart_panel import TARGET_COLOUR, draw_lines, label_panel
from bench.scale.scale_row import ScaleRow

_MEGABYTE: Final = 1024 * 1024
_PACING_TARGET_MS: Final = 25.0
_CPU_TARGET_PERCENT: Final = 2.0
_LAG_TARGET_MS: Final = 50.0
_MARKER_SIZE: Final = 4.0


def plot_scale(rows: Sequence[ScaleRow], path: Path) -> None:
    """Draw the assistant with more and more calls into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    (cpu, memory, pacing), (audio, lag, load) = figure.subplots(2, 3)
    _draw(
        cpu,
        rows,
        {
            "idle": lambda row: row.idle_cores / row.calls * 100,
            "speaking, cached speech": lambda row: row.same.cores_per_call * 100,
            "speaking, fresh speech": lambda row: row.fresh.cores_per_call * 100,
        },
    )
    label_panel(cpu, "CPU of one call", "% of a core", target=_CPU_TARGET_PERCENT)
    _draw_memory(memory, rows)
    _draw(
        pacing,
        rows,
        {
            "p99, cached speech": lambda row: row.same.pacing.p99 * 1e3,
            "p99, fresh speech": lambda row: row.fresh.pacing.p99 * 1e3,
            "p50, fresh speech": lambda row: row.fresh.pacing.p50 * 1e3,
        },
    )
    label_panel(pacing, "Distance between frames", "ms", target=_PACING_TARGET_MS)
    _draw(
        audio,
        rows,
        {
            "p50, cached speech": lambda row: row.same.first_audio_p50,
            "p95, cached speech": lambda row: row.same.first_audio_p95,
            "p50, fresh speech": lambda row: row.fresh.first_audio_p50,
            "p95, fresh speech": lambda row: row.fresh.first_audio_p95,
        },
    )
    label_panel(audio, "First audio", "s")
    _draw(
        lag,
        rows,
        {
            "max, cached speech": lambda row: row.same.lag.max * 1e3 if row.same.lag else 0.0,
            "max, fresh speech": lambda row: row.fresh.lag.max * 1e3 if row.fresh.lag else 0.0,
            "p99, fresh speech": lambda row: row.fresh.lag.p99 * 1e3 if row.fresh.lag else 0.0,
        },
    )
    label_panel(lag, "Event loop lag", "ms", target=_LAG_TARGET_MS)
    _draw(
        load,
        rows,
        {
            "bot, cached speech": lambda row: row.same.cores,
            "bot, fresh speech": lambda row: row.fresh.cores,
            "Discord, model and Google": lambda row: row.fresh.listener_cores,
        },
    )
    label_panel(load, "Busy cores", "cores")
    figure.savefig(path)


def _draw_memory(panel: Axes, rows: Sequence[ScaleRow]) -> None:
    _draw(
        panel,
        rows,
        {
            "calls started": lambda row: row.resident_bytes / _MEGABYTE,
            "after turns": lambda row: row.fresh.resident_bytes / _MEGABYTE,
        },
    )
    first = rows[0]
    target = [first.resident_bytes / _MEGABYTE + row.calls - first.calls for row in rows]
    panel.plot([row.calls for row in rows], target, ":", color=TARGET_COLOUR, label="target, 1 MB per call")
    label_panel(panel, "Resident memory of the bot", "MB")


def _draw(panel: Axes, rows: Sequence[ScaleRow], lines: Mapping[str, Callable[[ScaleRow], float]]) -> None:
    draw_lines(
        panel,
        {name: (rows, value) for name, value in lines.items()},
        lambda row: row.calls,
        marker_size=_MARKER_SIZE,
    )
