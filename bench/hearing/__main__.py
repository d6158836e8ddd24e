"""`python -m bench.hearing`: what a member says in a call, and what the bot understands of it; half an hour.

It needs moonshine. --ear measures the ear alone, without a recognizer, in five minutes; --quick shows that everything
works, in one.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from assistant.hearing.models import HearingModels
from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.hearing.all_figures import PARTS, QUICK, USUAL, measure
from bench.hearing.ear_tables import print_ear_tables
from bench.hearing.figure import figure_table
from tests.support.recorded_speech import FOLDER, recordings


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.hearing", description=__doc__)
    parser.add_argument("--ear", action="store_true", help="the ear alone, without a recognizer")
    parser.add_argument("--only", choices=PARTS, action="append", help="only these parts")
    parser.add_argument("--speech", type=Path, default=FOLDER, metavar="FOLDER", help="recordings and their manifest")
    parser.add_argument("--minutes", type=float, default=10, help="how long each sound that is no speech lasts")
    parser.add_argument("--all", action="store_true", help="with --ear: a line for each recording that is cut")
    parser.add_argument("--quick", action="store_true", help="only a little of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    everything = recordings(folder=arguments.speech)
    if arguments.ear:
        print_ear_tables(everything, HearingModels.load(), arguments.minutes, each_one=arguments.all)
        return 0
    extent = QUICK if arguments.quick else USUAL
    figures = asyncio.run(measure(everything, arguments.only or PARTS, extent, arguments.minutes))
    print(figure_table(figures))
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(each) for each in figures])
    return 0


if __name__ == "__main__":
    sys.exit(main())
