"""What is heard while the assistant speaks, and is no reason to stop."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import numpy as np

from bench.conversation.synthetic_speakers import frames_by
from bench.hearing.sounds import in_a_room, sound_of
from bench.speech.english_sentences import ENGLISH
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE, encode_as_clients_do
from tests.support.sounds import Samples

BEFORE_SECONDS: Final = 0.1
_AFTER_SECONDS: Final = 0.5
_TYPING_SECONDS: Final = 2.0
_BACKCHANNELS: Final = (
    "Mm-hmm.",
    "Yeah.",
    "Uh-huh.",
    "Okay.",
    "Right.",
    "Oh.",
    "Yes.",
    "Hmm.",
    "Ah, okay.",
    "Yeah, yeah.",
)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Somebody is heard."""

    name: str
    """Who: a member of the call; Ada is being answered."""
    frames: Sequence[bytes]
    """What is sent, with room before and behind it; nothing where it is the answer's own echo."""


def disturbances(kind: str, everything: Sequence[Recording]) -> Iterator[Disturbance]:
    """Ever others of one of KINDS, out of these recordings.

    Raises:
        LookupError: the recording of it is not among them.
    """
    by_name = {each.name: each for each in everything}
    return _KINDS[kind](by_name)


def _recorded(name: str, seconds: float | None = None) -> Callable[[Mapping[str, Recording]], Iterator[Disturbance]]:
    """A recording, now louder and now softer; of a long one, so many seconds from ever other places."""

    def disturb(by_name: Mapping[str, Recording]) -> Iterator[Disturbance]:
        return take(sound_of(by_name[name]))

    def take(sound: Samples) -> Iterator[Disturbance]:
        dice = np.random.default_rng(0)
        while True:
            length = len(sound) if seconds is None else round(seconds * RATE)
            start = int(dice.integers(0, max(1, len(sound) - length)))
            yield Disturbance("Ada", _in_a_room(sound[start : start + length] * np.float32(dice.uniform(0.5, 1.0))))

    return disturb


def _backchannels(_: Mapping[str, Recording]) -> Iterator[Disturbance]:
    for text in cycle(_BACKCHANNELS):
        yield Disturbance("Ada", frames_by("Ada", text))


def _neighbours(_: Mapping[str, Recording]) -> Iterator[Disturbance]:
    for number, text in enumerate(cycle(ENGLISH)):
        name = ("Ben", "Cara")[number % 2]
        yield Disturbance(name, frames_by(name, text))


def _echo(_: Mapping[str, Recording]) -> Iterator[Disturbance]:
    while True:
        yield Disturbance("Ada", ())


def _in_a_room(samples: Samples) -> Sequence[bytes]:
    return encode_as_clients_do(in_a_room(samples, BEFORE_SECONDS, _AFTER_SECONDS))


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Recording]], Iterator[Disturbance]]]] = {
    "cough": _recorded("noise-cough"),
    "laughter": _recorded("noise-laugh-evil"),
    '"mhm"': _backchannels,
    "keyboard": _recorded("noise-typing", _TYPING_SECONDS),
    "neighbours": _neighbours,
    "echo": _echo,
}
KINDS: Final = tuple(_KINDS)
"""What there is."""
