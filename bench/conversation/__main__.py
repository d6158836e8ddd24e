"""`python -m bench.conversation`: how a conversation goes with a bot that hears, with the bot as it ships.

It needs moonshine. --quick shows that everything works, in a few minutes.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.conversation.conversation_figures import PARTS, QUICK, USUAL, ConversationBench
from bench.conversation.rivals.rival_trial import Rival
from bench.conversation.timeline_plot import plot_timeline
from bench.conversation.timeline_trial import timeline_of
from bench.hearing.figure import figure_table
from tests.support.recorded_speech import FOLDER, recordings


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.conversation", description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", help="only these parts")
    parser.add_argument("--speech", type=Path, default=FOLDER, metavar="FOLDER", help="recordings and their manifest")
    parser.add_argument("--quick", action="store_true", help="only a little of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--timeline", type=Path, metavar="FILE", help="draw one conversation instead, as .svg or .png")
    for rival in Rival:
        parser.add_argument(
            f"--{rival}", type=Path, metavar="PYTHON", help=f"measure {rival} too: a Python in which it is installed"
        )
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    everything = recordings(folder=arguments.speech)
    if arguments.timeline is not None:
        plot_timeline(asyncio.run(timeline_of(everything)), arguments.timeline)
        return 0
    pythons = {rival: python for rival in Rival if (python := getattr(arguments, rival)) is not None}
    bench = ConversationBench(everything, QUICK if arguments.quick else USUAL, pythons)
    figures = asyncio.run(bench.measure(arguments.only or PARTS))
    print(figure_table(figures))
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(each) for each in figures])
    return 0


if __name__ == "__main__":
    sys.exit(main())
