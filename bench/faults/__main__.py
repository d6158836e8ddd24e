"""`python -m bench.faults`: every fault of a voice call, tried on the usual pipeline and on the assistant.

It takes about six minutes, and needs POSIX signals, which block a bot's event loop. With --combined, it draws several
faults at a time at random, and tries them on the assistant. With --hearing, a member speaks when the faults come, and
words are counted that the assistant does not hear; that takes three minutes. With --interruptions, the faults come
while a member speaks over an answer, or pauses in a question; that takes seven minutes.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.faults.cases import CASES
from bench.faults.combined import combined
from bench.faults.fault_table import LEGEND, fault_summary, fault_table
from bench.faults.fault_trial import try_all
from bench.faults.hearing_cases import HEARING_CASES
from bench.faults.hearing_table import HEARING_LEGEND, hearing_json, hearing_table
from bench.faults.hearing_trial import try_hearing
from bench.faults.interruption_cases import INTERRUPTION_CASES
from bench.faults.interruption_table import INTERRUPTION_LEGEND, interruption_json, interruption_table
from bench.faults.interruption_trial import try_interruptions
from bench.faults.verdict import as_json
from bench.subjects.benched_bot import BenchedBot


def main() -> int:
    """Try the faults and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--only", metavar="TEXT", help="only faults whose name contains this text")
    parser.add_argument("--assistant-only", action="store_true", help="leave out the usual pipeline")
    parser.add_argument("--combined", type=int, metavar="CALLS", help="this many calls with several faults each")
    parser.add_argument("--hearing", action="store_true", help="the faults that come while a member speaks")
    parser.add_argument("--interruptions", action="store_true", help="those in the middle of interruptions")
    parser.add_argument("--seed", type=int, default=0, help="random seed of the first combined call; others count up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all details to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    if arguments.hearing:
        details = _try_hearing(arguments.only or "")
    elif arguments.interruptions:
        details = _try_interruptions(arguments.only or "")
    else:
        details = _try_speaking(arguments)
    if arguments.json is not None:
        write_measurement(arguments.json, details)
    return 0


def _try_hearing(only: str) -> list[dict[str, Any]]:
    verdicts = asyncio.run(try_hearing([case for case in HEARING_CASES if only in case.name]))
    print(f"{HEARING_LEGEND}\n\n{hearing_table(verdicts)}")
    return [hearing_json(verdict) for verdict in verdicts]


def _try_interruptions(only: str) -> list[dict[str, Any]]:
    verdicts = asyncio.run(try_interruptions([case for case in INTERRUPTION_CASES if only in case.name]))
    print(f"{INTERRUPTION_LEGEND}\n\n{interruption_table(verdicts)}")
    return [interruption_json(verdict) for verdict in verdicts]


def _try_speaking(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    bots = [BenchedBot.REFERENCE, BenchedBot.ASSISTANT]
    if arguments.assistant_only or arguments.combined:
        bots = [BenchedBot.ASSISTANT]
    if arguments.combined:
        cases = [combined(arguments.seed + number) for number in range(arguments.combined)]
    else:
        cases = [case for case in CASES if arguments.only is None or arguments.only in case.name]
    verdicts = asyncio.run(try_all(cases, bots))
    print(f"{LEGEND}\n\n{fault_table(verdicts)}\n\n{fault_summary(verdicts)}")
    return [as_json(verdict) for verdict in verdicts]


if __name__ == "__main__":
    sys.exit(main())
