"""The silence around each piece of speech is shortened, and nothing else."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from av import AudioFrame

from assistant.audio.edge_silence import EdgeSilence

RATE = 24_000
Samples = npt.NDArray[np.float32]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def voice(seconds: float) -> Samples:
    samples: Samples = (0.3 * np.sin(np.arange(round(seconds * RATE)) * 0.05)).astype(np.float32)
    return samples


def frames_of(samples: Samples, kind: str, layout: str, size: int) -> list[AudioFrame]:
    """PCM frames of so many samples."""
    channels = 1 if layout == "mono" else 2
    frames = []
    for start in range(0, len(samples), size):
        part = np.tile(samples[start : start + size], (channels, 1))
        if "s16" in kind:
            part = (part * 32767).astype(np.int16)
        if not kind.endswith("p"):
            part = part.T.reshape(1, -1)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(part), format=kind, layout=layout)
        frame.sample_rate = RATE
        frames.append(frame)
    return frames


def seconds_of(
    *parts: Samples, behind: float = 0.15, kind: str = "s16", layout: str = "mono", size: int = 4800
) -> float:
    """How long a piece of these parts is afterwards."""
    edges = EdgeSilence(behind)
    frames = [left for frame in frames_of(np.concatenate(parts), kind, layout, size) for left in edges.shorten(frame)]
    return sum(frame.samples for frame in [*frames, *edges.finish()]) / RATE


@pytest.mark.parametrize("kind", ["s16", "s16p", "flt", "fltp"])
@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("size", [576, 4800, 100_000])
def test_what_is_left_is_a_little_before_and_the_pause_behind(kind: str, layout: str, size: int) -> None:
    seconds = seconds_of(silence(0.3), voice(0.7), silence(0.6), kind=kind, layout=layout, size=size)
    assert 0.04 + 0.7 + 0.15 - 0.011 <= seconds <= 0.04 + 0.7 + 0.15 + 0.021


def test_less_silence_than_that_stays_as_it_is() -> None:
    assert seconds_of(silence(0.02), voice(0.5), silence(0.1)) == pytest.approx(0.62)


def test_a_pause_in_the_middle_stays_however_long_it_is() -> None:
    for pause in (0.2, 0.8, 3.0):
        assert seconds_of(voice(0.5), silence(pause), voice(0.5), behind=0.0) == pytest.approx(1.0 + pause, abs=0.02)


def test_a_voice_that_is_silent_for_longer_than_a_second_first_means_it() -> None:
    assert seconds_of(silence(3.0), voice(0.5), behind=0.0) > 2.5


@pytest.mark.parametrize("seconds", [0.0, 0.1, 5.0])
def test_silence_alone_stays_as_it_is(seconds: float) -> None:
    assert seconds_of(silence(seconds)) == pytest.approx(seconds)


def test_a_quiet_beginning_of_a_word_is_heard() -> None:
    breath = voice(0.05) / 0.3 * 0.003  # below what counts as loud
    whole: Sequence[Samples] = (silence(0.3), breath, voice(0.5))
    assert seconds_of(*whole, behind=0.0) >= 0.5 + 0.04
