"""`python -m bench.conversation.smart_turn_trial`: does smart-turn v3 end turns better than a silence and the words do?

It is asked behind 0.2 s of each silence in recordings of people: in their pauses, and at their ends.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from prometheus_client import CollectorRegistry

from assistant.hearing.models import HearingModels
from assistant.stt.moonshine import MoonshineEngine
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.text.unfinished import is_unfinished
from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_table
from bench.conversation.pauses import Pause, pauses_of
from bench.conversation.smart_turn import SmartTurn
from bench.hearing.sounds import in_a_room, pcm_of, sound_of
from tests.support.recorded_speech import FOLDER, Recording, recordings
from tests.support.sent_packets import RATE

_ASKED_AFTER: Final = 0.2
_SILENCE: Final = 0.7
_LONGEST: Final = 3.0
"""Seconds of silence that end a turn in pipecat, whatever is said."""
_ANSWER: Final = 1.2
"""Seconds from the last voice to the first sound of an answer that was begun in the pause. Until then, what is cut in
two is joined again."""
_PATIENCE_SECONDS: Final = 120.0
"""For the recognizer: the machine may be loaded."""
_BEFORE_SECONDS: Final = 0.5
_AFTER_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _JudgedPause:
    name: str
    language: str
    pause: Pause
    probability: float
    """That the turn is over, says smart-turn."""
    text: str
    """So far, in English; "" in other languages."""


def _silence(
    *,
    unfinished: float = _SILENCE,
    unsure: float = _SILENCE,
    below: float = 0.0,
    sure: float = _SILENCE,
    over: float = 1.0,
) -> Callable[[_JudgedPause], float]:
    """The silence that ends a turn, in seconds.

    Args:
        unfinished: where the words say that the member goes on.
        unsure: where smart-turn says so,
        below: with a lower probability of an end than this.
        sure: where it says that the turn is over,
        over: with a higher one than this.
    """

    def silence(each: _JudgedPause) -> float:
        if is_unfinished(each.text):
            return unfinished
        return unsure if each.probability < below else sure if each.probability > over else _SILENCE

    return silence


_POLICIES: Final[Mapping[str, Callable[[_JudgedPause], float]]] = {
    "none": _silence(),
    "unfinished words: 1.3 s": _silence(unfinished=1.3),
    "unfinished words: 2.5 s": _silence(unfinished=2.5),
    "the same; p < 0.1: 1.5 s": _silence(unfinished=2.5, unsure=1.5, below=0.1),
    "the same; p < 0.5: 1.5 s": _silence(unfinished=2.5, unsure=1.5, below=0.5),
    "the same; p < 0.5: 2.5 s": _silence(unfinished=2.5, unsure=2.5, below=0.5),
    "unfinished words: 2.5 s; p > 0.5: 0.2 s": _silence(unfinished=2.5, sure=_ASKED_AFTER, over=0.5),
    "unfinished words: 2.5 s; p > 0.9: 0.2 s": _silence(unfinished=2.5, sure=_ASKED_AFTER, over=0.9),
    "p > 0.5: 0.2 s, else 3 s (pipecat)": lambda each: _ASKED_AFTER if each.probability > 0.5 else _LONGEST,
}
"""How much silence ends the turn."""


async def _judge(everything: Sequence[Recording], path: Path) -> list[_JudgedPause]:
    models, network = HearingModels.load(), SmartTurn(path)
    judged, seconds = [], []
    engine = MoonshineEngine()
    engine.timeout = _PATIENCE_SECONDS
    async with Recognizer([engine], Metrics(CollectorRegistry())) as recognizer:
        for recording in everything:
            samples = in_a_room(sound_of(recording), _BEFORE_SECONDS, _AFTER_SECONDS)
            for pause in pauses_of(samples, models):
                heard = samples[: round((pause.begins + _ASKED_AFTER) * RATE)]
                begun = time.perf_counter()
                probability = network.probability(heard)
                seconds.append(time.perf_counter() - begun)
                is_english = recording.language == "en"
                text = (await recognizer.transcribe(pcm_of(heard), "en")).text if is_english else ""
                judged.append(_JudgedPause(recording.name, recording.language, pause, probability, text))
    print(f"smart-turn takes {np.median(seconds) * 1e3:.0f} ms, at most {max(seconds) * 1e3:.0f} ms.\n")
    return judged


def _print_policies(judged: Sequence[_JudgedPause]) -> None:
    turns = len({each.name for each in judged})
    rows = []
    for name, silence in _POLICIES.items():
        waits = [(each, silence(each)) for each in judged]
        cut = {each.name for each, wait in waits if not each.pause.is_end and wait <= each.pause.seconds}
        answered = {
            each.name for each, wait in waits if not each.pause.is_end and max(wait, _ANSWER) <= each.pause.seconds
        }
        ends = [wait for each, wait in waits if each.pause.is_end]
        sounds = [max(wait, _ANSWER) for wait in ends]
        cells = (np.mean(ends), np.percentile(ends, 95), np.mean(sounds), np.percentile(sounds, 95))
        rows.append((name, f"{len(cut)}", f"{len(answered)}", *(f"{each:.2f} s" for each in cells)))
    head = (
        "silence that ends a turn",
        f"of {turns} cut",
        "answered in a pause",
        "end: mean",
        "p95",
        "answer: mean",
        "p95",
    )
    print(markdown_table(head, rows))


def _print_probabilities(judged: Sequence[_JudgedPause]) -> None:
    kinds: dict[str, Callable[[_JudgedPause], bool]] = {
        "pauses of 0.2 to 0.7 s": lambda each: not each.pause.is_end and each.pause.seconds < _SILENCE,
        "pauses of over 0.7 s": lambda each: not each.pause.is_end and each.pause.seconds >= _SILENCE,
        "ends": lambda each: each.pause.is_end,
    }
    rows = []
    for name, belongs in kinds.items():
        those = [each.probability for each in judged if belongs(each)]
        over = [f"{sum(each > limit for each in those)}" for limit in (0.5, 0.9)]
        rows.append((name, str(len(those)), *over))
    print(markdown_table(("silence", "how many", "p > 0.5", "p > 0.9"), rows))


def main() -> int:
    """Try it and print the tables; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.conversation.smart_turn_trial", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, metavar="FILE", help="smart-turn-v3.2-cpu.onnx")
    parser.add_argument("--speech", type=Path, default=FOLDER, metavar="FOLDER", help="recordings and their manifest")
    parser.add_argument("--all", action="store_true", help="also a line for each pause")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    spoken = [each for each in recordings(folder=arguments.speech) if each.is_speech]
    judged = asyncio.run(_judge(spoken, arguments.model))
    groups = {
        "English": [each for each in judged if each.language == "en"],
        "other languages (no words)": [each for each in judged if each.language != "en"],
    }
    for name, group in groups.items():
        print(f"{name}:\n")
        _print_probabilities(group)
        print()
        _print_policies(group)
        print()
    if arguments.all:
        for each in judged:
            end = "end" if each.pause.is_end else f"{each.pause.seconds:.2f} s"
            print(f"{each.name} {each.pause.begins:.1f} s, {end}: {each.probability:.3f} {each.text!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
