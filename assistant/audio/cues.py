"""Short sounds without words: soft, and each of them soon known by its tones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from av import AudioFrame

from assistant.audio.opus import CODED_RATE, OpusEncoder

_PEAK: Final = 0.06
"""Of full scale: about 12 dB softer than the speech."""
_TONE_SECONDS: Final = 0.11
_OVERLAP_SECONDS: Final = 0.03
"""A tone begins so long before the one before it has faded away."""
_LISTENING: Final = (523.25, 783.99)
"""Hertz, C5 and G5: it rises like a question."""
_HEARD: Final = (392.0,)
"""G4."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Each as frames of 20 ms, at most 0.25 s in all."""

    listening: Sequence[bytes]
    """"I listen": the name alone was said."""
    heard: Sequence[bytes]
    """"I have heard you", where an answer takes long."""


def make_cues() -> Cues:
    """Make them, once; it takes some milliseconds."""
    return Cues(listening=_encoded(_LISTENING), heard=_encoded(_HEARD))


def _encoded(pitches: Iterable[float]) -> tuple[bytes, ...]:
    """These tones one after the other, each swelling and fading (a raised cosine), so that nothing clicks."""
    length, step = round(_TONE_SECONDS * CODED_RATE), round((_TONE_SECONDS - _OVERLAP_SECONDS) * CODED_RATE)
    times = np.arange(length) / CODED_RATE
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    pitches = tuple(pitches)
    sound = np.zeros(length + step * (len(pitches) - 1))
    for number, pitch in enumerate(pitches):
        sound[number * step : number * step + length] += swell * np.sin(2 * np.pi * pitch * times)
    samples = np.rint(_PEAK * 32767 * sound).astype(np.int16)
    frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate = CODED_RATE
    encoder = OpusEncoder()
    return (*encoder.encode(frame), *encoder.finish())
