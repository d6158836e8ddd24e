"""Sound as samples, as long as is wanted."""

from collections.abc import Sequence

import numpy as np

from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE
from tests.support.sounds import Samples

_HISS: float = 0.01
"""Amplitude of the noise: -40 dB of full scale."""
_TALKERS = 5


def hiss(seconds: float) -> Samples:
    """White noise."""
    return np.random.default_rng(0).normal(0, _HISS, round(seconds * RATE)).astype(np.float32)


def sound_of(recording: Recording) -> Samples:
    """A recording's samples, from -1 to 1."""
    samples: Samples = recording.at_16_khz().astype(np.float32) * np.float32(1 / 32768)
    return samples


def looped(sound: Samples, seconds: float) -> Samples:
    """A sound again and again."""
    return np.resize(sound, round(seconds * RATE))


def in_a_room(samples: Samples, before: float, after: float) -> Samples:
    """With so many seconds around it of silence that is none: -70 dB of full scale."""
    length = round((before + after) * RATE) + len(samples)
    room = np.random.default_rng(2).normal(0, 10**-3.5, length).astype(np.float32)
    start = round(before * RATE)
    room[start : start + len(samples)] += samples
    return room


def pcm_of(samples: Samples) -> bytes:
    """Signed 16-bit samples, as a recognizer takes them."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def babble(spoken: Sequence[Samples], seconds: float) -> Samples:
    """Five of those people talk on at once; its loudness is 1, see `loudness`."""
    dice, mixed = np.random.default_rng(1), np.zeros(round(seconds * RATE), np.float32)
    for talker in range(_TALKERS):
        said = [spoken[number] for number in dice.permutation(len(spoken))[talker::_TALKERS]]
        line = np.concatenate([each / loudness(each) for each in said or spoken])
        mixed += np.roll(looped(line, seconds), int(dice.integers(len(mixed))))
    return mixed / loudness(mixed)


def loudness(samples: Samples) -> float:
    """The root mean square of the louder half of it."""
    whole = len(samples) // 320 * 320
    powers = np.square(samples[:whole].reshape(-1, 320)).mean(axis=1)
    return float(np.sqrt(powers[powers >= np.median(powers)].mean()))
