"""Recordings, and when in them somebody is heard to have spoken last."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.hearing.models import HearingModels
from bench.hearing.sounds import in_a_room
from bench.hearing.word_trial import Said
from tests.support.sent_packets import FRAME_SECONDS, encode_as_clients_do, packets_of
from tests.support.virtual_ear import VirtualEar


@dataclass(frozen=True, slots=True)
class TimedSpeech:
    """What a member sends, frame by frame, and when an ear hears what."""

    text: str
    """What is said."""
    frames: Sequence[bytes]
    """Opus; the silence behind the words is long enough for their end to be heard."""
    last_voice: float
    """When the last frame with voice leaves, in seconds from the first frame."""
    silence: float
    """Seconds from then to the end of the turn."""


def timed_speech(said: Sequence[Said], models: HearingModels) -> list[TimedSpeech]:
    """Those of them that are heard in one turn."""
    timed = []
    for each in said:
        frames = encode_as_clients_do(in_a_room(each.samples, 0.2, 1.5))
        ear = VirtualEar(models)
        ear.hear(packets_of(frames))
        ear.end()
        if len(ear.turns) == 1:
            ended_at = ear.turns[0].ended_at
            timed.append(TimedSpeech(each.text, frames, ended_at - FRAME_SECONDS, ear.ended[0] - ended_at))
    return timed
