"""Measurements as pictures: small panels against the number of calls, with a dotted line where a goal is."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from bench.playout.__main__ import Playout
    from bench.scale.scale_row import Scale

_MEGABYTE: Final = 1024 * 1024
_PACING_GOAL_MS: Final = 25.0
_CPU_GOAL_PERCENT: Final = 2.0
_LAG_GOAL_MS: Final = 50.0
_COLOURS: Final = ("#1b6ca8", "#d1495b", "#2e933c", "#edae49")
_GOAL: Final = "#555555"


def plot_playout(rows: "Sequence[Playout]", path: Path) -> None:
    """Draw both players; the file's suffix, .svg or .png, says in which form."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    pacing, longest, cpu = figure.subplots(1, 3)
    clock, threads = ([row for row in rows if row.player == player] for player in ("clock", "threads"))
    players = {"one frame clock": clock, "py-cord, a thread a call": threads}

    def lines(axes: Axes, value: "Callable[[Playout], float]") -> None:
        for (name, its), colour in zip(players.items(), _COLOURS, strict=False):
            axes.plot([row.calls for row in its], [value(row) for row in its], "o-", color=colour, label=name)

    lines(pacing, lambda row: row.pacing.p99 * 1e3)
    _dress(pacing, "Distance of frames, p99", "ms", goal=_PACING_GOAL_MS)
    lines(longest, lambda row: row.pacing.first * 1e3)
    _dress(longest, "First distance of an utterance, longest", "ms", goal=40.0)
    lines(cpu, lambda row: row.cores_a_call * 100)
    _dress(cpu, "CPU of one speaking call", "% of a core")
    figure.savefig(path)


def plot_scale(rows: "Sequence[Scale]", path: Path) -> None:
    """Draw the assistant with more and more calls; the file's suffix, .svg or .png, says in which form."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    (cpu, memory, pacing), (audio, lag, load) = figure.subplots(2, 3)
    _lines(
        cpu,
        rows,
        {
            "idle": lambda row: row.idle_cores / row.calls * 100,
            "speaking, frames made before": lambda row: row.same.cores_a_call * 100,
            "speaking, fresh speech": lambda row: row.fresh.cores_a_call * 100,
        },
    )
    _dress(cpu, "CPU of one call", "% of a core", goal=_CPU_GOAL_PERCENT)
    _lines(
        memory,
        rows,
        {
            "calls begun": lambda row: row.resident_bytes / _MEGABYTE,
            "after turns": lambda row: row.fresh.resident_bytes / _MEGABYTE,
        },
    )
    first = rows[0]
    budget = [first.resident_bytes / _MEGABYTE + row.calls - first.calls for row in rows]
    memory.plot([row.calls for row in rows], budget, ":", color=_GOAL, label="goal, 1 MB a call")
    _dress(memory, "Resident memory of the bot", "MB")
    _lines(
        pacing,
        rows,
        {
            "p99, frames made before": lambda row: row.same.pacing.p99 * 1e3,
            "p99, fresh speech": lambda row: row.fresh.pacing.p99 * 1e3,
            "p50, fresh speech": lambda row: row.fresh.pacing.p50 * 1e3,
        },
    )
    _dress(pacing, "Distance of frames", "ms", goal=_PACING_GOAL_MS)
    _lines(
        audio,
        rows,
        {
            "p50, frames made before": lambda row: row.same.first_audio_p50,
            "p95, frames made before": lambda row: row.same.first_audio_p95,
            "p50, fresh speech": lambda row: row.fresh.first_audio_p50,
            "p95, fresh speech": lambda row: row.fresh.first_audio_p95,
        },
    )
    _dress(audio, "First audio", "s")
    _lines(
        lag,
        rows,
        {
            "max, frames made before": lambda row: row.same.lag.max * 1e3 if row.same.lag else 0.0,
            "max, fresh speech": lambda row: row.fresh.lag.max * 1e3 if row.fresh.lag else 0.0,
            "p99, fresh speech": lambda row: row.fresh.lag.p99 * 1e3 if row.fresh.lag else 0.0,
        },
    )
    _dress(lag, "Event loop lag", "ms", goal=_LAG_GOAL_MS)
    _lines(
        load,
        rows,
        {
            "bot, frames made before": lambda row: row.same.cores,
            "bot, fresh speech": lambda row: row.fresh.cores,
            "Discord, model and Google": lambda row: row.fresh.listener_cores,
        },
    )
    _dress(load, "Busy cores", "cores")
    figure.savefig(path)


def _lines(axes: Axes, rows: "Sequence[Scale]", lines: "Mapping[str, Callable[[Scale], float]]") -> None:
    calls = [row.calls for row in rows]
    for (name, value), colour in zip(lines.items(), _COLOURS, strict=False):
        axes.plot(calls, [value(row) for row in rows], "o-", color=colour, label=name, markersize=4)


def _dress(axes: Axes, title: str, unit: str, *, goal: float | None = None) -> None:
    if goal is not None:
        axes.axhline(goal, linestyle=":", color=_GOAL, label=f"goal, {goal:g} {unit}")
    axes.set_title(title)
    axes.set_xlabel("calls")
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
