"""Ears for tests that judge sound: how loud it is, where it clicks, where it begins and ends.

All functions take one channel of samples from -1 to 1, and how many of them make a second.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.error import EOFError as EndOfFrames
from av.filter import Graph
from numpy.lib.stride_tricks import sliding_window_view

from sandbox.standins.mp3 import SAMPLE_RATE, resampled

Sound = npt.NDArray[np.float32] | npt.NDArray[np.float64]
_Floats = npt.NDArray[np.float64]

SILENT: Final = -70.0
"""What `loudness` gives for silence, in LUFS: the standard counts nothing below it."""

_CLICK_RATIO: Final = 3.5
"""How far a click stands out. In a dozen of hibari's sentences nothing exceeds 3.3, and a cut at the loudest sample
of a vowel has 3.5 or more: the margin is small."""
_QUIETEST: Final = 0.05
"""Of the loudest sample: what is foreseen as closely as this is foreseen."""
_ORDER: Final = 20
_HOP_SECONDS: Final = 0.01
_WINDOW_SECONDS: Final = 0.03
_NEAR_SECONDS: Final = 0.0015
_FAR_SECONDS: Final = 0.025
_JOIN_SECONDS: Final = 0.0002
_AUDIBLE: Final = 10 ** (-45 / 20)


def loudness(samples: Sound, rate: int) -> float:
    """The integrated loudness in LUFS by EBU R128, `SILENT` for silence and for less than 0.4 seconds.

    The sound is taken to come from both loudspeakers, as Discord plays mono: a sine whose peaks are at -23 dBFS has
    -23 LUFS, as in EBU Tech 3341. From one loudspeaker it would have 3 less.
    """
    if not len(samples):
        return SILENT
    graph = Graph()
    source = graph.add_abuffer(format="flt", sample_rate=rate, layout="mono")
    meter = graph.add("ebur128", "metadata=1:dualmono=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = AudioFrame.from_ndarray(samples.astype(np.float32)[np.newaxis, :], format="flt", layout="mono")
    frame.sample_rate = rate
    graph.push(frame)
    graph.push(None)
    measured = SILENT
    while True:
        try:
            piece = graph.pull()
        except EndOfFrames:
            return measured
        measured = float(piece.metadata.get("lavfi.r128.I", measured))  # a last piece of under 0.1 s has none


def clicks(samples: Sound, rate: int) -> list[float]:
    """The times of clicks in seconds: places where the sound after them does not go on from the sound before.

    Linear prediction tells each sample from those before it, and from those after it. A click is where both fail,
    and by far more than anywhere close by. The pulses of a voice fail in one direction only; a burst of noise, as in
    a "t", fails for longer. A small jump among large pulses is not found, and hardly heard.
    """
    loudest = np.abs(samples).max(initial=0.0)
    if not loudest:
        return []
    normal, rate = _narrowed((samples / loudest).astype(np.float32), rate)
    error = _unforeseen(normal, rate)
    near, far = round(_NEAR_SECONDS * rate), round(_FAR_SECONDS * rate)
    sides = sliding_window_view(np.pad(error, far), far - near + 1).max(axis=1)
    around = np.maximum(sides[: len(error)], sides[far + near :])
    places = np.flatnonzero(error > _CLICK_RATIO * np.maximum(around, _QUIETEST))
    first = np.diff(places, prepend=-far) > near
    return [float(place / rate + _JOIN_SECONDS) for place in places[first]]


def speech_bounds(samples: Sound, rate: int) -> tuple[float, float]:
    """Where the audible sound, over -45 dBFS, begins and ends, in seconds.

    Raises:
        ValueError: nothing is audible.
    """
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    if not len(audible):
        raise ValueError("nothing is audible")
    return float(audible[0] / rate), float((audible[-1] + 1) / rate)


def _narrowed(samples: npt.NDArray[np.float32], rate: int) -> tuple[_Floats, int]:
    """The sound without what is over 12 kHz, where our codec sends nothing: every sample would be foreseen there."""
    if rate <= SAMPLE_RATE:
        return samples.astype(np.float64), rate
    frames = resampled(samples, rate, "fltp")
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64), SAMPLE_RATE


def _unforeseen(samples: _Floats, rate: int) -> _Floats:
    """How far each sample is from what those on either side foretell, whichever side is closer."""
    hop, window = round(_HOP_SECONDS * rate), round(_WINDOW_SECONDS * rate)
    margin = (window - hop) // 2 + _ORDER
    count = -(-len(samples) // hop)
    padded = np.pad(samples, (margin, margin + count * hop - len(samples) + hop))
    windows = sliding_window_view(padded[_ORDER:], window)[::hop][:count]
    factors = _prediction(windows * np.hanning(window))
    context = sliding_window_view(padded, 2 * _ORDER + 1)[margin - _ORDER :][: count * hop]
    context = context.reshape(count, hop, 2 * _ORDER + 1)
    before, itself, after = np.split(context, [_ORDER, _ORDER + 1], axis=2)
    from_before = np.einsum("nhk,nk->nh", before[:, :, ::-1], factors)
    from_after = np.einsum("nhk,nk->nh", after, factors)
    forward = np.abs(itself[:, :, 0] - from_before).ravel()[: len(samples)]
    backward = np.abs(itself[:, :, 0] - from_after).ravel()[: len(samples)]
    # Of a join, the first sample after it is unforeseen from before, and the last one before it from after.
    width = max(1, round(_JOIN_SECONDS * rate))
    return np.minimum(_highest(forward, width), _highest(np.roll(backward, 1), width))


def _prediction(windows: _Floats) -> _Floats:
    """For each window, the factors of the `_ORDER` samples before a sample which foretell it best."""
    spectrum = np.fft.rfft(windows, 2 * windows.shape[1])
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:, : _ORDER + 1]
    correlation[:, 0] += 1e-5 * correlation[:, 0] + 1e-9 * windows.shape[1]  # else pure tones have no one solution
    lags = np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))
    factors = np.linalg.solve(correlation[:, lags], correlation[:, 1:, np.newaxis])
    return factors[:, :, 0].astype(np.float64)


def _highest(values: _Floats, width: int) -> _Floats:
    """The highest of the values up to `width` away from each."""
    highest: _Floats = sliding_window_view(np.pad(values, width), 2 * width + 1).max(axis=1)
    return highest
