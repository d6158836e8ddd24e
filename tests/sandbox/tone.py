"""A voice for tests that costs nothing, and ears for what services make of it."""

from __future__ import annotations

import io

import av
import numpy as np

from sandbox.standins.mp3 import Samples

TONE_SECONDS = 0.5
"""How long everything takes that it says."""


def tone(text: str, language: str) -> tuple[Samples, int]:
    """A voice that costs nothing: 440 Hz, whatever the text."""
    del text, language
    seconds = np.arange(int(16_000 * TONE_SECONDS)) / 16_000
    return (0.5 * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32), 16_000


def decode(mp3: bytes) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], int]:
    """The samples of an MP3, and how many make a second."""
    with av.open(io.BytesIO(mp3), mode="r") as container:
        frames = list(container.decode(audio=0))
    assert all(frame.layout.name == "mono" for frame in frames)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32), frames[0].sample_rate
