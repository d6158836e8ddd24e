"""Encodes PCM as Opus frames of 20 ms, in this process: needs no ffmpeg and no libopus on the machine.

A Discord call carries 48 kHz Opus in frames of 20 ms (https://discord.com/developers/docs/topics/voice-connections).
Everything here blocks: call it in a worker thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.codeccontext import AudioCodecContext

FRAME_SECONDS: Final = 0.02
SILENCE: Final = b"\xf8\xff\xfe"
"""Discord's silence frame. Five of them end a stretch of speech, so that no decoder interpolates beyond it."""

_BIT_RATE: Final = 64_000
CODED_RATE: Final = 24_000
"""The sample rate of the engines. libopus encodes frequencies up to half of it; a call accepts such packets too."""


class OpusEncoder:
    """Turns PCM (any rate and layout, but always the same) into packets of exactly one 20 ms frame."""

    def __init__(self) -> None:
        self._codec = _codec()

    def encode(self, frame: AudioFrame) -> Iterator[bytes]:
        """Take a piece of PCM; yield the Opus frames that it completes."""
        frame.pts = None
        for packet in self._codec.encode(frame):
            yield bytes(packet)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; the last frame is padded with silence."""
        for packet in self._codec.encode(None):
            yield bytes(packet)


def _codec() -> AudioCodecContext:
    """libopus without the options that cost CPU and make no audible difference (see `python -m bench.encoder`).

    It resamples and splits its input by itself, so it needs no `AudioResampler`.
    """
    import av  # noqa: PLC0415 - 16 MB that a process without calls saves

    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate = CODED_RATE
    codec.layout = "mono"
    codec.format = "s16"
    codec.bit_rate = _BIT_RATE
    codec.options = {"application": "lowdelay", "frame_duration": "20", "compression_level": "0"}
    return codec
