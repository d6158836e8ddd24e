"""A recognizer that knows some recordings and nothing else: what it hears tells whose words came, and how many."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from tests.support.recorded_speech import Recording

_HEARD: Final = 0.3
"""The part of a recording's energy that has to be there for it to count as heard,"""
_ALIKE: Final = 0.5
"""and how much like it the sound has to be, from 0 to 1. Other people's words are under 0.2."""


class KnownRecordings:
    """Gives the texts of the recordings that are in a turn, in their order. For `HostedRecognition`."""

    def __init__(self, *known: Recording) -> None:
        """Learn these."""
        self._known = [(each, each.at_16_khz().astype(np.float64)) for each in known]
        self.parts: dict[str, float] = {}
        """How much of each recording was heard, by its name: of its energy, in the turn that had most of it."""

    def __call__(self, request: HostedRecognitionRequest) -> str:
        """What is heard in a request."""
        pcm = np.frombuffer(request.pcm, "<i2").astype(np.float64)
        found: list[tuple[int, Recording]] = []
        for recording, samples in self._known:
            at, part, likeness = _find(samples, pcm)
            if likeness >= _ALIKE and part >= _HEARD:
                self.parts[recording.name] = max(part, self.parts.get(recording.name, 0.0))
                found.append((at, recording))
        return _sentences([each for _, each in sorted(found, key=lambda each: each[0])])


def _find(samples: npt.NDArray[np.float64], pcm: npt.NDArray[np.float64]) -> tuple[int, float, float]:
    """Where in `pcm` the samples begin, how much of their energy is there, and how much like them it is."""
    size = 1 << (len(samples) + len(pcm)).bit_length()
    products = np.fft.irfft(np.fft.rfft(pcm, size) * np.conj(np.fft.rfft(samples, size)), size)
    best = int(np.argmax(products))
    at = best if best < size // 2 else best - size
    there = pcm[max(0, at) : max(0, at + len(samples))]
    energy, energy_there = float(np.dot(samples, samples)), float(np.dot(there, there))
    if not energy_there:
        return at, 0.0, 0.0
    return at, products[best] / energy, products[best] / np.sqrt(energy * energy_there)


def _sentences(heard: Sequence[Recording]) -> str:
    return " ".join(f"{each.text.capitalize()}." for each in heard)
