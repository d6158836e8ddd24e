"""Words that are recognized by their sound: which of them arrived is known exactly, whatever was lost between them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.standins.recognition.hosted_recognition import Recognize
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from tests.support.sent_packets import FRAME_SECONDS, RATE, encode_as_clients_do
from tests.support.spoken_words import spoken_words

WORDS: Final = (
    "harbour",
    "window",
    "seventeen",
    "orange",
    "bicycle",
    "mountain",
    "yesterday",
    "kitchen",
    "elephant",
    "paper",
    "umbrella",
    "thunder",
    "garden",
    "violin",
    "breakfast",
    "journey",
    "silver",
    "chocolate",
    "mirror",
    "library",
    "dolphin",
    "wedding",
    "pyramid",
    "goodbye",
)
"""What is said, in this order."""
_FRAME: Final = round(RATE * FRAME_SECONDS)
_AUDIBLE: Final = 0.01
_ALIKE: Final = 0.65
"""How alike a word and what was heard must be, from 0 to 1. Measured: 0.8 and more; another word by this voice, at most
0.56."""

_Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as somebody says it."""

    text: str
    """The word."""
    frames: Sequence[bytes]
    """Opus, without silence around it."""
    samples: _Samples
    """The same, RATE samples a second."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return len(self.frames) * FRAME_SECONDS


@cache
def words(count: int = len(WORDS)) -> tuple[Word, ...]:
    """The first WORDS, as they are said without a pause."""
    texts = WORDS[:count]
    sounds = [_trimmed(spoken_words(text)) for text in texts]
    frames = encode_as_clients_do(np.concatenate(sounds))
    spoken, begin = [], 0
    for text, sound in zip(texts, sounds, strict=True):
        count = len(sound) // _FRAME
        spoken.append(Word(text, frames[begin : begin + count], sound))
        begin += count
    return tuple(spoken)


def recognize_by_sound(expected: Iterable[Word]) -> Recognize:
    """Hears which of these words are in a turn, in their order."""
    known = tuple(expected)

    async def recognize(request: HostedRecognitionRequest) -> str:
        samples: _Samples = np.divide(np.frombuffer(request.pcm, "<i2"), 32_768, dtype=np.float32)
        return await asyncio.to_thread(_words_in, samples, known)

    return recognize


def likeness(samples: _Samples, word: Word) -> float:
    """How alike the most alike place is: the normalized cross-correlation, from 0 to 1."""
    length = len(word.samples)
    if len(samples) < length:
        return 0.0
    size = 1 << (len(samples) + length).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.conj(np.fft.rfft(word.samples, size))
    products = np.fft.irfft(spectrum, size)[: len(samples) - length + 1]
    powers = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    around = np.sqrt(np.maximum(powers[length:] - powers[:-length], 1e-6))
    return float(np.max(np.abs(products) / around) / np.linalg.norm(word.samples))


def _words_in(samples: _Samples, known: Sequence[Word]) -> str:
    return " ".join(word.text for word in known if likeness(samples, word) >= _ALIKE)


def _trimmed(samples: _Samples) -> _Samples:
    """Without silence at either end, and in whole frames."""
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    inner = samples[audible[0] : audible[-1] + 1]
    return np.pad(inner, (0, -len(inner) % _FRAME))
