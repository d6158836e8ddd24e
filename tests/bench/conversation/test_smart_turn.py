"""Where people pause, and what a detector of turns is shown of it."""

import numpy as np
import pytest

from assistant.hearing.models import HearingModels
from bench.conversation.log_mel import log_mel
from bench.conversation.pauses import pauses_of
from bench.hearing.sounds import in_a_room, sound_of
from tests.support.recorded_speech import recording
from tests.support.sent_packets import RATE
from tests.support.sounds import tone


@pytest.fixture(scope="module")
def models() -> HearingModels:
    return HearingModels.load()


def test_a_tone_stands_in_its_band() -> None:
    """440 Hz are 6.6 mels; 80 bands and two edges divide the 45.2 mels up to 8000 Hz."""
    spectrogram = log_mel(tone(1.0, 0.3, RATE))
    assert spectrogram.shape == (80, 100)
    assert spectrogram.dtype == np.float32
    assert set(spectrogram[:, 5:-5].argmax(axis=0)) <= {10, 11}
    assert spectrogram.max() - spectrogram.min() <= 2.0 + 1e-6


def test_the_end_is_a_pause_without_end(models: HearingModels) -> None:
    easy = sound_of(recording("en-libri-1447-130550-0000"))
    (end,) = pauses_of(in_a_room(easy, 0.5, 0.5), models)
    assert end.is_end
    assert 1.2 < end.begins < 0.5 + len(easy) / RATE


def test_a_pause_between_two_words_is_found(models: HearingModels) -> None:
    easy = sound_of(recording("en-libri-1447-130550-0000"))
    twice = np.concatenate([easy, np.zeros(RATE, np.float32), easy])
    pause, end = pauses_of(in_a_room(twice, 0.5, 0.5), models)
    assert not pause.is_end
    assert 0.9 < pause.seconds < 1.8
    assert end.is_end


def test_there_is_no_pause_where_nobody_speaks(models: HearingModels) -> None:
    assert pauses_of(in_a_room(np.zeros(RATE, np.float32), 0.5, 0.5), models) == []
