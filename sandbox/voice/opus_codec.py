"""Opus as Discord's clients make and play it: 48 kHz, mono, frames of 20 ms."""

from collections.abc import Iterable
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

SAMPLE_RATE: Final = 48_000
FRAME_SAMPLES: Final = 960
"""20 ms."""
FRAME_SECONDS: Final = 0.02

Samples = npt.NDArray[np.int16]
"""Sound: one channel of 48,000 samples a second, shape (n,)."""

_SAMPLE_BYTES: Final = 2
_BIT_RATE: Final = 64_000
"""What a voice channel has unless its owner chooses another."""
_OPTIONS: Final = {"application": "voip", "frame_duration": "20", "fec": "1", "packet_loss": "10"}


class OpusEncoder:
    """libopus, set as WebRTC sets it for a voice: each frame carries a coarse copy of the one before (in-band FEC).

    Discord's clients are WebRTC's; that they have FEC on is said, and not verified. A frame's copy is there only if the
    encoder took it for a voice (RFC 6716, 2.1.7).
    """

    def __init__(self) -> None:
        context = av.CodecContext.create("libopus", "w")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate, context.layout, context.format = SAMPLE_RATE, "mono", "s16"
        context.bit_rate = _BIT_RATE
        context.options = dict(_OPTIONS)
        context.open()
        self._context = context

    def encode(self, samples: Samples) -> bytes:
        """The next frame of `FRAME_SAMPLES` samples as a packet."""
        frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        return b"".join(bytes(packet) for packet in self._context.encode(frame))


class OpusDecoder:
    """libopus, and a resampler down to mono."""

    def __init__(self) -> None:
        context = av.CodecContext.create("libopus", "r")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = SAMPLE_RATE
        context.layout = "stereo"
        self._context = context
        self._resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)

    def decode(self, opus: bytes) -> bytes:
        """The samples of a packet: 16 bits each, little-endian where the machine is.

        Raises:
            av.error.FFmpegError: it is no Opus.
        """
        return b"".join(self._mono(self._context.decode(av.Packet(opus))))

    def _mono(self, frames: Iterable[AudioFrame]) -> Iterable[bytes]:
        for frame in frames:
            frame.pts = None
            for mono in self._resampler.resample(frame):
                yield bytes(mono.planes[0])[: mono.samples * _SAMPLE_BYTES]
