"""Several people with one voice: higher and faster, or lower and slower."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np

from bench.hearing.sounds import in_a_room
from tests.support.sent_packets import encode_as_clients_do
from tests.support.sounds import Samples
from tests.support.spoken_words import spoken_words

PITCHES: Final[Mapping[str, float]] = MappingProxyType({"Ada": 1.0, "Ben": 0.9, "Cara": 1.12})
"""By how much each one's voice is higher than the voice itself."""
BEFORE_SECONDS: Final = 0.1
_AFTER_SECONDS: Final = 1.0
"""Of a room: a microphone stays open for a while."""


@cache
def spoken_by(name: str, text: str) -> Samples:
    """A sentence, as one of PITCHES says it."""
    samples = spoken_words(text)
    at = np.arange(0, len(samples) - 1, PITCHES[name])
    pitched: Samples = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    return pitched


@cache
def frames_by(name: str, text: str) -> Sequence[bytes]:
    """The same as Opus, in a room."""
    return tuple(encode_as_clients_do(in_a_room(spoken_by(name, text), BEFORE_SECONDS, _AFTER_SECONDS)))
