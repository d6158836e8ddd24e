"""`python -m bench.cold_start`: how evenly the first ten seconds of speech come from a process just started.

Nothing is compiled: neither the project, as after a clone, nor its libraries. Discord, the model and Google's speech
run in this process, on 127.0.0.1.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench.cold_start.cold_start_plot import plot_cold_starts
from bench.cold_start.cold_start_trial import ColdStart, start_cold
from bench.cold_start.first_answers import SCENARIOS, Scenario
from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_row, markdown_table
from bench.common.measurement import write_measurement

_HEAD: Final = (
    "first answer",
    "processes",
    "longest distance of two frames, in each",
    "the same of an idle process",
    "event loop held, longest",
    "modules imported meanwhile",
    "ready after",
    "in the channel after",
    "memory at the end",
)


def main() -> int:
    """Measure and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.cold_start", description=__doc__)
    parser.add_argument("--processes", type=int, default=5, help="how many are started for each row")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name has these words")
    parser.add_argument("--logs", action="store_true", help="print what the bots have logged, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them into this file, SVG or PNG")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    print(markdown_table(_HEAD, ()))
    taken: list[tuple[Scenario, list[ColdStart]]] = []
    for scenario in SCENARIOS:
        if arguments.only in scenario.name:
            starts = [asyncio.run(start_cold(scenario)) for _ in range(arguments.processes)]
            taken.append((scenario, starts))
            print(markdown_row(_cells(scenario, starts)), flush=True)
            if arguments.logs:
                for start in starts:
                    print(f"{start.imported}\n{start.log}", file=sys.stderr)
    if arguments.json is not None:
        write_measurement(arguments.json, [_figures(scenario, starts) for scenario, starts in taken])
    if arguments.plot is not None:
        plot_cold_starts(taken, arguments.plot)
    return 0


def _figures(scenario: Scenario, starts: Sequence[ColdStart]) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "loads_a_voice": scenario.loads_a_voice,
        "starts": [{name: value for name, value in asdict(start).items() if name != "log"} for start in starts],
    }


def _cells(scenario: Scenario, starts: Sequence[ColdStart]) -> tuple[str, ...]:
    return (
        scenario.name,
        str(len(starts)),
        ", ".join(f"{start.longest_distance * 1e3:.0f}" for start in starts) + " ms",
        ", ".join(f"{start.machine_distance * 1e3:.0f}" for start in starts) + " ms",
        f"{max(start.loop_held for start in starts) * 1e3:.0f} ms",
        str(max(len(start.imported) for start in starts)),
        f"{max(start.ready for start in starts):.1f} s",
        f"{max(start.joined for start in starts):.1f} s",
        f"{max(start.resident_bytes for start in starts) / 1e6:.0f} MB",
    )


if __name__ == "__main__":
    sys.exit(main())
