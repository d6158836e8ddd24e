"""What the ear alone is worth: where it cuts turns, what it takes for speech, what it costs. No word is looked at."""

import statistics
from collections.abc import Sequence
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from bench.common.markdown_table import markdown_table
from bench.hearing.ear_costs import ear_costs
from bench.hearing.false_turns import false_turns
from bench.hearing.sounds import sound_of
from bench.hearing.turn_trial import CutRecording, cut_recordings
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE

_HEAD: Final = (
    "people",
    "recordings",
    "in one turn",
    "turns",
    "unheard",
    "begin lost",
    "end lost",
    "wait",
    "stray turns",
)
_COST_SECONDS: Final = 60


def print_ear_tables(everything: Sequence[Recording], models: HearingModels, minutes: float, *, each_one: bool) -> None:
    """Each sound that is no speech lasts so many minutes; `each_one`: a line for each recording that is cut."""
    people = [each for each in everything if each.is_speech]
    _print_turns(people, models, each_one=each_one)
    rows = [
        (each.name, f"{len(each.turns)}", f"{each.seconds:.0f}", f"{each.dropped}")
        for each in false_turns(everything, models, minutes)
    ]
    print(f"\n{markdown_table((f'{minutes:g} min of', 'turns', 'seconds', 'dropped'), rows)}")
    speech = np.resize(np.concatenate([sound_of(each) for each in people]), _COST_SECONDS * RATE)
    costs = [(name, f"{cost:.2f}") for name, cost in ear_costs(speech, models)]
    print(f"\n{markdown_table(('CPU', 'ms for a second'), costs)}")


def _print_turns(people: Sequence[Recording], models: HearingModels, *, each_one: bool) -> None:
    rooms = {"in a quiet room": None, "babble 15 dB softer": 15.0, "babble 10 dB softer": 10.0}
    cuts = {room: cut_recordings(people, models, babble_decibels=decibels) for room, decibels in rooms.items()}
    print(markdown_table(_HEAD, [_row(room, each) for room, each in cuts.items()]))
    if each_one:
        for cut in (each for group in cuts.values() for each in group if each.turns != 1 or _lost(each)):
            print(f"- {cut.name}: {cut.turns} turns, begin {cut.first_lost:+.2f}, end {cut.last_lost:+.2f}")


def _row(room: str, cuts: Sequence[CutRecording]) -> tuple[str, ...]:
    waits = [each.longest_wait for each in cuts if each.turns]
    return (
        room,
        f"{len(cuts)}",
        f"{sum(each.turns == 1 for each in cuts)}",
        f"{sum(each.turns for each in cuts)}",
        f"{sum(not each.turns for each in cuts)}",
        f"{sum(each.turns > 0 and each.first_lost > 0 for each in cuts)}",
        f"{sum(each.turns > 0 and each.last_lost > 0 for each in cuts)}",
        f"{statistics.median(waits):.2f} s, at most {max(waits):.2f} s" if waits else "-",
        f"{sum(each.stray_turns for each in cuts)}",
    )


def _lost(cut: CutRecording) -> bool:
    return cut.first_lost > 0 or cut.last_lost > 0
