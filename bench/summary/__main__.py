"""`python -m bench.summary`: the figures that everything is about, beside their targets; it measures nothing itself.

The others have written them into files; `make bench` makes all of those.
"""

import argparse
import sys
from pathlib import Path

from bench.common.machine_info import machine_info
from bench.summary.summary_table import summary_table


def main() -> int:
    """Print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.summary", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("bench/out"), help="where the files are")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    print(summary_table(arguments.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
