"""What members' clients may send to do harm, while another member says a sentence."""

import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import Final

import psutil

from assistant.hearing.models import HearingModels
from bench.hearing.figure import Figure
from bench.hearing.sounds import in_a_room
from tests.support.sent_packets import ADA, BEN, FRAME_SECONDS, SentPacket, encode_as_clients_do, packets_of, spoken
from tests.support.spoken_words import spoken_words
from tests.support.virtual_ear import VirtualEar
from voicewire.listener import VoicePacket

_MOST_GROWTH: Final = 32.0
"""MB."""
_MOST_RECOGNIZED: Final = 0.55
"""Of an hour's shouting: a minute at once, and half of the rest."""


def hostile_figures(models: HearingModels, *, seconds: float, shouting: float) -> Iterator[Figure]:
    """One for each way; a flood takes `seconds`, one who shouts so many of virtual time."""
    sentence = spoken(in_a_room(spoken_words(), 1.0, 1.0))
    alone = VirtualEar(models)
    alone.hear(packets_of(sentence))
    expected = [turn.pcm for turn in alone.end()]
    for name, flood in _FLOODS.items():
        ear, before = VirtualEar(models), _resident_megabytes()
        sent = list(flood(seconds))
        begun = time.process_time()
        ear.hear([*packets_of(sentence), *sent])
        spent = time.process_time() - begun
        ear.end()
        is_same = [turn.pcm for turn in ear.turns if turn.user_id == ADA] == expected
        grown = _resident_megabytes() - before
        yield Figure(
            f"{name}, {len(sent)} packets in {seconds:g} s",
            f"{'the other is heard the same' if is_same else 'THE OTHER IS NOT HEARD THE SAME'}; "
            f"{spent / seconds:.1%} of a core; {grown:+.0f} MB",
            f"the same; {_MOST_GROWTH:g} MB",
            is_same and grown <= _MOST_GROWTH,
        )
    yield _shouting(models, shouting)


def _shouting(models: HearingModels, seconds: float) -> Figure:
    """Somebody speaks on and on; every minute another one says a sentence."""
    frames = encode_as_clients_do(spoken_words("and so on and so on and I shall never stop to say all of this"))
    sentence = spoken(in_a_room(spoken_words(), 0.5, 0.5))
    ear, before = VirtualEar(models), _resident_megabytes()
    sentences, turns = 0, list[tuple[int, float]]()
    for number in range(round(seconds / (len(frames) * FRAME_SECONDS))):
        begin = number * len(frames) * FRAME_SECONDS
        ear.hear(packets_of(frames, user_id=BEN, begin=begin, first=number * len(frames), ssrc=2002))
        if begin >= sentences * 60:
            sent = packets_of(sentence, begin=ear.time, first=sentences * len(sentence))
            ear.hear(sent)
            sentences += 1
        turns += [(turn.user_id, len(turn.pcm) / 32_000) for turn in ear.turns]
        ear.turns.clear()
        ear.paused.clear()
    turns += [(turn.user_id, len(turn.pcm) / 32_000) for turn in ear.end()]
    recognized = sum(length for user_id, length in turns if user_id == BEN)
    heard = sum(user_id == ADA for user_id, _ in turns)
    grown = _resident_megabytes() - before
    limit = 60 + seconds * _MOST_RECOGNIZED
    return Figure(
        f"a member shouts for {seconds / 60:g} min",
        f"{recognized / 60:.1f} min of it recognized; {heard} of the other's {sentences} sentences heard; "
        f"{grown:+.0f} MB",
        f"{limit / 60:.1f} min; all; {_MOST_GROWTH:g} MB",
        recognized <= limit and heard >= sentences and grown <= _MOST_GROWTH,
    )


def _random_bytes(seconds: float) -> Iterator[SentPacket]:
    """Of the length that speech has."""
    dice = random.Random(0)
    return _each(seconds, 1, lambda number: VoicePacket(BEN, 2002, number, number * 960, dice.randbytes(120)))


def _wrong_lengths(seconds: float) -> Iterator[SentPacket]:
    dice, lengths = random.Random(1), itertools.cycle((0, 1, 2, 3, 1275, 1400, 4000, 60_000))
    return _each(seconds, 1, lambda number: VoicePacket(BEN, 2002, number, number * 960, dice.randbytes(next(lengths))))


def _random_numbers(seconds: float) -> Iterator[SentPacket]:
    """Sound, under any number and at any time."""
    dice, frames = random.Random(2), itertools.cycle(encode_as_clients_do(spoken_words()))
    return _each(
        seconds,
        1,
        lambda _: VoicePacket(BEN, 2002, dice.getrandbits(16), dice.getrandbits(32), next(frames)),
    )


def _flood(seconds: float) -> Iterator[SentPacket]:
    """Ten times as many packets as speech has."""
    frames = itertools.cycle(encode_as_clients_do(spoken_words()))
    return _each(seconds, 10, lambda number: VoicePacket(BEN, 2002, number & 0xFFFF, number * 960, next(frames)))


def _many_streams(seconds: float) -> Iterator[SentPacket]:
    """Each packet by another of 100 SSRCs."""
    frames = itertools.cycle(encode_as_clients_do(spoken_words()))
    return _each(seconds, 1, lambda number: VoicePacket(BEN, 3000 + number % 100, number // 100, 960, next(frames)))


def _many_members(seconds: float) -> Iterator[SentPacket]:
    """A hundred members, of whom each sends a packet in two seconds."""
    frames = itertools.cycle(encode_as_clients_do(spoken_words()))
    return _each(seconds, 1, lambda number: VoicePacket(1000 + number % 100, number % 100, number, 960, next(frames)))


def _each(seconds: float, at_once: int, make: Callable[[int], VoicePacket]) -> Iterator[SentPacket]:
    for number in range(round(seconds / FRAME_SECONDS) * at_once):
        yield SentPacket(number // at_once * FRAME_SECONDS, make(number))


_FLOODS: Final[dict[str, Callable[[float], Iterator[SentPacket]]]] = {
    "random bytes": _random_bytes,
    "wrong lengths": _wrong_lengths,
    "random numbers and times": _random_numbers,
    "ten times too many packets": _flood,
    "100 SSRCs of one member": _many_streams,
    "100 members": _many_members,
}


def _resident_megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20
