"""How far a sound is from its original: a finer measure than a listener, who understands bad sound too."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.encoder.recordings import SOUND_RATE, Sound

_WINDOW: Final = 960
_STEP: Final = 480
_LOWEST_HERTZ: Final = 100.0
_HIGHEST_HERTZ: Final = 10_000.0
_BANDS: Final = 20
_RANGE_DB: Final = 50.0
"""Nobody hears bands that are so much weaker than the loudest one."""


def distance_db(original: Sound, copy: Sound) -> float:
    """The mean difference in power per third of an octave and 20 ms, in dB; a delay does not count."""
    late = _delay(original, copy)
    original, copy = (original, copy[late:]) if late >= 0 else (original[-late:], copy)
    length = min(len(original), len(copy))
    expected, heard = _bands(original[:length]), _bands(copy[:length])
    floor = expected.max() / 10 ** (_RANGE_DB / 10)
    audible = (expected > floor) | (heard > floor)
    difference = 10 * np.log10(np.maximum(heard, floor) / np.maximum(expected, floor))
    return float(np.abs(difference[audible]).mean())


def _delay(original: Sound, copy: Sound) -> int:
    """How many samples the copy is late."""
    size = len(original) + len(copy)
    product = np.fft.irfft(np.fft.rfft(copy, size) * np.conj(np.fft.rfft(original, size)), size)
    place = int(np.argmax(product))
    return place if place < len(copy) else place - size


def _bands(sound: Sound) -> NDArray[np.float64]:
    """The power in each window (rows) and band (columns)."""
    windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_STEP]
    power = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW), axis=1)) ** 2
    edges = np.geomspace(_LOWEST_HERTZ, _HIGHEST_HERTZ, _BANDS + 1) * _WINDOW / SOUND_RATE
    places = np.unique(np.round(edges).astype(int))
    return np.add.reduceat(power[:, : places[-1]], places[:-1], axis=1)
