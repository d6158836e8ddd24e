"""PCM to Opus frames of 20 ms, in this process: no ffmpeg, no libopus on the machine.

A Discord call carries 48 kHz Opus in frames of 20 ms (https://discord.com/developers/docs/topics/voice-connections).
Everything here blocks and belongs into a worker thread.
"""

from collections.abc import Iterator
from typing import Final

from av import AudioFrame, CodecContext
from av.audio.codeccontext import AudioCodecContext

FRAME_SECONDS: Final = 0.02
SILENCE: Final = b"\xf8\xff\xfe"
"""Discord's own silence frame; five of them end a stretch of speech, so that no decoder interpolates into it."""

_BIT_RATE: Final = 64_000
_CODED_RATE: Final = 24_000
"""What the engines speak in. libopus codes what lies under half of it, and the packets are the same for a call."""


class OpusEncoder:
    """PCM of one form, of any rate and layout, in; packets of exactly one 20 ms frame out."""

    def __init__(self) -> None:
        self._codec = _codec()

    def encode(self, frame: AudioFrame) -> Iterator[bytes]:
        """Take a piece of PCM; yield the Opus frames that it completes."""
        frame.pts = None
        for packet in self._codec.encode(frame):
            yield bytes(packet)

    def finish(self) -> Iterator[bytes]:
        """Yield what is left; the last frame is filled up with silence."""
        for packet in self._codec.encode(None):
            yield bytes(packet)


def _codec() -> AudioCodecContext:
    """libopus with all that costs CPU and is not heard left out (see `python -m bench.encoder`).

    It converts and cuts what it is given by itself: an `AudioResampler` before it would do so a second time.
    """
    codec = CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate = _CODED_RATE
    codec.layout = "mono"
    codec.format = "s16"
    codec.bit_rate = _BIT_RATE
    codec.options = {"application": "lowdelay", "frame_duration": "20", "compression_level": "0"}
    return codec
