"""An answer that takes a minute, each 20 ms of it with a pitch of its own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import FRAME_SECONDS, tones_of
from sandbox.standins.mp3 import Samples
from sandbox.voice import HeardFrame

_RATE: Final = 24_000
_STEPS: Final = 100
"""Of a sentence: 2 s."""
_LOWEST_HERTZ: Final = 400.0
_HERTZ_PER_STEP: Final = 8.0
"""See `pitch_coded_audio`."""
_BLURRED: Final = 4
"""Steps at either end of a sentence that codecs blur."""
_SETTLING: Final = 10
"""Frames that a decoder needs where it begins in the middle."""
_STEADY: Final = 5
"""Frames in a row, each one step higher than the one before, whose pitch is right."""
_TOWNS: Final = ("Leeds", "Paris", "Turin", "Delhi", "Osaka", "Lagos", "Quito", "Tunis", "Accra", "Miami")
_SENTENCES: Final = [
    "Right.",  # so short that it is spoken in one piece, as all behind it are
    *(
        f"The {'right' if number % 2 else 'left'} {way} to {town} is very long."
        for number, (way, town) in enumerate((way, town) for way in ("road", "lane", "path") for town in _TOWNS)
    ),
]
LONG_ANSWER: Final = " ".join(_SENTENCES)
SECONDS: Final = len(_SENTENCES) * _STEPS * FRAME_SECONDS
"""How long the answer is."""


def long_voice(text: str, _: str) -> tuple[Samples, int]:
    """Every sentence lasts as long; those with "right" are half a step higher, so that neighbours differ."""
    at = np.arange(round(_STEPS * FRAME_SECONDS * _RATE)) / _RATE
    pitch = _LOWEST_HERTZ + _HERTZ_PER_STEP * (at / FRAME_SECONDS + (0.5 if "right" in text.lower() else 0.0))
    return (0.3 * np.sin(2 * np.pi * np.cumsum(pitch) / _RATE)).astype(np.float32), _RATE


@dataclass(frozen=True, slots=True)
class HeardPiece:
    """20 ms of it, as it was heard."""

    arrival: float
    """When, in seconds of `time.monotonic()`."""
    level: float
    """How loud: the root mean square."""
    half_step: int
    """Which part of a sentence, twice: odd in those of a right way."""

    @property
    def is_clear(self) -> bool:
        """Whether it is no end of a sentence."""
        return _BLURRED <= self.half_step // 2 < _STEPS - _BLURRED


def pieces_of(frames: Sequence[HeardFrame]) -> list[HeardPiece]:
    """Those of these frames in which something is heard, without the first few. This takes CPU time."""
    tones = tones_of([frame.opus for frame in frames])[_SETTLING:]
    audible = [
        (frame.arrival, tone.level, 2 * tone.step)
        for frame, tone in zip(frames[_SETTLING:], tones, strict=True)
        if tone.step is not None
    ]
    offset = _offset_of([half_steps for _, _, half_steps in audible])
    return _settled([HeardPiece(at, level, round(half_steps - offset)) for at, level, half_steps in audible])


def lost_and_doubled(pieces: Sequence[HeardPiece]) -> tuple[int, int]:
    """How many parts between the first and the last piece were not heard, and how many more than once."""
    places = Counter(_places(pieces))
    if not places:
        return 0, 0
    clear = (place for place in range(min(places), max(places) + 1) if _BLURRED <= place % _STEPS < _STEPS - _BLURRED)
    return sum(place not in places for place in clear), sum(count - 1 for count in places.values())


def _offset_of(half_steps: Sequence[float]) -> float:
    """What all have beyond whole half steps, from -0.5 to 0.5: codecs delay a sound by a part of a frame."""
    return float(np.angle(np.exp(2j * np.pi * np.asarray(half_steps)).sum()) / (2 * np.pi))


def _settled(pieces: Sequence[HeardPiece]) -> list[HeardPiece]:
    """After a jump a decoder's first frames have a wrong pitch: they are what comes before the right ones."""
    settled = list(pieces)
    offsets = [piece.half_step - 2 * index for index, piece in enumerate(pieces)]
    steady = [len(run) >= _STEADY for run in (list(group) for _, group in groupby(offsets)) for _ in run]
    for index in reversed(range(len(pieces) - 1)):
        if not steady[index]:
            settled[index] = replace(pieces[index], half_step=settled[index + 1].half_step - 2)
    return settled


def _places(pieces: Sequence[HeardPiece]) -> Iterator[int]:
    """Where each clear one is, counted from the beginning of the first sentence."""
    clear = [each.half_step for each in pieces if each.is_clear]
    sentence, is_right = 0, bool(clear and clear[0] % 2)
    for half_step in clear:
        sentence += (half_step % 2 == 1) is not is_right
        is_right = half_step % 2 == 1
        yield sentence * _STEPS + half_step // 2
