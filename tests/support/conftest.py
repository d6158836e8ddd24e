import pytest

from sandbox.standins.hibari_voice import HibariVoice
from tests.support.spoken_sentences import SENTENCES, Sound


@pytest.fixture(scope="session")
def spoken() -> tuple[list[Sound], int]:
    """Each sentence's sound, and the samples a second."""
    voice = HibariVoice()
    sounds = [voice(sentence, "en") for sentence in SENTENCES]
    return [samples for samples, _ in sounds], sounds[0][1]
