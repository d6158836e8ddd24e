"""Frames of Opus with a known sound."""

import math
import struct
from typing import Final

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

FRAME: Final = 960
RATE: Final = 48_000


def tone(count: int) -> list[bytes]:
    """Opus frames of a loud tone of 440 Hz."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", "s16"
    packets: list[bytes] = []
    for index in range(count + 1):
        samples = [round(20000 * math.sin(math.tau * 440 * (index * FRAME + n) / RATE)) for n in range(FRAME)]
        frame = AudioFrame(format="s16", layout="stereo", samples=FRAME)
        frame.sample_rate = RATE
        frame.planes[0].update(b"".join(struct.pack("<hh", sample, sample) for sample in samples))
        packets.extend(bytes(packet) for packet in encoder.encode(frame))
    return packets[:count]
