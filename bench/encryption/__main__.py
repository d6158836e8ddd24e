"""`python -m bench.encryption`: calls with members by Discord's own library; six minutes. Needs dave.py."""

import argparse
import asyncio
import sys

from bench.common.machine_info import machine_info
from bench.encryption.call_kinds import CALL_KINDS
from bench.encryption.encryption_row import EncryptionRow
from bench.encryption.encryption_table import LEGEND, encryption_summary, table_head, table_row
from bench.encryption.encryption_trial import try_kind
from voicewire.dave import available_sessions


def main() -> int:
    """Try all kinds and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.encryption", description=__doc__)
    parser.add_argument("--only", metavar="TEXT", default="", help="only kinds whose name contains this text")
    only: str = parser.parse_args().only
    print(f"{machine_info()}\n\n{LEGEND}\n\n{table_head()}")
    print(f"\n{encryption_summary(asyncio.run(_try_all(only)))}")
    return 0


async def _try_all(only: str) -> list[EncryptionRow]:
    rows = []
    for kind in CALL_KINDS:
        for library, make_session in available_sessions().items() if only in kind.name else ():
            rows.append(await try_kind(kind, library, make_session))
            print(table_row(rows[-1]), flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
