"""`python -m bench.media_process`: what runs in which process, and how even frames are then; a quarter of an hour.

All forms speak fresh sentences in the same number of calls, one after the other, several rounds. The voice servers are
in a process of their own. Compare figures of one run only, and look at what an idle process's longest pause was.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.media_process.frame_profile import frame_profile
from bench.media_process.json_process import open_json_process
from bench.media_process.media_table import media_table
from bench.media_process.media_trial import MediaRow, try_form
from bench.media_process.process_form import ProcessForm

_CALLS: Final = (1, 50, 100, 200)
_ROUNDS: Final = 2
_SECONDS: Final = 12.0


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.media_process", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=_CALLS, help="how many calls")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="for how long")
    parser.add_argument("--forms", type=ProcessForm, nargs="+", default=list(ProcessForm), help="which forms")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all measurements to this file")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    start = time.monotonic()
    rows = asyncio.run(_measure(arguments.calls, arguments.forms, arguments.rounds, arguments.seconds))
    print(f"{media_table(rows)}\n\n{frame_profile()}\n- measured in {time.monotonic() - start:.0f} s")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    return 0


async def _measure(calls: Sequence[int], forms: Sequence[ProcessForm], rounds: int, seconds: float) -> list[MediaRow]:
    rows: list[MediaRow] = []
    async with open_json_process("bench.media_process.voice_servers", {}) as servers:
        for count in calls:
            for _ in range(rounds):
                for form in forms:
                    rows.append(await try_form(servers, form, count, seconds))
                    print(media_table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
