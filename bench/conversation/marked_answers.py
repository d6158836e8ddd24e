"""Answers each of which has a word and a pitch of its own: it is known which was written, and which was heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import tones_of
from sandbox.standins.mp3 import Samples
from sandbox.voice import HeardFrame

_WORDS: Final = (
    *("apple", "bridge", "castle", "dragon", "engine", "forest", "garden", "hammer", "island", "jungle"),
    *("kitchen", "ladder", "mirror", "needle", "orange", "pencil", "rabbit", "saddle", "tunnel", "violin"),
)
_RATE: Final = 24_000
_CHARACTERS_A_SECOND: Final = 15.0
_STEPS: Final = 10
"""Between two answers, on the scale of `pitch_coded_audio`."""
_LOWEST_HERTZ: Final = 400.0
_HERTZ_PER_STEP: Final = 8.0
_TOLERANCE: Final = 0.5
"""Steps by which a pitch may be off."""
_SHORTEST_RUN: Final = 5
"""Frames of one pitch that are no accident."""


@dataclass(frozen=True, slots=True)
class MarkedAnswers:
    """What the model answers: to each text its own."""

    asked: list[str] = field(default_factory=list)
    """The texts, in the order in which they first came."""

    def answer(self, text: str) -> str:
        """The answer to a text."""
        if text not in self.asked:
            self.asked.append(text)
        return f"I think that it is the {_WORDS[self.asked.index(text) % len(_WORDS)]}."

    def text_of(self, number: int) -> str:
        """What the last answer with that number answers."""
        return self.asked[number + (len(self.asked) - 1 - number) // len(_WORDS) * len(_WORDS)]


def marked_voice(text: str, _: str) -> tuple[Samples, int]:
    """Speaks an answer, at its pitch."""
    at = np.arange(round(len(text) / _CHARACTERS_A_SECOND * _RATE)) / _RATE
    hertz = _LOWEST_HERTZ + _HERTZ_PER_STEP * _STEPS * numbers_in(text)[0]
    return (0.3 * np.sin(2 * np.pi * hertz * at)).astype(np.float32), _RATE


def numbers_in(text: str) -> list[int]:
    """The numbers of the answers that are in a text."""
    places = sorted((text.find(f"it is the {word}"), number) for number, word in enumerate(_WORDS))
    return [number for place, number in places if place >= 0]


def numbers_heard(frames: Sequence[HeardFrame]) -> list[int]:
    """The numbers of the answers that were heard, in order; one that is interrupted by another comes twice."""
    steps = (tone.step for tone in tones_of([frame.opus for frame in frames]))
    nearest = [round(step / _STEPS) if _is_exact(step) else -1 for step in steps if step is not None]
    runs = [(number, len(list(run))) for number, run in groupby(nearest)]
    heard = [number for number, length in runs if length >= _SHORTEST_RUN and 0 <= number < len(_WORDS)]
    return [number for number, _ in groupby(heard)]


def _is_exact(step: float) -> bool:
    """Whether it is an answer's pitch, and no other sound's."""
    return abs(step - round(step / _STEPS) * _STEPS) < _TOLERANCE
