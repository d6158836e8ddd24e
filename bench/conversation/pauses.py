"""Where people pause in what they say."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from assistant.hearing.speaker_level import SpeakerLevel
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity
from tests.support.sent_packets import RATE
from tests.support.sounds import Samples

_CHUNK_SECONDS: Final = CHUNK_SAMPLES / RATE
_STARTS: Final = 0.5
_GOES_ON: Final = 0.35
_SHORTEST: Final = 0.2
"""Seconds without voice that make a pause."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence after a voice, in seconds."""

    begins: float
    """When the voice before it ends."""
    seconds: float
    """How long it lasts: infinite behind the last voice."""

    @property
    def is_end(self) -> bool:
        """Whether nothing more is said."""
        return self.seconds == np.inf


def pauses_of(samples: Samples, models: HearingModels) -> list[Pause]:
    """The pauses of a recording with room around it, found as the ear finds them; none where there is no voice."""
    voiced = _voiced_chunks(samples, models)
    bounds = zip_longest(voiced, voiced[1:])
    pauses = [
        Pause((last + 1) * _CHUNK_SECONDS, np.inf if following is None else (following - last - 1) * _CHUNK_SECONDS)
        for last, following in bounds
    ]
    return [each for each in pauses if each.seconds >= _SHORTEST]


def _voiced_chunks(samples: Samples, models: HearingModels) -> list[int]:
    """See `TurnDetector`, which does not tell of each chunk."""
    activity, level = VoiceActivity(models.voice_activity), SpeakerLevel(_CHUNK_SECONDS)
    voiced: list[int] = []
    for number, chunk in enumerate(samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)):
        power = float(np.dot(chunk, chunk)) / CHUNK_SAMPLES
        level.hear(power)
        probability = activity.probability(chunk)
        if probability < (_GOES_ON if voiced else _STARTS):
            level.pause()
        elif level.is_theirs(power, is_in_turn=bool(voiced), is_sure=probability >= _STARTS):
            voiced.append(number)
    return voiced
