"""The playout rows as a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.chart_panel import draw_lines, label_panel
from bench.playout.player_kind import PlayerKind
from bench.playout.playout_row import PlayoutRow

_PACING_TARGET_MS: Final = 25.0
_FIRST_DISTANCE_TARGET_MS: Final = 40.0


def plot_playout(rows: Sequence[PlayoutRow], path: Path) -> None:
    """Draw both players into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    pacing, first, cpu = figure.subplots(1, 3)
    clock, threads = ([row for row in rows if row.player is player] for player in PlayerKind)
    players = {"one frame clock": clock, "py-cord, a thread per call": threads}

    def lines(panel: Axes, value: Callable[[PlayoutRow], float]) -> None:
        draw_lines(panel, {name: (its_rows, value) for name, its_rows in players.items()}, lambda row: row.calls)

    lines(pacing, lambda row: row.pacing.p99 * 1e3)
    label_panel(pacing, "Distance between frames, p99", "ms", target=_PACING_TARGET_MS)
    lines(first, lambda row: row.pacing.first * 1e3)
    label_panel(first, "First distance of an utterance, longest", "ms", target=_FIRST_DISTANCE_TARGET_MS)
    lines(cpu, lambda row: row.cores_per_call * 100)
    label_panel(cpu, "CPU of one speaking call", "% of a core")
    figure.savefig(path)
