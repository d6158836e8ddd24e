"""Sound as Whisper's networks take it: a logarithmic mel spectrogram.

As the paper and its program define it (https://github.com/openai/whisper, `whisper/audio.py`): windows of 25 ms every
10 ms, 80 bands on Slaney's mel scale (https://github.com/librosa/librosa, `librosa.filters.mel`).
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.support.sent_packets import RATE
from tests.support.sounds import Samples

_WINDOW: Final = 400
_STEP: Final = 160
_BANDS: Final = 80
_LINEAR_UP_TO: Final = 1000.0
"""Hertz, up to which a mel has always as many of them,"""
_LINEAR: Final = 200.0 / 3
"""this many;"""
_LOGARITHMIC: Final = float(np.log(6.4)) / 27
"""above it, frequencies grow by this power of e a mel."""
_FAINTEST: Final = 1e-10
_DYNAMIC_RANGE: Final = 8.0
"""Powers of ten below the loudest that are kept."""

_Doubles = npt.NDArray[np.float64]


def log_mel(samples: Samples) -> Samples:
    """The spectrogram of sound at RATE, evened out to a variance of 1: shape (80, a column for each 10 ms)."""
    even = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    padded = np.pad(even.astype(np.float64), _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][: len(samples) // _STEP]
    powers = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW + 1)[:-1])) ** 2
    logarithms = np.log10(np.maximum(_FAINTEST, _bands() @ powers.T))
    bounded = np.maximum(logarithms, logarithms.max() - _DYNAMIC_RANGE)
    spectrogram: Samples = ((bounded + 4) / 4).astype(np.float32)
    return spectrogram


@cache
def _bands() -> _Doubles:
    """How much of each frequency belongs to each band: shape (bands, frequencies); triangles of one area."""
    edges = _hertz(np.linspace(0, _mel(RATE / 2), _BANDS + 2))
    frequencies = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (frequencies - low) / (middle - low), (high - frequencies) / (high - middle)
    triangles: _Doubles = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return triangles


def _mel(hertz: float) -> float:
    return _LINEAR_UP_TO / _LINEAR + float(np.log(hertz / _LINEAR_UP_TO)) / _LOGARITHMIC


def _hertz(mels: _Doubles) -> _Doubles:
    above = mels - _LINEAR_UP_TO / _LINEAR
    return np.where(above < 0, mels * _LINEAR, _LINEAR_UP_TO * np.exp(_LOGARITHMIC * above))
