"""What a member heard: how long nothing, which 20 ms of an answer never, which twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import ANSWERS, FRAME_SECONDS, Answer, places_of
from sandbox.voice import HeardFrame

_EDGE: Final = 4
"""Places at either end of an answer that are not counted: codecs blur them."""
_STEADY_FRAMES: Final = 5
_STEADY_PLACES: Final = 0.25


@dataclass(frozen=True)
class Hearing:
    """The frames of one call in the order in which they arrived, each known by its place on the scale of pitches."""

    arrivals: Sequence[float]
    """When each came, in seconds of `time.monotonic()`."""
    places: Sequence[int]
    """Where each lies on the scale."""

    @classmethod
    def of(cls, frames: Iterable[HeardFrame]) -> "Hearing":
        """Listen to the frames of speech; it takes some CPU time."""
        speech = sorted(frames, key=lambda frame: frame.arrival)
        measured = places_of([frame.opus for frame in speech])
        audible = [(frame.arrival, place) for frame, place in zip(speech, measured, strict=True) if place is not None]
        return cls([arrival for arrival, _ in audible], settled([place for _, place in audible]))

    def was_spoken(self, answer: Answer) -> bool:
        """Whether more than half of an answer was heard, and its end."""
        heard = self._counts.keys() & set(inner(answer))
        return len(heard) > answer.places / 2 and max(heard) >= inner(answer)[-1] - 1

    def lost(self, answer: Answer) -> int:
        """How many frames of an answer were never heard."""
        return sum(place not in self._counts for place in inner(answer))

    def begins(self, answer: Answer) -> float | None:
        """When an answer was first heard, in seconds of `time.monotonic()`; None if it was not."""
        times = (arrival for arrival, place in zip(self.arrivals, self.places, strict=True) if place in inner(answer))
        return next(times, None)

    @property
    def doubled(self) -> int:
        """How many frames were heard again."""
        return sum(self._counts[place] - 1 for answer in ANSWERS for place in inner(answer) if place in self._counts)

    @property
    def silence(self) -> float | None:
        """The longest silence that broke into an answer, in seconds; None when no sound ever followed it."""
        pauses = [
            later - earlier - FRAME_SECONDS
            for earlier, later, place in zip(self.arrivals, self.arrivals[1:], self.places, strict=False)
            if not _is_end(place)
        ]
        if not self.places or not _is_end(self.places[-1]):
            return None
        return max(0.0, *pauses)

    @cached_property
    def _counts(self) -> Counter[int]:
        return Counter(self.places)


def inner(answer: Answer) -> range:
    """The places of an answer that are counted."""
    return range(answer.first_place + _EDGE, answer.first_place + answer.places - _EDGE)


def settled(measured: Sequence[float]) -> list[int]:
    """Whole places from measured ones.

    After a jump a decoder takes some frames to swing in, and what it measures there is wrong; but frames that
    follow each other are neighbours on the scale, so such a frame belongs to the steady ones after it.
    """
    offsets = np.array(measured) - np.arange(len(measured))
    steady = _steady(offsets)
    if not steady.any():
        return [round(place) for place in measured]
    # All frames lie between two whole places by the same fraction, which is the codecs' delay.
    fraction = np.angle(np.mean(np.exp(2j * np.pi * offsets[steady]))) / (2 * np.pi)
    whole = np.round(offsets - fraction).astype(int)
    places = [0] * len(measured)
    offset = whole[np.flatnonzero(steady)[-1]]
    for index in reversed(range(len(measured))):
        if steady[index]:
            offset = whole[index]
        places[index] = index + int(offset)
    return places


def _steady(offsets: np.ndarray) -> np.ndarray:
    """Which frames are part of some that rise by one place each."""
    steady = np.zeros(len(offsets), dtype=bool)
    for start in range(len(offsets) - _STEADY_FRAMES + 1):
        piece = slice(start, start + _STEADY_FRAMES)
        if np.ptp(offsets[piece]) < _STEADY_PLACES:
            steady[piece] = True
    return steady


def _is_end(place: int) -> bool:
    return not any(place < inner(answer)[-1] and answer.holds(place) for answer in ANSWERS)
