"""What members ask by voice, as their clients send it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from bench.hearing.sounds import in_a_room, sound_of
from sandbox.voice import SILENCE, VoiceActivity
from tests.support.recorded_speech import recordings
from tests.support.sent_packets import FRAME_SECONDS, RATE, SILENCE_FRAMES, SentPacket, encode_as_clients_do, packets_of
from tests.support.sounds import Samples
from tests.support.virtual_ear import VirtualEar

_AROUND_SECONDS: Final = 0.5
"""Of the speaker's room, before and after what they say."""
_FRAME_SAMPLES: Final = RATE // 50
_SHORTEST_SECONDS: Final = 1.0
"""Of voice: with less of it, nobody believes the recognizer."""
_LONGEST_SECONDS: Final = 4.5


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One recording."""

    frames: Sequence[bytes | None]
    """Opus, 20 ms each; None where the client sends nothing, since its microphone is closed."""
    last_voice: int
    """The index of the last frame in which an ear hears a voice."""


def asked_questions() -> list[AskedQuestion]:
    """The recordings of a few seconds that an ear hears in one turn."""
    models = HearingModels.load()
    chosen = [each for each in recordings("en") if each.seconds <= _LONGEST_SECONDS]
    questions = []
    for recording in chosen:
        frames = _sent(in_a_room(sound_of(recording), _AROUND_SECONDS, _AROUND_SECONDS))
        ear = VirtualEar(models)
        ear.hear(_packets_of(frames))
        ear.end()
        if len(ear.turns) == 1 and ear.turns[0].voiced_seconds >= _SHORTEST_SECONDS:
            questions.append(AskedQuestion(frames, round(ear.turns[0].ended_at / FRAME_SECONDS) - 1))
    return questions


def _sent(samples: Samples) -> list[bytes | None]:
    """What is sent of it by a client that opens the microphone for what is loud, from its first frame to its last."""
    lets_through = VoiceActivity().begin()
    levels = np.resize((samples * 32767).astype(np.int16), (len(samples) // _FRAME_SAMPLES, _FRAME_SAMPLES))
    sent: list[bytes | None] = []
    silences = 0
    for number, (frame, opus) in enumerate(zip(levels, encode_as_clients_do(samples), strict=False)):
        if lets_through(frame, number * FRAME_SECONDS):
            sent.append(opus)
            silences = SILENCE_FRAMES
        elif silences:
            sent.append(SILENCE)
            silences -= 1
        elif sent:
            sent.append(None)
    while sent and sent[-1] is None:
        sent.pop()
    return [*sent, *[SILENCE] * silences]


def _packets_of(frames: Sequence[bytes | None]) -> list[SentPacket]:
    sent = [(number * FRAME_SECONDS, frame) for number, frame in enumerate(frames) if frame is not None]
    return [packet for first, (at, frame) in enumerate(sent) for packet in packets_of([frame], begin=at, first=first)]
