"""The first seconds of speech of fresh processes, as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from bench.cold_start.cold_start_trial import ColdStart
from bench.cold_start.first_answers import Scenario
from bench.common.chart_panel import TARGET_COLOUR

_TARGET_MS: Final = 40.0


def plot_cold_starts(taken: Sequence[tuple[Scenario, Sequence[ColdStart]]], path: Path) -> None:
    """Draw the longest distances in each process into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 5), layout="constrained")
    panel = figure.subplots()
    rows = [(place, start) for place, (_, starts) in enumerate(taken) for start in starts]
    places = [place for place, _ in rows]
    panel.plot([start.longest_distance * 1e3 for _, start in rows], places, "o", color="#1b6ca8", label="two frames")
    panel.plot(
        [start.machine_distance * 1e3 for _, start in rows], places, "|", color="#d1495b", label="an idle process"
    )
    panel.axvline(_TARGET_MS, linestyle=":", color=TARGET_COLOUR, label=f"target, {_TARGET_MS:g} ms")
    panel.set_yticks(range(len(taken)), [scenario.name for scenario, _ in taken])
    panel.invert_yaxis()  # from top to bottom, as in the table
    panel.set_title("Longest distance in the first ten seconds of speech")
    panel.set_xlabel("ms")
    panel.set_xlim(left=0)
    panel.grid(alpha=0.3)
    panel.legend(fontsize="small")
    figure.savefig(path)
