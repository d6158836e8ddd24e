"""`python -m bench.playout`: one frame clock for all calls, compared with py-cord's thread per call.

Both send the same ready-made frames over the same end-to-end encrypted connections. For the clock, the interpreter is
set up as in the assistant; for py-cord it keeps its defaults. The bot runs in a process of its own. This process only
listens, to packet headers alone, and the kernel stamps when each packet arrives.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.playout.player_kind import PlayerKind
from bench.playout.playout_plot import plot_playout
from bench.playout.playout_table import playout_table
from bench.playout.playout_trial import try_player


def main() -> int:
    """Measure both players; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.playout", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 and 10 calls, a few seconds each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all measurements to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them into this file, SVG or PNG")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    start = time.monotonic()
    rows = [row for player in PlayerKind for row in asyncio.run(try_player(player, quick=arguments.quick))]
    print(f"{playout_table(rows)}\n- measured in {time.monotonic() - start:.0f} s")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    if arguments.plot is not None:
        plot_playout(rows, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
