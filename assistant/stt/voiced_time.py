"""How much of a turn's sound may be a voice, by its level alone: what is far too little for a text is no voice."""

import math
from dataclasses import dataclass
from typing import Final, Self

RATE: Final = 16_000
"""Samples per second of a turn's sound: signed 16 bits, little-endian, one channel."""
_FRAME: Final = RATE // 50
_SILENT: Final = 10 ** (-54 / 20) * 32_768
"""Peaks below -54 dBFS are silence. A whisper, 20 dB softer than speech, has most of its peaks above that."""
_ABOVE_NOISE: Final = 10 ** (6 / 20)
"""A voice rises and falls: it is louder than the background by at least this factor, 6 dB. Hiss and hum are not."""
_BACKGROUND: Final = 0.1
"""The part of the frames whose level is the background's."""


@dataclass(frozen=True, slots=True)
class VoicedTime:
    """How long the parts of a turn are, in seconds."""

    sound: float
    """What is no silence."""
    voiced: float
    """What stands out from silence and from a steady background, too: at most this holds a voice."""

    @classmethod
    def of(cls, pcm: bytes) -> Self:
        """Measure a turn's sound."""
        peaks = _peaks(pcm)
        if not peaks:
            return cls(0.0, 0.0)
        background = sorted(peaks)[math.floor(len(peaks) * _BACKGROUND)]
        threshold = max(_SILENT, background * _ABOVE_NOISE)
        seconds = _FRAME / RATE
        return cls(sum(peak >= _SILENT for peak in peaks) * seconds, sum(peak >= threshold for peak in peaks) * seconds)


def _peaks(pcm: bytes) -> list[int]:
    """The largest sample of each 20 ms."""
    # Imported here: a bot that hears nobody saves NumPy's 10 MB. Who is heard has loaded it.
    import numpy as np  # noqa: PLC0415

    samples = np.abs(np.frombuffer(pcm, "<i2", len(pcm) // 2).astype(np.int32))
    padded = np.pad(samples, (0, -len(samples) % _FRAME))
    peaks: list[int] = padded.reshape(-1, _FRAME).max(axis=1).tolist()
    return peaks
