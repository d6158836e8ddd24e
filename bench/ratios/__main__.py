"""`python -m bench.ratios`: this bot beside the usual pipeline, at the same time, in half a minute.

Both have ten calls with an answer of ten seconds in each, as `bench.scale` has them. The figures are rough, their
ratios are not: what disturbs one bot disturbs the other. The tests hold them.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.ratios.ratio_table import ratio_table
from bench.ratios.small_calls import try_bots


def main() -> int:
    """Measure and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.ratios", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    taken = asyncio.run(try_bots())
    print(ratio_table(taken))
    if arguments.json is not None:
        write_measurement(arguments.json, {bot: asdict(calls) for bot, calls in taken.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
