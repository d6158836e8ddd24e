"""`python -m bench.side_by_side`: this bot and what a user would pick instead, in one run; half an hour.

All have the same model and speech, which answer at the pace of `bench.first_audio`. The frameworks make no calls on
Discord: they are heard at their own output. `make .venv-rivals/installed` installs the others.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_plot import plot_contenders
from bench.side_by_side.contender_row import ContenderRow
from bench.side_by_side.contender_table import contender_tables
from bench.side_by_side.published import PUBLISHED
from bench.side_by_side.trial_plan import FULL, QUICK, Part, TrialPlan, try_contender


async def _try_all(contenders: Sequence[Contender], plan: TrialPlan) -> list[ContenderRow]:
    """One after the other: at once, each would slow the others down."""
    rows = []
    for contender in contenders:
        rows.append(await try_contender(contender, plan))
        print(contender_tables(rows[-1:]), file=sys.stderr, flush=True)
    return rows


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.side_by_side", description=__doc__)
    parser.add_argument("--only", type=Contender, choices=list(Contender), nargs="+", default=list(Contender))
    parser.add_argument("--parts", type=Part, choices=list(Part), nargs="+", default=list(Part), help="what to measure")
    parser.add_argument("--calls", type=int, nargs="+", help="how many calls speak at once")
    parser.add_argument("--quick", action="store_true", help="a little of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them into this file, SVG or PNG")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    plan = (QUICK if arguments.quick else FULL).of(arguments.parts, arguments.calls)
    rows = asyncio.run(_try_all(arguments.only, plan))
    print(f"{contender_tables(rows)}\n\n{PUBLISHED}")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    if arguments.plot is not None:
        plot_contenders(rows, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
