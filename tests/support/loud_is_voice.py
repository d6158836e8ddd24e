"""A voice activity model that costs nothing: whatever is loud is voice."""

from assistant.hearing.libopus import load_libopus
from assistant.hearing.models import HearingModels
from assistant.hearing.voice_activity import CHUNK_SAMPLES, Samples, VoiceActivityModel


class LoudIsVoice(VoiceActivityModel):
    """Probabilities of 1 and 0; counts how often it was asked."""

    def __init__(self, certainty: float = 1.0) -> None:
        self._certainty = certainty
        self.judged = 0

    def judge(self, samples: Samples, state: Samples) -> tuple[float, Samples]:
        self.judged += 1
        return self._certainty if abs(samples[0, -CHUNK_SAMPLES:]).max() > 0.03 else 0.0, state


def models(voice_activity: VoiceActivityModel | None = None) -> HearingModels:
    """The real libopus with such a model."""
    return HearingModels(load_libopus(), voice_activity or LoudIsVoice())
