"""How soon first answers are heard, as a picture."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.common.chart_panel import TARGET_COLOUR
from bench.first_audio.first_sound import FirstSound

_FIRST_SOUND_TARGETS: Final = (0.95, 1.15)
"""The median and the 95th percentile, in seconds."""
_OWN_TARGETS_MS: Final = (30.0, 60.0)


def plot_answers(sounds: Sequence[FirstSound], path: Path) -> None:
    """Draw how many answers were heard within which time; the file's suffix, .svg or .png, gives the format."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    first, own = figure.subplots(1, 2)
    _draw(
        first,
        sounds,
        {"first sound": lambda sound: sound.seconds, "model and speech service": lambda sound: sound.floor},
        _FIRST_SOUND_TARGETS,
    )
    first.set_title("From the question to the first sound")
    first.set_xlabel("s")
    _draw(
        own,
        sounds,
        {
            "own share": lambda sound: sound.own * 1e3,
            "of it, until the end of the piece is sure": lambda sound: sound.until_sure * 1e3,
        },
        _OWN_TARGETS_MS,
    )
    own.set_title("The bot's share of it")
    own.set_xlabel("ms")
    figure.savefig(path)


def _draw(
    panel: Axes,
    sounds: Sequence[FirstSound],
    lines: Mapping[str, Callable[[FirstSound], float]],
    targets: tuple[float, float],
) -> None:
    for name, value in lines.items():
        panel.ecdf([value(sound) for sound in sounds], label=name)
    panel.plot(targets, (0.5, 0.95), "x", color=TARGET_COLOUR, label="targets of p50 and p95")
    panel.set_ylabel("part of the answers")
    panel.grid(alpha=0.3)
    panel.legend(fontsize="small")
