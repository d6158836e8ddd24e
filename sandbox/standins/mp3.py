"""MP3 in the form Google Translate sends: 24 kHz, mono, 64 kbit/s, bare frames without tags."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

SAMPLE_RATE: Final = 24_000
"""Samples a second."""
BIT_RATE: Final = 64_000
"""Bits a second."""

Samples = npt.NDArray[np.float32] | npt.NDArray[np.int16]
"""One channel: shape (n,), floats from -1 to 1 or 16-bit integers."""


def encode_mp3(samples: Samples, sample_rate: int) -> bytes:
    """Encode `samples` of `sample_rate` Hz. It takes CPU time: call it in a thread."""
    encoder = av.CodecContext.create("libmp3lame", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = SAMPLE_RATE, "mono", "s16p"
    encoder.bit_rate = BIT_RATE
    encoder.open()
    frames = resampled(samples, sample_rate, "s16p", encoder.frame_size)
    packets = [packet for piece in frames for packet in encoder.encode(piece)] + encoder.encode(None)
    return b"".join(bytes(packet) for packet in packets)


def resampled(samples: Samples, sample_rate: int, form: str, frame_size: int | None = None) -> list[AudioFrame]:
    """`samples` of `sample_rate` Hz as frames of `SAMPLE_RATE` Hz.

    `form` is FFmpeg's name of what a sample is; all frames but the last have `frame_size` samples, or what comes.
    """
    resampler = AudioResampler(format=form, layout="mono", rate=SAMPLE_RATE, frame_size=frame_size)
    frame = AudioFrame.from_ndarray(_as_int16(samples)[np.newaxis, :], format="s16p", layout="mono")
    frame.sample_rate = sample_rate
    return [*resampler.resample(frame), *resampler.resample(None)]


def _as_int16(samples: Samples) -> npt.NDArray[np.int16]:
    if samples.dtype.kind == "i":
        return samples.astype(np.int16)
    scaled: npt.NDArray[np.float32] = np.multiply(np.clip(samples, -1.0, 1.0), 32767.0, dtype=np.float32)
    return scaled.astype(np.int16)
