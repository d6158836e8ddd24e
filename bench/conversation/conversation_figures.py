"""The parts of `python -m bench.conversation`, one after the other."""

import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from assistant.hearing.models import HearingModels
from bench.conversation.addressing_trial import addressing_in_calls, addressing_in_text
from bench.conversation.answer_delay import delay_figures
from bench.conversation.cut_trial import cut_figures
from bench.conversation.disturbances import KINDS, disturbances
from bench.conversation.group_trial import group_figures
from bench.conversation.latency_trial import latency_figures, quick_voice
from bench.conversation.rivals.rival_trial import Rival, RivalFailed, rival_delays
from bench.conversation.spoken_over_trial import false_interruptions, true_interruptions
from bench.hearing.figure import Figure
from bench.hearing.sounds import in_a_room, sound_of
from bench.hearing.timed_speech import TimedSpeech, timed_speech
from bench.hearing.word_trial import Said, people_say
from tests.support.recorded_speech import Recording


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    questions: int
    """Recordings of people that are answered, at most."""
    interruptions: int
    """Times that somebody is heard while the assistant speaks, of each kind."""
    cut: int
    """Recordings of people that may be cut in two, at most."""
    addressed: int
    """Sentences with the name, and without, that are said in a call; 0: only their texts are looked at."""
    scripts: int
    """Conversations of three people,"""
    script_seconds: float
    """each so long."""


USUAL: Final = Extent(questions=30, interruptions=100, cut=1000, addressed=100, scripts=10, script_seconds=120.0)
QUICK: Final = Extent(questions=3, interruptions=5, cut=12, addressed=0, scripts=1, script_seconds=30.0)


@dataclass(frozen=True)
class ConversationBench:
    """What is measured, on what."""

    everything: Sequence[Recording]
    """The recordings."""
    extent: Extent
    """How much of it."""
    pythons: Mapping[Rival, Path] = field(default_factory=dict)
    """Where others are installed."""

    async def measure(self, parts: Sequence[str]) -> list[Figure]:
        """Measure these of PARTS."""
        figures = []
        for part in parts:
            async for figure in _PARTS[part](self):
                print(f"{figure.name}: {figure.value}", file=sys.stderr, flush=True)
                figures.append(figure)
        return figures

    @cached_property
    def models(self) -> HearingModels:
        """What an ear needs."""
        return HearingModels.load()

    @cached_property
    def questions(self) -> list[tuple[Said, TimedSpeech]]:
        """What people say in English without a pause that ends a turn."""
        english = [each for each in self.everything if each.language == "en"]
        found: list[tuple[Said, TimedSpeech]] = []
        for said in people_say(english, [sound_of(each) for each in english]):
            found += [(said, timed) for timed in timed_speech([said], self.models)]
            if len(found) == self.extent.questions:
                break
        return found


async def _latency(bench: ConversationBench) -> AsyncIterator[Figure]:
    for figure in await latency_figures([timed for _, timed in bench.questions]):
        yield figure


async def _rivals(bench: ConversationBench) -> AsyncIterator[Figure]:
    spoken = [(in_a_room(said.samples, 0.2, 1.5), timed.last_voice) for said, timed in bench.questions]
    for rival in Rival:
        if rival not in bench.pythons:
            yield Figure(f"{rival}", f"not measured: no --{rival}")
            continue
        try:
            delays = await rival_delays(rival, bench.pythons[rival], spoken, quick_voice)
        except RivalFailed as error:
            yield Figure(f"{rival}", f"not measured: {error}")
            continue
        for figure in delay_figures(rival, delays):
            yield figure


async def _cuts(bench: ConversationBench) -> AsyncIterator[Figure]:
    english = [each for each in bench.everything if each.language == "en"]
    for figure in await cut_figures(english[: bench.extent.cut], bench.models):
        yield figure


async def _addressing(bench: ConversationBench) -> AsyncIterator[Figure]:
    for figure in addressing_in_text(100):
        yield figure
    if bench.extent.addressed:
        for figure in await addressing_in_calls(bench.extent.addressed):
            yield figure


async def _group(bench: ConversationBench) -> AsyncIterator[Figure]:
    for figure in await group_figures(range(bench.extent.scripts), bench.extent.script_seconds):
        yield figure


async def _interruptions(bench: ConversationBench) -> AsyncIterator[Figure]:
    for figure in await true_interruptions(bench.extent.interruptions):
        yield figure
    for kind in KINDS:
        try:
            sounds = disturbances(kind, bench.everything)
        except LookupError as error:
            yield Figure(kind, f"not measured: no recording {error}")
            continue
        for figure in await false_interruptions(kind, sounds, bench.extent.interruptions):
            yield figure


_PARTS: Final[Mapping[str, Callable[[ConversationBench], AsyncIterator[Figure]]]] = {
    "latency": _latency,
    "rivals": _rivals,
    "cuts": _cuts,
    "interruptions": _interruptions,
    "addressing": _addressing,
    "group": _group,
}
PARTS: Final = tuple(_PARTS)
"""What there is to measure, in the order of the table."""
