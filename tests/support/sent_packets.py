"""A member's packets as Discord's clients send them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from av import AudioFrame, CodecContext
from av.audio.codeccontext import AudioCodecContext

from tests.support.sounds import Samples, tone
from voicewire.listener import VoicePacket
from voicewire.rtp import SAMPLES_PER_FRAME, SILENCE

RATE: Final = 16_000
"""Samples a second of what is sent."""
FRAME_SECONDS: Final = 0.02
ADA: Final = 1
"""A member."""
BEN: Final = 2
"""Another one."""
SILENCE_FRAMES: Final = 5
"""What a client sends before it stops sending."""


@dataclass(frozen=True, slots=True)
class SentPacket:
    """A packet, and when it comes."""

    at: float
    """Seconds."""
    packet: VoicePacket


def encode_as_clients_do(samples: Samples) -> list[bytes]:
    """Opus for speech at 64 kbit/s, with a copy of the packet before (FEC), in frames of 20 ms."""
    codec = CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "mono", "s16", 64_000
    codec.options = {"application": "voip", "frame_duration": "20", "fec": "1", "packet_loss": "10"}
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    frame = AudioFrame.from_ndarray(pcm[np.newaxis], "s16", "mono")
    frame.sample_rate = RATE
    return [bytes(packet) for part in (frame, None) for packet in codec.encode(part)]


def packets_of(
    frames: Iterable[bytes], user_id: int = ADA, begin: float = 0.0, first: int = 0, ssrc: int = 1001
) -> list[SentPacket]:
    """Number the frames, from `first` on, and time them: each comes when its sound is over."""
    return [
        SentPacket(
            begin + (number + 1) * FRAME_SECONDS,
            VoicePacket(
                user_id,
                ssrc,
                (first + number) & 0xFFFF,
                round(begin * 48_000) + number * SAMPLES_PER_FRAME & 0xFFFFFFFF,
                opus,
            ),
        )
        for number, opus in enumerate(frames)
    ]


def spoken(samples: Samples) -> list[bytes]:
    """The frames of somebody who talks by a key: the sound, the silence frames, and nothing."""
    return [*encode_as_clients_do(samples), *[SILENCE] * SILENCE_FRAMES]


def tones(count: int) -> list[bytes]:
    """That many frames of a tone."""
    return encode_as_clients_do(tone(count * FRAME_SECONDS, 0.3, RATE))[:count]
