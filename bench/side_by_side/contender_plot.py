"""The contenders as a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.chart_panel import draw_lines, label_panel
from bench.side_by_side.contender_row import ContenderRow, Speaking

_MEGABYTE: Final = 1024 * 1024
_FIRST_SOUND_TARGET: Final = 0.95
_PACING_TARGET_MS: Final = 22.0
_CPU_TARGET_PERCENT: Final = 0.5


def plot_contenders(rows: Sequence[ContenderRow], path: Path) -> None:
    """Draw them into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    (first, pacing), (cpu, memory) = figure.subplots(2, 2)
    _draw_first_sounds(first, rows)
    on_discord = [row for row in rows if row.contender.speaks_on_discord and row.speaking]
    if on_discord:
        _draw(pacing, on_discord, lambda each: each.pacing.p99 * 1e3 if each.pacing else 0.0)
        label_panel(pacing, "Distance between frames, p99", "ms", target=_PACING_TARGET_MS)
        _draw(cpu, on_discord, lambda each: each.cores_per_call * 100)
        label_panel(cpu, "CPU of one speaking call", "% of a core", target=_CPU_TARGET_PERCENT)
        _draw(memory, on_discord, lambda each: each.resident_bytes / _MEGABYTE)
        label_panel(memory, "Resident memory while they speak", "MB")
    figure.savefig(path)


def _draw_first_sounds(panel: Axes, rows: Sequence[ContenderRow]) -> None:
    heard = [(row.contender.value, row.first_sounds) for row in rows if row.first_sounds]
    names = [name for name, _ in heard]
    panel.bar(names, [sounds.p95 for _, sounds in heard], color="#cfd8dc", label="p95")
    panel.bar(names, [sounds.p50 for _, sounds in heard], color="#1b6ca8", label="p50")
    label_panel(panel, "From the message to the first sound", "s", target=_FIRST_SOUND_TARGET)
    panel.set_xlabel("")


def _draw(panel: Axes, rows: Sequence[ContenderRow], value: Callable[[Speaking], float]) -> None:
    draw_lines(panel, {row.contender.value: (row.speaking, value) for row in rows}, lambda each: each.calls)
