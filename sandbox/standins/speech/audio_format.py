"""The forms in which hosted speech sends its sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.standins.mp3 import BIT_RATE, SAMPLE_RATE, Samples, encode_mp3, resampled

_SAMPLE_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One value of `response_format`."""

    content_type: str
    """The content type of an answer in this form."""
    bytes_per_second: int
    """How many bytes hold a second of sound."""
    encode: Callable[[Samples, int], bytes]
    """Turns samples, of which so many make a second, into bytes. It takes CPU time: call it in a thread."""


def encode_pcm(samples: Samples, sample_rate: int) -> bytes:
    """Encode `samples` of `sample_rate` Hz as OpenAI's `pcm`: 24 kHz, mono, 16 bits, little-endian, no header."""
    frames = resampled(samples, sample_rate, "s16")
    return b"".join(frame.to_ndarray().astype("<i2").tobytes() for frame in frames)


FORMATS: Final[Mapping[str, AudioFormat]] = {
    "mp3": AudioFormat("audio/mpeg", BIT_RATE // 8, encode_mp3),
    "pcm": AudioFormat("audio/pcm", SAMPLE_RATE * _SAMPLE_BYTES, encode_pcm),
}
"""The forms that are implemented, by their names."""
