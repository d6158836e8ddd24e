"""One panel of a chart: measurements against the number of calls, with a dotted line for a target."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from matplotlib.axes import Axes

Row = TypeVar("Row")

_COLOURS: Final = ("#1b6ca8", "#d1495b", "#2e933c", "#edae49")
TARGET_COLOUR: Final = "#555555"
"""The colour of what we aim at."""


def draw_lines(
    panel: Axes,
    lines: Mapping[str, tuple[Sequence[Row], Callable[[Row], float]]],
    calls: Callable[[Row], int],
    *,
    marker_size: float | None = None,
) -> None:
    """Draw lines by their names, each as its rows and what to show of a row."""
    for (name, (rows, value)), colour in zip(lines.items(), _COLOURS, strict=False):
        panel.plot(
            [calls(row) for row in rows],
            [value(row) for row in rows],
            "o-",
            color=colour,
            label=name,
            markersize=marker_size,
        )


def label_panel(panel: Axes, title: str, unit: str, *, target: float | None = None) -> None:
    """Give a panel its title, axes and legend, and a dotted line where the target is."""
    if target is not None:
        panel.axhline(target, linestyle=":", color=TARGET_COLOUR, label=f"target, {target:g} {unit}")
    panel.set_title(title)
    panel.set_xlabel("calls")
    panel.set_ylabel(unit)
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.3)
    panel.legend(fontsize="small")
