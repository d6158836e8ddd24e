"""Speech that was made before it is asked for, so that hundreds of requests at a time cost the machine little."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from sandbox.standins.mp3 import SAMPLE_RATE, Samples, encode_mp3

_STEP_SECONDS: Final = 0.1
_LONGEST_STEPS: Final = 200


class ReadyMadeSpeech:
    """The beginning of one long recording, for any text; whoever says the same length says the same."""

    def __init__(self, samples: Samples, characters_a_second: float) -> None:
        """`samples` are of `mp3.SAMPLE_RATE` and last as long as the longest text takes."""
        self._samples = samples
        self._characters_a_second = characters_a_second
        self._cut = lru_cache(maxsize=_LONGEST_STEPS)(self._make)

    def __call__(self, text: str, language: str) -> bytes:  # noqa: ARG002 - it sounds the same in all languages
        """The MP3 of a text, as long as it takes to say; made once for each length."""
        return self._cut(max(1, round(len(text) / self._characters_a_second / _STEP_SECONDS)))

    def _make(self, steps: int) -> bytes:
        return encode_mp3(self._samples[: int(steps * _STEP_SECONDS * SAMPLE_RATE)], SAMPLE_RATE)


def babble(seconds: float) -> Samples:
    """Something with the spectrum and the syllables of a voice."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = np.cumsum(130 + 25 * np.sin(2 * np.pi * 0.7 * time)) / SAMPLE_RATE
    voice = np.sum([np.sin(2 * np.pi * pitch * harmonic) / harmonic for harmonic in range(1, 25)], axis=0)
    breath = np.random.default_rng(0).normal(0, 0.15, len(time))
    samples: Samples = ((voice + breath) * (0.12 + 0.1 * np.sin(2 * np.pi * 4 * time))).astype(np.float32)
    return samples
