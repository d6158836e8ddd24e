"""A conversation as a picture."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.pitch_coded_audio import FRAME_SECONDS
from bench.conversation.timeline_trial import Span, Timeline

_WIDTH: Final = 14.0
_ROW: Final = 0.75
"""Inches."""
_BAR: Final = 0.5
_LONGEST: Final = 28
"""Characters of a text that have room."""
_MEMBERS: Final = "#1b6ca8"
_SERVICES: Final = "#edae49"
_ASSISTANT: Final = "#2e933c"


def plot_timeline(timeline: Timeline, path: Path) -> None:
    """Draw it into a file; its suffix, .svg or .png, gives the format."""
    rows = [*timeline.spoken, "chat", "model", "speech", "Molly"]
    figure = Figure(figsize=(_WIDTH, _ROW * len(rows) + 0.8), layout="constrained")
    panel = figure.subplots()
    for row, (_, spans) in enumerate(timeline.spoken.items()):
        _draw_spans(panel, row, spans, _MEMBERS)
    place = len(timeline.spoken)
    for number, (at, text) in enumerate(timeline.written):
        panel.plot([at], [place], "|", color=_ASSISTANT, markersize=12)
        _label(panel, at, number, place, text.removeprefix("🗣️ "))
    _draw_spans(panel, place + 1, timeline.model, _SERVICES)
    _draw_spans(panel, place + 2, timeline.speech, _SERVICES, are_named=False)
    _draw_levels(panel, place + 3, timeline.levels)
    panel.set_yticks(range(len(rows)), rows)
    panel.set_ylim(len(rows) - 0.4, -0.7)
    panel.set_xlim(left=0)
    panel.set_xlabel("seconds")
    panel.xaxis.grid(alpha=0.3)
    figure.savefig(path)


def _draw_spans(panel: Axes, row: int, spans: Sequence[Span], color: str, *, are_named: bool = True) -> None:
    for number, span in enumerate(spans):
        panel.barh(
            row,
            max(span.end - span.begin, FRAME_SECONDS),
            _BAR,
            left=span.begin,
            color=color,
            alpha=0.7,
            linewidth=0.5,
            edgecolor="white",
        )
        if are_named:
            _label(panel, span.begin, number, row, span.text)


def _label(panel: Axes, at: float, number: int, row: int, text: str) -> None:
    """Write it beside what is there from `at` on; by turns above and below."""
    place = row + (-0.34 if number % 2 == 0 else 0.4)
    panel.text(at, place, shorten(text, _LONGEST, placeholder=" …"), fontsize="x-small", verticalalignment="center")


def _draw_levels(panel: Axes, row: int, levels: Sequence[tuple[float, float]]) -> None:
    """How loud it was, as the height of a band."""
    if not levels:
        return
    heights = np.zeros(round(levels[-1][0] / FRAME_SECONDS) + 3)
    for at, level in levels:
        first = round(at / FRAME_SECONDS)
        heights[first : first + 2] = level  # a frame comes a little early or late
    heights *= _BAR / 2 / heights.max()
    times = np.arange(len(heights)) * FRAME_SECONDS
    panel.fill_between(times, row - heights, row + heights, step="post", color=_ASSISTANT, linewidth=0)
