"""A sentence as somebody says it, for tests of hearing."""

from functools import cache

import numpy as np

from sandbox.standins.hibari_voice import HibariVoice
from tests.support.sent_packets import RATE
from tests.support.sounds import Samples

SENTENCE = "The weather will be warm and dry until the end of the week."


@cache
def spoken_words(text: str = SENTENCE) -> Samples:
    """A sentence, RATE samples a second, by a voice that needs no network."""
    samples, rate = HibariVoice()(text, "en")
    at = np.arange(0, len(samples) - 1, rate / RATE)
    resampled: Samples = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    return resampled
