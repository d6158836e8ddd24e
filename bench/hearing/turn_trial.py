"""Recordings of people, sent as packets: where the ear cuts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity
from bench.hearing.sounds import babble, in_a_room, loudness, sound_of
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE, packets_of, spoken
from tests.support.sounds import Samples
from tests.support.virtual_ear import VirtualEar

BEFORE_SECONDS: Final = 1.0
"""Room before a recording,"""
AFTER_SECONDS: Final = 2.0
"""and after it."""
_VOICE_DECIBELS: Final = 20.0
"""What is softer than a recording's loud parts by this much is not counted as voice."""
_TRAIL_SECONDS: Final = 0.3
"""What a turn keeps after its last voice."""


@dataclass(frozen=True, slots=True)
class CutRecording:
    """How one recording was heard. Times are in seconds."""

    name: str
    """The recording's."""
    turns: int
    """In how many turns."""
    first_lost: float
    """Voice before the first turn begins; negative is room."""
    last_lost: float
    """Voice after the last turn ends."""
    longest_wait: float
    """From the last voice of a turn to when it was handed over."""
    stray_turns: int
    """Turns that begin after the recording has ended, or end before it begins."""


def cut_recordings(
    recordings: Sequence[Recording], models: HearingModels, *, babble_decibels: float | None = None
) -> list[CutRecording]:
    """Each by an ear that has heard it once before, where others talk on behind it as many decibels softer."""
    sounds = [sound_of(each) for each in recordings]
    cuts = []
    for recording, sound in zip(recordings, sounds, strict=True):
        others = [
            other
            for each, other in zip(recordings, sounds, strict=True)
            if babble_decibels is not None and each.speaker != recording.speaker
        ]
        cuts.append(_cut(recording.name, sound, models, others, babble_decibels or 0.0))
    return cuts


def _cut(
    name: str, sound: Samples, models: HearingModels, others: Sequence[Samples], babble_decibels: float
) -> CutRecording:
    ear = VirtualEar(models)
    clean = in_a_room(sound, BEFORE_SECONDS, AFTER_SECONDS)
    frames = spoken(clean)
    if others:
        ear.hear(packets_of(frames))
        ear.end()
        ear.turns.clear()
        ear.ended.clear()
        noisy = in_a_room(sound, BEFORE_SECONDS, AFTER_SECONDS + 3)
        behind = babble(others, len(noisy) / RATE)[: len(noisy)]
        frames = spoken(noisy + behind * loudness(sound) * 10 ** (-babble_decibels / 20))
    begin, first = ear.time, 1000
    ear.hear(packets_of(frames, begin=begin, first=first))
    ear.end()
    voice_begins, voice_ends = (BEFORE_SECONDS + each for each in _voice_bounds(sound, models))
    bounds = [
        (turn.ended_at - begin + _TRAIL_SECONDS - len(turn.pcm) / RATE / 2, turn.ended_at - begin + _TRAIL_SECONDS)
        for turn in ear.turns
    ]
    own = [(start, end) for start, end in bounds if start < voice_ends and end > voice_begins]
    return CutRecording(
        name,
        len(own),
        own[0][0] - voice_begins if own else voice_ends - voice_begins,
        voice_ends - own[-1][1] if own else voice_ends - voice_begins,
        max((at - turn.ended_at for turn, at in zip(ear.turns, ear.ended, strict=True)), default=0.0),
        len(bounds) - len(own),
    )


def _voice_bounds(samples: Samples, models: HearingModels) -> tuple[float, float]:
    """Seconds at which the first and the last chunk begins and ends that is voice to the network, and loud."""
    activity, voiced = VoiceActivity(models.voice_activity), []
    chunks = samples[: len(samples) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    levels = 10 * np.log10(np.square(chunks).mean(axis=1) + 1e-10)
    least = np.percentile(levels, 95) - _VOICE_DECIBELS
    voiced = [number for number, chunk in enumerate(chunks) if activity.probability(chunk) > 0.5]
    loud = [number for number in voiced if levels[number] > least] or [0]
    return loud[0] * CHUNK_SAMPLES / RATE, (loud[-1] + 1) * CHUNK_SAMPLES / RATE
