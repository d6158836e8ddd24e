"""The forms in which hosted speech sends its sound."""

from __future__ import annotations

import struct
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


def encode_wav(samples: Samples, sample_rate: int) -> bytes:
    """The same with a header whose sizes say that they are not known: it was written before the first sample."""
    unknown = 0xFFFF_FFFF
    form = 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * _SAMPLE_BYTES, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", unknown, b"WAVE", b"fmt ", *form, b"data", unknown)
    return header + encode_pcm(samples, sample_rate)


FORMATS: Final[Mapping[str, AudioFormat]] = {
    "mp3": AudioFormat("audio/mpeg", BIT_RATE // 8, encode_mp3),
    "wav": AudioFormat("audio/wav", SAMPLE_RATE * _SAMPLE_BYTES, encode_wav),
    "pcm": AudioFormat("audio/pcm", SAMPLE_RATE * _SAMPLE_BYTES, encode_pcm),
}
"""The forms that are implemented, by their names."""
