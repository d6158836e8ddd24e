"""The parts of `python -m bench.hearing`, one after the other."""

import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry

from assistant.hearing.models import HearingModels
from assistant.stt.moonshine import MoonshineEngine
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from bench.hearing.call_trial import Durations, call_figures, cost_figures, crowd_figures
from bench.hearing.decoded_frames import FORMS, decoded_figure
from bench.hearing.false_turns import false_turns
from bench.hearing.figure import Figure
from bench.hearing.hostile_packets import hostile_figures
from bench.hearing.sounds import sound_of
from bench.hearing.timed_speech import TimedSpeech, timed_speech
from bench.hearing.word_trial import clean_texts, heard_in_a_call, hibari_says, people_say, with_babble, word_figures
from sandbox.voice import NetworkConditions
from tests.support.recorded_speech import Recording

_LOSS: Final = 0.05
_BABBLE_DECIBELS: Final = 10.0
_NO_WORDS: Final = ("hiss", "typing", "cough", "music", "guitar", "piano")
"""Sounds of which nothing may become a word, by a part of their names; of others, words are only counted."""
_PATIENCE_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    people: int
    """Recordings of people in English, at most."""
    sentences: int
    """Of hibari."""
    frame_seconds: float
    """Of speech, for each kind of call in which frames are counted."""
    shouting_seconds: float
    """Of who shouts, in virtual time."""
    calls: int
    """That are held at once."""
    durations: Durations
    """Of what takes real time."""


USUAL: Final = Extent(1000, 40, 20.0, 3600.0, 20, Durations())
QUICK: Final = Extent(3, 2, 1.5, 60.0, 3, Durations(idle=1.0, crowd=2.0))


@dataclass(frozen=True, slots=True)
class _Material:
    everything: Sequence[Recording]
    models: HearingModels
    extent: Extent
    minutes: float

    @property
    def timed(self) -> list[TimedSpeech]:
        """What is said in calls: by people."""
        people = _people(self)
        return timed_speech(people_say(people, [sound_of(each) for each in people]), self.models)


async def measure(
    everything: Sequence[Recording], parts: Sequence[str], extent: Extent, minutes: float
) -> list[Figure]:
    """Measure these of PARTS; sounds that are no speech last so many minutes."""
    material = _Material(everything, HearingModels.load(), extent, minutes)
    figures = []
    for part in parts:
        async for figure in _PARTS[part](material):
            print(f"{figure.name}: {figure.value}", file=sys.stderr, flush=True)
            figures.append(figure)
    return figures


async def _frames(material: _Material) -> AsyncIterator[Figure]:
    for form in FORMS:
        yield await decoded_figure(form, material.models, material.extent.frame_seconds)


async def _words(material: _Material) -> AsyncIterator[Figure]:
    recordings = _people(material)
    people = people_say(recordings, [sound_of(each) for each in recordings])
    voices = {"people": people, "hibari": hibari_says(material.extent.sentences)}
    async with _recognizer() as recognizer:
        clean = {name: await clean_texts(recognizer, said) for name, said in voices.items()}
        for name, said in voices.items():
            for figure in word_figures(name, await heard_in_a_call(recognizer, material.models, said, clean[name])):
                yield figure
        lossy = NetworkConditions(loss=_LOSS)
        heard = await heard_in_a_call(recognizer, material.models, people, clean["people"], network=lossy)
        for figure in word_figures(f"people, {_LOSS:.0%} of packets lost", heard):
            yield figure
        noisy = with_babble(people, _BABBLE_DECIBELS)
        behind = [each.samples for each in noisy]
        clean_noisy = await clean_texts(recognizer, noisy)
        heard = await heard_in_a_call(recognizer, material.models, people, clean_noisy, behind=behind)
        for figure in word_figures(f"people, babble {_BABBLE_DECIBELS:g} dB softer", heard):
            yield figure


async def _noise(material: _Material) -> AsyncIterator[Figure]:
    async with _recognizer() as recognizer:
        for each in false_turns(material.everything, material.models, material.minutes):
            texts = [(await recognizer.transcribe(pcm, "en")).text for pcm in each.turns]
            words = sum(len(text.split()) for text in texts)
            is_bound = any(part in each.name for part in _NO_WORDS)
            yield Figure(
                f"words out of {material.minutes:g} min of {each.name}",
                f"{words}, of {len(each.turns)} turns",
                "0" if is_bound else "",
                words == 0 if is_bound else None,
            )


async def _call(material: _Material) -> AsyncIterator[Figure]:
    is_usual = material.extent is USUAL
    for figure in await call_figures(material.timed, waits_until_gone=is_usual):
        yield figure


async def _cost(material: _Material) -> AsyncIterator[Figure]:
    for figure in await cost_figures(_longest(material), material.extent.durations):
        yield figure


async def _crowd(material: _Material) -> AsyncIterator[Figure]:
    for figure in await crowd_figures(_longest(material), material.extent.calls, material.extent.durations):
        yield figure


async def _hostile(material: _Material) -> AsyncIterator[Figure]:
    seconds = material.extent.frame_seconds
    for figure in hostile_figures(material.models, seconds=seconds, shouting=material.extent.shouting_seconds):
        yield figure


_PARTS: Final[Mapping[str, Callable[[_Material], AsyncIterator[Figure]]]] = {
    "frames": _frames,
    "words": _words,
    "noise": _noise,
    "hostile": _hostile,
    "call": _call,
    "cost": _cost,
    "crowd": _crowd,
}
PARTS: Final = tuple(_PARTS)
"""What there is to measure, in the order of the table."""


def _people(material: _Material) -> list[Recording]:
    return [each for each in material.everything if each.language == "en"][: material.extent.people]


def _longest(material: _Material) -> TimedSpeech:
    return max(material.timed, key=lambda each: len(each.frames))


@asynccontextmanager
async def _recognizer() -> AsyncIterator[Recognizer]:
    """Moonshine as it ships, with time enough for a loaded machine."""
    engine = MoonshineEngine()
    engine.timeout = _PATIENCE_SECONDS
    async with Recognizer([engine], Metrics(CollectorRegistry())) as recognizer:
        yield recognizer
