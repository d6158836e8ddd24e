"""`python -m bench.hostile`: a call under each attack, one after the other; about 15 minutes. Linux only.

The attacks of a PostgreSQL server need one: TEST_POSTGRES_URL names it, or it is started. Last come two processes that
are stopped in a bad moment; `python -m bench.restarts` has more of those.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.hostile.all_attacks import ATTACKS
from bench.hostile.hostile_row import LEGEND, hostile_summary, hostile_table
from bench.hostile.hostile_trial import try_attacks
from bench.hostile.stopped_processes import STOPS, STOPS_LEGEND, stops_table, try_stops


def main() -> int:
    """Try the attacks and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("--only", metavar="TEXT", help="only attacks whose name contains this text")
    parser.add_argument("--quick", action="store_true", help="only some attacks, as the tests do")
    parser.add_argument("--at-once", type=int, default=1, help="how many calls at a time; more disturb each other")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep the processes' logs in this folder")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    attacks = [
        attack
        for attack in ATTACKS
        if (arguments.only is None or arguments.only in attack.name) and (attack.is_quick or not arguments.quick)
    ]
    stops = {
        name: stop
        for name, stop in STOPS.items()
        if (arguments.only is None or arguments.only in name) and not arguments.quick
    }
    rows = asyncio.run(try_attacks(attacks, arguments.at_once, arguments.logs))
    stopped = asyncio.run(try_stops(stops))
    print(f"{LEGEND}\n\n{hostile_table(rows)}\n\n{hostile_summary(rows)}")
    if stopped:
        print(f"\n{STOPS_LEGEND}\n\n{stops_table(stopped)}")
    if arguments.json is not None:
        written = [asdict(row) for row in rows] + [asdict(row) for row in stopped.values()]
        write_measurement(arguments.json, written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
