"""How many words are wrong: recognized out of a call's packets, and out of the recordings themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from assistant.stt.recognizer import Recognizer
from bench.hearing.figure import Figure
from bench.hearing.sounds import babble, in_a_room, loudness, pcm_of
from bench.speech.english_sentences import ENGLISH
from sandbox.voice import NetworkConditions
from sandbox.voice.network_conditions import NetworkPath
from tests.support.listener import word_error_rate, words_of
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE, SentPacket, packets_of, spoken
from tests.support.sounds import Samples
from tests.support.spoken_words import spoken_words
from tests.support.virtual_ear import VirtualEar

_BEFORE_SECONDS: Final = 1.0
_AFTER_SECONDS: Final = 2.0
_FIRST_NUMBER: Final = 5000
_WORST_ADDED: Final = 0.02
"""Of all words, that may be wrong beyond those that are wrong in the recording itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody says something."""

    text: str
    """What."""
    samples: Samples
    """How it sounds, RATE samples a second."""
    speaker: str
    """Who."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The same, as text."""

    said: Said
    """What it was."""
    clean: str
    """What the recognizer makes of the recording itself, with what is to be heard behind it."""
    text: str
    """What became of it in a call."""

    @property
    def is_first_word_lost(self) -> bool:
        """Whether the recording itself gives something for the first word, and the call does not."""
        return _is_lost(self.said.text, self.clean, self.text, slice(1, None))

    @property
    def is_last_word_lost(self) -> bool:
        """The same of the last word."""
        return _is_lost(self.said.text, self.clean, self.text, slice(None, -1))


def people_say(recordings: Sequence[Recording], sounds: Sequence[Samples]) -> list[Said]:
    """What people say in English; not those who laugh or breathe between their words."""
    return [
        Said(each.text, sound, each.speaker)
        for each, sound in zip(recordings, sounds, strict=True)
        if each.language == "en" and "[" not in each.text
    ]


def hibari_says(count: int) -> list[Said]:
    """Sentences by a voice that needs no network."""
    return [Said(text, spoken_words(text), "hibari") for text in ENGLISH[:count]]


async def clean_texts(recognizer: Recognizer, said: Sequence[Said]) -> list[str]:
    """What the recognizer makes of the recordings themselves."""
    return [(await recognizer.transcribe(pcm_of(each.samples), "en")).text for each in said]


async def heard_in_a_call(
    recognizer: Recognizer,
    models: HearingModels,
    said: Sequence[Said],
    clean: Sequence[str],
    *,
    network: NetworkConditions | None = None,
    behind: Sequence[Samples] | None = None,
) -> list[Heard]:
    """Each is said in a call of its own, over this network, or as in `behind`, where others talk on."""
    heard = []
    for number, each in enumerate(said):
        ear = VirtualEar(models)
        sound = in_a_room(each.samples, _BEFORE_SECONDS, _AFTER_SECONDS)
        if behind is not None:  # the ear has heard the member before: how loud they speak is known
            ear.hear(packets_of(spoken(sound)))
            ear.end()
            ear.turns.clear()
            sound = in_a_room(behind[number], _BEFORE_SECONDS, _AFTER_SECONDS)
        sent = packets_of(spoken(sound), begin=ear.time, first=_FIRST_NUMBER)
        ear.hear(_over(network, sent, seed=number))
        texts = [(await recognizer.transcribe(turn.pcm, "en")).text for turn in ear.end()]
        heard.append(Heard(each, clean[number], " ".join(filter(None, texts))))
    return heard


def with_babble(said: Sequence[Said], decibels: float) -> list[Said]:
    """The same where five others talk on behind, so many decibels softer."""
    noisy = []
    for each in said:
        others = [other.samples for other in said if other.speaker != each.speaker] or [each.samples]
        others_talk = babble(others, len(each.samples) / RATE)[: len(each.samples)]
        mixed = each.samples + others_talk * loudness(each.samples) * 10 ** (-decibels / 20)
        noisy.append(Said(each.text, mixed.astype(np.float32), each.speaker))
    return noisy


def error_rate(said: Sequence[Said], texts: Sequence[str]) -> float:
    """The part of all words that is wrong, from 0 to 1 and beyond."""
    counts = [len(words_of(each.text)) for each in said]
    wrong = [word_error_rate(each.text, text) * count for each, text, count in zip(said, texts, counts, strict=True)]
    return sum(wrong) / sum(counts)


def word_figures(name: str, heard: Sequence[Heard]) -> list[Figure]:
    """Word errors, against the recognizer alone; and words lost at either end."""
    said = [each.said for each in heard]
    clean, in_call = error_rate(said, [each.clean for each in heard]), error_rate(said, [each.text for each in heard])
    first = sum(each.is_first_word_lost for each in heard)
    last = sum(each.is_last_word_lost for each in heard)
    return [
        Figure(
            f"word errors, {name} ({len(heard)} recordings)",
            f"{in_call:.1%}; the file itself {clean:.1%}",
            f"{_WORST_ADDED:.0%} more",
            in_call <= clean + _WORST_ADDED,
        ),
        Figure(f"first and last words lost, {name}", f"{first} and {last}", "0", first + last == 0),
    ]


def _is_lost(said: str, clean: str, heard: str, place: slice) -> bool:
    """Whether nothing stands for the word that `place` leaves out, wrong or right, and something does in `clean`."""
    return _lacks(said, heard, place) and not _lacks(said, clean, place)


def _lacks(said: str, heard: str, place: slice) -> bool:
    return _edits(words_of(said)[place], heard) < _edits(words_of(said), heard)


def _edits(words: Sequence[str], heard: str) -> int:
    """The words to change, drop or add."""
    return round(word_error_rate(" ".join(words), heard) * len(words)) if words else len(words_of(heard))


def _over(network: NetworkConditions | None, sent: Sequence[SentPacket], seed: int) -> list[SentPacket]:
    if network is None:
        return list(sent)
    path = NetworkPath(NetworkConditions(loss=network.loss, burst=network.burst, jitter=network.jitter, seed=seed))
    return [SentPacket(at, each.packet) for each in sent for at in path.arrivals(each.at)]
