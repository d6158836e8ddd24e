"""`python -m bench.scale`: what the assistant costs with one call and with hundreds, and how well it serves them.

The bot that ships runs in a process of its own. This process is Discord, the model and Google's speech; it reads
only the headers of voice packets.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.scale.endurance import Endurance, StartUp, endurance_report, endure, start_up
from bench.scale.heard_table import heard_table
from bench.scale.heard_trial import HEARD, try_heard
from bench.scale.memory import memory_report
from bench.scale.reference_scale import REFERENCE_CALLS, ReferenceRow, reference_table, try_reference
from bench.scale.scale_plot import plot_scale
from bench.scale.scale_row import Idle, ScaleRow
from bench.scale.scale_table import scale_table
from bench.scale.scale_trial import QUICK, Durations, try_assistant

_CALLS: Final = (1, 10, 50, 100, 150, 200)
_HEARD_CALLS: Final = (10, 50, 100)
_QUICK_CALLS: Final = (1, 4)
_TURNS: Final = 150
_QUICK_TURNS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything that is measured."""

    nothing: Idle
    """The assistant without a call."""
    rows: list[ScaleRow]
    """The assistant with more and more calls."""
    reference: list[ReferenceRow]
    """The usual pipeline with some."""
    endurance: Endurance
    """The assistant in one long call."""
    starts: list[StartUp]
    """The assistant at its start, with each engine."""


async def _measure_all(*, quick: bool) -> Measured:
    durations = QUICK if quick else Durations()
    nothing, rows = await try_assistant(_QUICK_CALLS if quick else _CALLS, durations, short=quick)
    reference_calls = _QUICK_CALLS if quick else REFERENCE_CALLS
    return Measured(
        nothing=nothing,
        rows=rows,
        reference=await try_reference(reference_calls, durations.talk, durations.spread, short=quick),
        endurance=await endure(_QUICK_TURNS if quick else _TURNS),
        starts=[await start_up(engine) for engine in ("gtts", "offline")],
    )


def main() -> int:
    """Measure; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 and 4 calls, a few seconds each")
    parser.add_argument("--memory", action="store_true", help="measure nothing but memory, in three minutes")
    parser.add_argument(
        "--heard", action="store_true", help="measure nothing but calls in which members speak, in three minutes"
    )
    parser.add_argument("--calls", type=int, nargs="+", metavar="N", help="with --heard: these numbers of calls")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all measurements to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them into this file, SVG or PNG")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    if arguments.memory:
        print(memory_report())
        return 0
    if arguments.heard:
        calls = arguments.calls or (_QUICK_CALLS if arguments.quick else _HEARD_CALLS)
        heard = asyncio.run(try_heard(calls, QUICK if arguments.quick else HEARD, short=arguments.quick))
        print(heard_table(heard))
        return 0
    start = time.monotonic()
    measured = asyncio.run(_measure_all(quick=arguments.quick))
    print(scale_table(measured.nothing, measured.rows))
    print(endurance_report(measured.endurance, measured.starts))
    print(f"\n{reference_table(measured.reference, measured.rows)}")
    print(f"- measured in {time.monotonic() - start:.0f} s")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(asdict(measured), indent=1), "utf-8")
    if arguments.plot is not None:
        plot_scale(measured.rows, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
