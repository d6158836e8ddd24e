"""What a member heard: the silences, and which frames of an answer were lost or heard twice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import ANSWERS, FRAME_SECONDS, Answer, steps_of
from sandbox.voice import HeardFrame

_EDGE: Final = 4
"""Steps at either end of an answer that are not counted, because codecs blur them."""
_STEADY_FRAMES: Final = 5
_STEADY_STEPS: Final = 0.25


@dataclass(frozen=True)
class HeardAudio:
    """The frames of one call as they arrived, each with its step on the scale of pitches."""

    arrivals: Sequence[float]
    """When each came, in seconds of `time.monotonic()`."""
    steps: Sequence[int]
    """The step of each."""

    @classmethod
    def of(cls, frames: Iterable[HeardFrame]) -> "HeardAudio":
        """Decode frames of speech and find their steps; this takes CPU time."""
        speech = sorted(frames, key=lambda frame: frame.arrival)
        measured = steps_of([frame.opus for frame in speech])
        audible = [(frame.arrival, step) for frame, step in zip(speech, measured, strict=True) if step is not None]
        return cls([arrival for arrival, _ in audible], _whole_steps([step for _, step in audible]))

    def was_spoken(self, answer: Answer) -> bool:
        """Whether more than half of an answer and its end were heard."""
        heard = self._counts.keys() & set(inner(answer))
        return len(heard) > answer.steps / 2 and max(heard) >= inner(answer)[-1] - 1

    def lost(self, answer: Answer) -> int:
        """How many frames of an answer were never heard."""
        return sum(step not in self._counts for step in inner(answer))

    def begins(self, answer: Answer) -> float | None:
        """When an answer was first heard, in seconds of `time.monotonic()`; None if it was not."""
        times = (arrival for arrival, step in zip(self.arrivals, self.steps, strict=True) if step in inner(answer))
        return next(times, None)

    @property
    def doubled(self) -> int:
        """How many frames were heard again."""
        return sum(self._counts[step] - 1 for answer in ANSWERS for step in inner(answer) if step in self._counts)

    @property
    def silence(self) -> float | None:
        """The longest silence inside an answer, in seconds; None when no sound followed it."""
        pauses = [
            later - earlier - FRAME_SECONDS
            for earlier, later, step in zip(self.arrivals, self.arrivals[1:], self.steps, strict=False)
            if not _is_end(step)
        ]
        if not self.steps or not _is_end(self.steps[-1]):
            return None
        return max(0.0, *pauses)

    @cached_property
    def _counts(self) -> Counter[int]:
        return Counter(self.steps)


def inner(answer: Answer) -> range:
    """The steps of an answer that are counted."""
    return range(answer.first_step + _EDGE, answer.first_step + answer.steps - _EDGE)


def _whole_steps(measured: Sequence[float]) -> list[int]:
    """Whole steps from measured ones.

    After a jump, a decoder needs some frames to settle, and their pitch is wrong. Frames in a row are neighbours on
    the scale, so such a frame belongs to the steady ones after it.
    """
    offsets = np.array(measured) - np.arange(len(measured))
    steady = _steady(offsets)
    if not steady.any():
        return [round(step) for step in measured]
    # All frames are off by the same fraction of a step: the codecs' delay.
    fraction = np.angle(np.mean(np.exp(2j * np.pi * offsets[steady]))) / (2 * np.pi)
    whole = np.round(offsets - fraction).astype(int)
    steps = [0] * len(measured)
    offset = whole[np.flatnonzero(steady)[-1]]
    for index in reversed(range(len(measured))):
        if steady[index]:
            offset = whole[index]
        steps[index] = index + int(offset)
    return steps


def _steady(offsets: np.ndarray) -> np.ndarray:
    """Which frames are part of a run in which each is one step higher than the one before."""
    steady = np.zeros(len(offsets), dtype=bool)
    for start in range(len(offsets) - _STEADY_FRAMES + 1):
        piece = slice(start, start + _STEADY_FRAMES)
        if np.ptp(offsets[piece]) < _STEADY_STEPS:
            steady[piece] = True
    return steady


def _is_end(step: int) -> bool:
    return not any(step < inner(answer)[-1] and answer.holds(step) for answer in ANSWERS)
