"""The short sounds, as a listener hears them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from assistant.audio.cues import Cues, make_cues
from assistant.audio.opus import FRAME_SECONDS
from tests.support.heard_speech import heard


@pytest.fixture(scope="module")
def cues() -> Cues:
    return make_cues()


@pytest.fixture(params=["listening", "heard"])
def cue(cues: Cues, request: pytest.FixtureRequest) -> Sequence[bytes]:
    frames: Sequence[bytes] = getattr(cues, request.param)
    return frames


def test_it_is_short_and_soft_and_begins_and_ends_in_silence(cue: Sequence[bytes]) -> None:
    assert 0.1 <= len(cue) * FRAME_SECONDS <= 0.25
    sound = heard(cue) / 32768
    assert 0.03 < np.abs(sound).max() < 0.12, "it is heard, and frightens nobody"
    assert np.abs(sound[:240]).max() < 0.01
    assert np.abs(sound[-120:]).max() < 0.01
    assert max(abs(b - a) for a, b in pairwise(sound)) < 0.015, "nothing clicks"


def test_the_two_are_told_apart_by_their_tones(cues: Cues) -> None:
    def pitch(frames: Sequence[bytes]) -> float:
        sound = heard(frames)[-3000:]
        return float(np.argmax(np.abs(np.fft.rfft(sound, 48_000))))

    assert abs(pitch(cues.listening) - pitch(cues.heard)) > 100
