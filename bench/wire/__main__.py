"""`python -m bench.wire`: what a voice packet costs; half a minute.

`--hostile 10000000` sends that many hostile ones in each row.
"""

import argparse
import resource
import sys

from bench.common.machine_info import machine_info
from bench.common.markdown_table import markdown_table
from bench.wire.packet_costs import hostile_cost, receive_cost, rubbish_cost, send_cost
from voicewire.ciphers import CIPHERS
from voicewire.dave import available_sessions
from voicewire.dave.mls_session import MakeMlsSession

_HEAD = ("DAVE by", "transport", "send", "receive", "drop unopened", "rubbish", "hostile")


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.wire", description=__doc__)
    parser.add_argument("--hostile", type=int, default=200_000, help="how many hostile packets for each row")
    count: int = parser.parse_args().hostile
    print(f"{machine_info()}\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = [_row(name, mode, library, count) for name, library in available_sessions().items() for mode in CIPHERS]
    print(markdown_table(_HEAD, rows))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"\nMicroseconds of CPU for each packet of 160 bytes of Opus. Peak memory grew by {grown / 1024:.0f} MB.")
    return 0


def _row(name: str, mode: str, library: MakeMlsSession, count: int) -> tuple[str, ...]:
    hostile, done = hostile_cost(mode, library, count)
    return (
        name,
        mode,
        f"{send_cost(mode, library):.1f}",
        f"{receive_cost(mode, library, wants=True):.1f}",
        f"{receive_cost(mode, library, wants=False):.1f}",
        f"{rubbish_cost(mode, library):.1f}",
        f"{hostile:.1f} ({done:,})",
    )


if __name__ == "__main__":
    sys.exit(main())
