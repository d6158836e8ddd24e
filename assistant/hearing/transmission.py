"""How a member's client opens and closes their microphone: by a key, or by how loud they are.

Clients of Discord send while a key is held, while the microphone is loud enough and 0.2 to 0.4 s longer, or always.
Nothing in a packet says which, but a gate opens with a frame that is loud and closes behind frames that are softer than
that. A key is pressed and let go at any time.
"""

from collections import deque
from math import log10
from typing import Final

import numpy as np

_FIRST: Final = 3
"""Frames from which the level is taken at which a transmission begins,"""
_LAST: Final = 10
"""and those at which it ends: as many as the shortest gate stays open for."""
_MARGIN: Final = 2.0
"""Decibels by which noise that is always the same goes up and down."""
_FLOOR: Final = 10**-6.5
"""Power, -65 dB of full scale; what is softer is silence, which no gate opens for."""
_FULL_SCALE: Final = 32768.0**2


class Transmission:
    """One stretch of packets, a frame at a time, from the first one to the silence frames."""

    def __init__(self) -> None:
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=_LAST)

    def hear(self, pcm: bytes) -> None:
        """A frame of it, signed 16-bit."""
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        power = float(np.dot(samples, samples)) / max(1, len(samples)) / _FULL_SCALE
        level = 10 * log10(power + _FLOOR)
        if len(self._first) < _FIRST:
            self._first.append(level)
        self._last.append(level)

    def end(self) -> None:
        """It is over; the next frame begins another one."""
        self._first.clear()
        self._last.clear()

    @property
    def is_by_key(self) -> bool:
        """Whether no gate can have opened for its beginning and closed behind its end: it began no louder."""
        return bool(self._first) and max(self._first) <= max(self._last) + _MARGIN
