"""How soon an answer begins behind what was said."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.common.frame_pacing import percentile
from bench.hearing.figure import Figure, at_most


@dataclass(frozen=True, slots=True)
class AnswerDelay:
    """Of one turn of speech."""

    seconds: float | None
    """From the last frame with voice to the first sound behind it; None if nothing was heard."""
    is_early: bool
    """Whether something was heard before that frame."""

    @classmethod
    def of(cls, sounding: Sequence[float], last_voice: float) -> "AnswerDelay":
        """From the times at which something sounded, and that of the last frame with voice."""
        first = next((at for at in sounding if at > last_voice), None)
        return cls(None if first is None else first - last_voice, any(at <= last_voice for at in sounding))


def delay_figures(
    name: str, delays: Sequence[AnswerDelay], median: float | None = None, most: float | None = None
) -> list[Figure]:
    """Median and 95th percentile, with what is wanted of them, of the turns that were answered behind their end."""
    seconds = sorted(each.seconds for each in delays if each.seconds is not None and not each.is_early)
    limits = {50: median, 95: most}
    figures = []
    for percent, limit in limits.items():
        value = percentile(seconds, percent) if seconds else math.inf
        label = f"last voice to first sound, {name}, p{percent}"
        figures.append(Figure(label, f"{value:.2f} s") if limit is None else at_most(label, value, limit, "s"))
    early, unanswered = sum(each.is_early for each in delays), sum(each.seconds is None for each in delays)
    figures.append(
        Figure(
            f"turns of {name}: all, answered before their end, not answered", f"{len(delays)}, {early}, {unanswered}"
        )
    )
    return figures
