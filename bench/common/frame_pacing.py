"""How evenly frames arrive."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sandbox.voice import HeaderLog

HOLE_SECONDS: Final = 0.04
"""A longer distance between two frames can be heard."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The frames of one answer as they arrived, from the first frame of speech to the last."""

    arrivals: Sequence[float]
    """When each packet came, in seconds of `time.monotonic()`; silence inside the answer is included."""
    sequences: Sequence[int]
    """The packets' numbers, 16 bits."""

    @classmethod
    def of(cls, log: HeaderLog, start: int, stop: int | None = None) -> "Stretch":
        """The packets of a call from index `start` to before `stop`, without silence at either end."""
        places = range(*slice(start, stop).indices(len(log)))
        speech = [place for place in places if not log.is_silence(place)]
        inner = slice(speech[0], speech[-1] + 1) if speech else slice(0, 0)
        return cls(log.arrivals[inner], log.sequences[inner])

    @property
    def distances(self) -> list[float]:
        """Seconds between packets sent one after the other. Around a lost one, the distance is not known."""
        numbered = pairwise(zip(self.arrivals, self.sequences, strict=True))
        return [late - early for (early, first), (late, second) in numbered if (second - first) & 0xFFFF == 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The distances between the frames of many answers, in seconds; 0 where there are none."""

    frames: int
    """How many frames arrived."""
    p50: float
    """The median distance."""
    p99: float
    """The 99th percentile of the distances."""
    longest: float
    """The longest distance."""
    holes: int
    """Distances above `HOLE_SECONDS`."""
    first: float
    """The longest distance between the first two frames of an answer."""
    lost: int
    """Packets that did not arrive: their numbers are missing."""


def pacing_of(stretches: Iterable[Stretch]) -> Pacing:
    """Sum up the answers of many calls."""
    answers = [stretch for stretch in stretches if stretch.arrivals]
    distances = sorted(distance for answer in answers for distance in answer.distances)
    frames = sum(len(answer.arrivals) for answer in answers)
    sent = sum(((answer.sequences[-1] - answer.sequences[0]) & 0xFFFF) + 1 for answer in answers)
    return Pacing(
        frames=frames,
        p50=percentile(distances, 50),
        p99=percentile(distances, 99),
        longest=max(distances, default=0.0),
        holes=sum(distance > HOLE_SECONDS for distance in distances),
        first=max((answer.distances[0] for answer in answers if answer.distances), default=0.0),
        lost=sent - frames,
    )


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of the ascending values do not exceed; 0 when there are none."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def passes(limit: float, by_calls: Sequence[tuple[int, Pacing]]) -> str:
    """Say in words between which numbers of calls, in ascending order, the p99 first exceeds `limit` seconds."""
    kept = 0
    for calls, pacing in by_calls:
        if pacing.p99 > limit:
            return f"between {kept} and {calls} calls" if kept else f"already with {_calls(calls)}"
        kept = calls
    return f"not with {_calls(kept)}"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"
