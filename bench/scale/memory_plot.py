"""What a process takes, as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.scale.memory import Memory, Moment

_MEGABYTE: Final = 1024 * 1024


def plot_memory(memory: Memory, path: Path) -> None:
    """Draw both tables into a file; its suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    calls, imports = figure.subplots(1, 2)
    _draw(calls, "The bot", memory.moments)
    _draw(imports, "Python, with more and more imported", memory.libraries)
    figure.savefig(path)


def _draw(panel: Axes, title: str, taken: Sequence[Moment]) -> None:
    bars = panel.barh([each.name for each in taken], [each.resident_bytes / _MEGABYTE for each in taken])
    panel.bar_label(bars, fmt="%.0f", padding=2)
    panel.margins(x=0.1)
    panel.invert_yaxis()  # from top to bottom, as in the table
    panel.set_title(title)
    panel.set_xlabel("resident, MB")
