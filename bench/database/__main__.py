"""`python -m bench.database`: how many transactions the database sees; two minutes.

They are counted, so the speed of the machine does not matter.
"""

import argparse
import asyncio
import sys

from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_table
from bench.database.transactions import count_transactions


def main() -> int:
    """Count and print; return the exit status."""
    argparse.ArgumentParser(prog="python -m bench.database", description=__doc__).parse_args()
    print(f"{machine_info()}\n")
    found = asyncio.run(count_transactions())
    print(markdown_table(("", "transactions"), [(what, f"{count:.1f}") for what, count in found.items()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
