"""Cuts what was sent in a call into its turns, and these into what was sent while the machine was quiet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bench.common.frame_pacing import Stretch
from sandbox.voice import HeaderLog

_SILENCE_BETWEEN: Final = 5
"""A turn ends with so many silence frames. A hole of 0.1 s within a turn ends it too, and is not seen here: the player
counts such holes."""
_STEP: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances between frames of many turns, counted in steps of 0.1 ms."""

    counts: Counter[int]
    """How many had so many steps."""

    def percentile(self, percent: float) -> float:
        """The distance in seconds that `percent` of them do not exceed; 0 if there are none."""
        left = self.total * percent / 100
        for steps, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return steps * _STEP
        return 0.0

    def share(self, low: float, high: float) -> float:
        """Which part of them is from `low` to below `high` seconds."""
        inside = sum(count for steps, count in self.counts.items() if low <= steps * _STEP < high)
        return inside / max(self.total, 1)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.counts.total()

    @property
    def longest(self) -> float:
        """The longest, in seconds."""
        return max(self.counts, default=0) * _STEP

    @classmethod
    def of(cls, turns: Iterable[Stretch], busy_seconds: Set[int] = frozenset()) -> "Distances":
        """Those of some turns; `busy_seconds`, of `time.monotonic()`, are left out."""
        counts: Counter[int] = Counter()
        for turn in turns:
            for (early, first), (late, second) in pairwise(zip(turn.arrivals, turn.sequences, strict=True)):
                if (second - first) & 0xFFFF == 1 and not busy_seconds & {int(early), int(late)}:
                    counts[round((late - early) / _STEP)] += 1
        return cls(counts)

    @classmethod
    def sum_of(cls, parts: Iterable["Distances"]) -> "Distances":
        """Those of several measurements."""
        return cls(sum((part.counts for part in parts), Counter()))


def turns_in(log: HeaderLog, start: int) -> Iterator[Stretch]:
    """The turns from index `start` on, each from its first frame of speech to its last."""
    first = start
    silent = 0
    for place in range(start, len(log)):
        silent = silent + 1 if log.is_silence(place) else 0
        if silent == _SILENCE_BETWEEN:
            yield from _spoken(Stretch.of(log, first, place + 1))
            first = place + 1
    yield from _spoken(Stretch.of(log, first))


def _spoken(turn: Stretch) -> Iterator[Stretch]:
    if turn.arrivals:
        yield turn
