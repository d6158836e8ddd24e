import hashlib
import re
from importlib import resources

import numpy as np
import pytest

from assistant.domain.errors import HearingUnavailable
from assistant.hearing import voice_activity
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity, VoiceActivityModel, load_voice_activity_model
from tests.support.sounds import Samples
from tests.support.spoken_words import spoken_words


@pytest.fixture(scope="module")
def model() -> VoiceActivityModel:
    return load_voice_activity_model()


def probabilities(activity: VoiceActivity, samples: Samples) -> list[float]:
    ends = range(CHUNK_SAMPLES, len(samples), CHUNK_SAMPLES)
    return [activity.probability(samples[end - CHUNK_SAMPLES : end]) for end in ends]


def test_a_voice_is_probable_and_noise_is_not(model: VoiceActivityModel) -> None:
    spoken = probabilities(VoiceActivity(model), spoken_words())
    assert np.mean([each > 0.5 for each in spoken]) > 0.6
    noise = np.random.default_rng(0).normal(0, 0.05, 16_000 * 3).astype(np.float32)
    assert max(probabilities(VoiceActivity(model), noise)) < 0.5


def test_members_who_share_the_model_do_not_hear_each_other(model: VoiceActivityModel) -> None:
    alone = probabilities(VoiceActivity(model), spoken_words())
    ada, ben = VoiceActivity(model), VoiceActivity(model)
    together = []
    for end in range(CHUNK_SAMPLES, len(spoken_words()), CHUNK_SAMPLES):
        together.append(ada.probability(spoken_words()[end - CHUNK_SAMPLES : end]))
        ben.probability(np.full(CHUNK_SAMPLES, 0.1, np.float32))
    assert together == pytest.approx(alone, abs=1e-5)


def test_what_is_forgotten_has_no_effect(model: VoiceActivityModel) -> None:
    activity = VoiceActivity(model)
    fresh = probabilities(activity, spoken_words())
    activity.reset()
    assert probabilities(activity, spoken_words()) == pytest.approx(fresh, abs=1e-5)


def test_the_network_is_the_one_that_its_page_names() -> None:
    folder = resources.files("assistant.hearing").joinpath("silero")
    [named] = re.findall(r"`([0-9a-f]{64})`", folder.joinpath("README.md").read_text("utf-8"))
    assert hashlib.sha256(folder.joinpath("silero_vad_16k_op15.onnx").read_bytes()).hexdigest() == named
    assert "MIT License" in folder.joinpath("LICENSE").read_text("utf-8")


def test_a_network_that_cannot_be_loaded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_activity, "__package__", "tests.data")
    with pytest.raises(HearingUnavailable, match="voice activity"):
        load_voice_activity_model()
