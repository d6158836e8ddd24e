"""`python -m bench.call`: what one call is like, measured on real sockets.

The bot runs in a process of its own; Discord, the model and Google's speech run in this one, on 127.0.0.1.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.call.call_figures import MEASUREMENTS
from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_row, markdown_table


async def _measure_all() -> None:
    print(markdown_table(("measure", ""), ()))
    for measure in MEASUREMENTS:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for figure in await measure(Path(folder)):
                print(markdown_row(figure), flush=True)


def main() -> int:
    """Measure and print the table; return the exit status."""
    argparse.ArgumentParser(prog="python -m bench.call", description=__doc__).parse_args()
    print(f"{machine_info()}\n")
    asyncio.run(_measure_all())
    return 0


if __name__ == "__main__":
    sys.exit(main())
