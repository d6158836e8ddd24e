"""Sounds that are no speech: what the ear takes for turns all the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.hearing.models import HearingModels
from bench.hearing.sounds import babble, hiss, looped, sound_of
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import FRAME_SECONDS, encode_as_clients_do, packets_of
from tests.support.sounds import Samples
from tests.support.virtual_ear import VirtualEar

_BABBLE: Final = 0.03
"""Its loudness: -30 dB of full scale."""
_LOOP_SECONDS: Final = 30.0
"""What is encoded of each sound; then it is sent again and again."""


@dataclass(frozen=True, slots=True)
class FalseTurns:
    """What became of one sound."""

    name: str
    """Which."""
    turns: tuple[bytes, ...]
    """Handed over, as if they were speech: their sound, as a recognizer takes it."""
    dropped: int
    """Turns that were too short, hardly sounded like speech, or were too many."""

    @property
    def seconds(self) -> float:
        """Of the turns."""
        return sum(map(len, self.turns)) / 32_000


def false_turns(recordings: Sequence[Recording], models: HearingModels, minutes: float) -> Iterator[FalseTurns]:
    """Each sound as long, by a new ear."""
    for name, sound in _sounds(recordings):
        frames = encode_as_clients_do(sound)
        loops = max(1, round(minutes * 60 / (len(frames) * FRAME_SECONDS)))
        ear = VirtualEar(models)
        for number in range(loops):
            begin = number * len(frames) * FRAME_SECONDS
            ear.hear(packets_of(frames, begin=begin, first=number * len(frames)))
        ear.end()
        health = ear.ear.health(1)
        counters = None if health is None else health.counters
        yield FalseTurns(
            name,
            tuple(turn.pcm for turn in ear.turns),
            0 if counters is None else counters.too_short + counters.doubtful + counters.over_budget,
        )


def _sounds(recordings: Sequence[Recording]) -> Iterator[tuple[str, Samples]]:
    yield "hiss", hiss(_LOOP_SECONDS)
    for each in recordings:
        if not each.is_speech:
            yield each.name.removeprefix("noise-"), looped(sound_of(each), _LOOP_SECONDS)
    people = [sound_of(each) for each in recordings if each.is_speech]
    if people:
        yield "babble", babble(people, _LOOP_SECONDS) * _BABBLE
