"""Sounds that are no speech to somebody, as long as is wanted."""

from collections.abc import Sequence

import numpy as np

from bench.hearing.speech_recordings import RATE, Recording, Samples

_HISS: float = 0.01
"""Amplitude of the noise: -40 dB of full scale."""
_TALKERS = 5


def hiss(seconds: float) -> Samples:
    """White noise."""
    return np.random.default_rng(0).normal(0, _HISS, round(seconds * RATE)).astype(np.float32)


def looped(sound: Samples, seconds: float) -> Samples:
    """A sound again and again."""
    return np.resize(sound, round(seconds * RATE))


def babble(recordings: Sequence[Recording], seconds: float) -> Samples:
    """Five of those people talk on at once; its loudness is 1, see `loudness`."""
    dice, mixed = np.random.default_rng(1), np.zeros(round(seconds * RATE), np.float32)
    for talker in range(_TALKERS):
        said = [recordings[number] for number in dice.permutation(len(recordings))[talker::_TALKERS]]
        line = np.concatenate([each.samples / loudness(each.samples) for each in said or recordings])
        mixed += np.roll(looped(line, seconds), int(dice.integers(len(mixed))))
    return mixed / loudness(mixed)


def loudness(samples: Samples) -> float:
    """The root mean square of the louder half of it."""
    whole = len(samples) // 320 * 320
    powers = np.square(samples[:whole].reshape(-1, 320)).mean(axis=1)
    return float(np.sqrt(powers[powers >= np.median(powers)].mean()))
