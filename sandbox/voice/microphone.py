"""When a member's microphone is open: the input modes of Discord's clients."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sandbox.voice.opus_codec import FRAME_SECONDS, Samples
from sandbox.voice.rtp import SILENCE

Captured = bytes | Samples
"""20 ms of what a member says: a frame of Opus, or samples."""
Gate = Callable[[Captured, float], bool]
"""Whether what was captured that many seconds after the beginning is sent."""


class Microphone(Protocol):
    """An input mode."""

    def begin(self) -> Gate:
        """A gate, to be asked about one frame after the other."""


@dataclass(frozen=True, slots=True)
class OpenMicrophone:
    """Everything is sent, silence too."""

    def begin(self) -> Gate:
        """See `Microphone`."""
        return lambda _, __: True


@dataclass(frozen=True, slots=True)
class PushToTalk:
    """Nothing is sent but what is said while the key is held, wherever in a word that begins or ends."""

    presses: tuple[tuple[float, float], ...] = ((0.0, math.inf),)
    """When the key is pressed and when it is let go, in seconds since the member began to speak."""

    def begin(self) -> Gate:
        """See `Microphone`."""
        return lambda _, at: any(pressed <= at < let_go for pressed, let_go in self.presses)


@dataclass(frozen=True, slots=True)
class VoiceActivity:
    """What is loud enough is sent, and what follows it for a while; what begins softly loses its beginning.

    Frames of Opus are all loud, but for silence frames.
    """

    threshold: float = -45.0
    """From which level on the gate opens, in dB of full scale."""
    hold: float = 0.3
    """Seconds that it stays open after the last loud frame; a client's are 0.2 to 0.4."""

    def begin(self) -> Gate:
        """See `Microphone`."""
        closes = -math.inf

        def is_open(captured: Captured, at: float) -> bool:
            nonlocal closes
            if level_of(captured) >= self.threshold:
                closes = at + FRAME_SECONDS + self.hold
            return at < closes

        return is_open


def level_of(captured: Captured) -> float:
    """The level in dB of full scale, a square wave's being 0; of Opus 0, of the silence frame nothing at all."""
    if isinstance(captured, bytes):
        return -math.inf if captured == SILENCE else 0.0
    power = float(np.mean(np.square(captured, dtype=np.float64)))
    return 10 * math.log10(power) - 20 * math.log10(32768) if power else -math.inf
