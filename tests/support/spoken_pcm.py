"""Sound of turns for tests: what stands in for a voice, and what does not."""

from __future__ import annotations

import math
import random
from array import array

from av import AudioFrame, AudioResampler

RATE = 16_000


def voice_like(seconds: float = 2.0, *, peak: int = 8000) -> bytes:
    """A tone that rises and falls three times a second, as syllables do, with silence at both ends."""
    count = int(seconds * RATE)
    samples = array("h", (_sample(number, peak) for number in range(count)))
    pause = bytes(RATE // 5 * 2)
    return pause + samples.tobytes() + pause


def silence(seconds: float = 2.0) -> bytes:
    """Nothing at all."""
    return bytes(int(seconds * RATE) * 2)


def hiss(seconds: float = 2.0, *, peak: int = 3000) -> bytes:
    """Steady noise."""
    source = random.Random(0)
    return array("h", (source.randint(-peak, peak) for _ in range(int(seconds * RATE)))).tobytes()


def at_16_khz(pcm: bytes, rate: int) -> bytes:
    """Samples of another rate as those of a turn."""
    frame = AudioFrame("s16", "mono", len(pcm) // 2)
    frame.sample_rate = rate
    frame.planes[0].update(pcm.ljust(frame.planes[0].buffer_size, b"\0"))
    resampler = AudioResampler("s16", "mono", RATE)
    made = [*resampler.resample(frame), *resampler.resample(None)]
    return b"".join(bytes(each.planes[0])[: each.samples * 2] for each in made)


def _sample(number: int, peak: int) -> int:
    loudness = abs(math.sin(math.pi * 3 * number / RATE)) ** 0.5
    return int(peak * loudness * math.sin(2 * math.pi * 180 * number / RATE))
