"""`python -m bench.hearing --ear`: where turns are cut, what is taken for speech, what it costs; five minutes.

Without a recognizer: no word is looked at.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from assistant.hearing.models import HearingModels
from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_table
from bench.hearing.ear_costs import ear_costs
from bench.hearing.false_turns import false_turns
from bench.hearing.sounds import sound_of
from bench.hearing.turn_trial import CutRecording, cut_recordings
from tests.support.recorded_speech import FOLDER, Recording, recordings
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


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.hearing", description=__doc__)
    parser.add_argument("--ear", action="store_true", required=True, help="the ear alone, without a recognizer")
    parser.add_argument("--speech", type=Path, default=FOLDER, metavar="FOLDER", help="recordings and their manifest")
    parser.add_argument("--minutes", type=float, default=10, help="how long each sound that is no speech lasts")
    parser.add_argument("--all", action="store_true", help="a line for each recording that is not heard in one turn")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    models, everything = HearingModels.load(), recordings(folder=arguments.speech)
    people = [each for each in everything if each.is_speech]
    _print_turns(people, models, each_one=arguments.all)
    rows = [
        (each.name, f"{each.turns}", f"{each.seconds:.0f}", f"{each.dropped}")
        for each in false_turns(everything, models, arguments.minutes)
    ]
    print(f"\n{markdown_table((f'{arguments.minutes:g} min of', 'turns', 'seconds', 'dropped'), rows)}")
    speech = np.resize(np.concatenate([sound_of(each) for each in people]), _COST_SECONDS * RATE)
    costs = [(name, f"{cost:.2f}") for name, cost in ear_costs(speech, models)]
    print(f"\n{markdown_table(('CPU', 'ms for a second'), costs)}")
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
