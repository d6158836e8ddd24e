"""Tells a member's own voice from other sounds, and from other voices in their room."""

from typing import Final

import numpy as np

from assistant.hearing.counters import HearingCounters
from assistant.hearing.libopus import BYTES_PER_SAMPLE, SAMPLE_RATE
from assistant.hearing.speaker_level import SpeakerLevel
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity, VoiceActivityModel

CHUNK_SECONDS: Final = CHUNK_SAMPLES / SAMPLE_RATE
CHUNK_BYTES: Final = CHUNK_SAMPLES * BYTES_PER_SAMPLE
_SCALE: Final = np.float32(1 / 32768)
_STARTS: Final = 0.5
"""Voice this probable begins a turn,"""
_GOES_ON: Final = 0.35
"""and this probable goes on with it."""
_FAINTEST: Final = 10**-6.5
"""Power, -65 dB of full scale, under which nothing is voice, and the network is not asked."""
_QUIET_CHUNKS_TO_FORGET: Final = 10


class OwnVoice:
    """One member's voice, a chunk at a time."""

    def __init__(self, model: VoiceActivityModel, counters: HearingCounters) -> None:
        self._activity = VoiceActivity(model)
        self._level = SpeakerLevel(CHUNK_SECONDS)
        self._counters = counters
        self._quiet = 0
        """Chunks on end that were too faint to ask about."""

    def probability(self, chunk: bytes, *, is_in_turn: bool) -> float:
        """How probable the member's voice is in a chunk; 0 where it is too improbable or too soft to count."""
        samples = np.frombuffer(chunk, "<i2").astype(np.float32) * _SCALE
        power = float(np.dot(samples, samples)) / CHUNK_SAMPLES
        self._level.hear(power)
        if power < _FAINTEST:
            self._level.pause()
            self._quiet += 1
            if self._quiet == _QUIET_CHUNKS_TO_FORGET:
                self._activity.reset()
            return 0.0
        self._quiet = 0
        probability = self._activity.probability(samples)
        if probability < _GOES_ON:
            self._level.pause()
            return 0.0
        is_sure = probability >= _STARTS
        if not self._level.is_theirs(power, is_in_turn=is_in_turn, is_sure=is_sure):
            self._counters.too_soft_seconds += CHUNK_SECONDS
            return 0.0
        return probability if is_sure or is_in_turn else 0.0
