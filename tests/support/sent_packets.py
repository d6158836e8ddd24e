"""A member's packets as Discord's clients send them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from av import AudioFrame, AudioResampler

from sandbox.voice.opus_codec import FRAME_SAMPLES, SAMPLE_RATE, OpusEncoder
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
    """Frames of 20 ms, as the sandbox's members make them; the last one is padded."""
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    frame = AudioFrame.from_ndarray(pcm[np.newaxis], "s16", "mono")
    frame.sample_rate = RATE
    resampler, encoder = AudioResampler("s16", "mono", SAMPLE_RATE), OpusEncoder()
    pieces = [piece.to_ndarray()[0] for part in (frame, None) for piece in resampler.resample(part)]
    whole = np.concatenate(pieces)
    padded = np.pad(whole, (0, -len(whole) % FRAME_SAMPLES))
    return [encoder.encode(each) for each in padded.reshape(-1, FRAME_SAMPLES)]


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
