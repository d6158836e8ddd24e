"""Sounds for the tests of speech."""

import numpy as np
import numpy.typing as npt

RATE = 24_000

Samples = npt.NDArray[np.float32]


def tone(seconds: float, amplitude: float = 0.15, rate: int = RATE) -> Samples:
    """A tone of 440 Hz; with 0.15 about as loud as speech is to be."""
    time = np.arange(round(seconds * rate)) / rate
    samples: Samples = (np.sin(2 * np.pi * 440 * time) * amplitude).astype(np.float32)
    return samples


def pcm(samples: Samples) -> bytes:
    """The samples in 16 bits."""
    return (samples * 32767).astype("<i2").tobytes()


def steady_tone(text: str, _: str) -> tuple[Samples, int]:
    """A voice that costs nothing: 20 ms of a tone for each letter."""
    return tone(len(text) * 0.02), RATE
