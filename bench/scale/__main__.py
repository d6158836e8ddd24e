"""`python -m bench.scale`: what the assistant costs with one call and with hundreds, and how well it serves them.

The bot that ships runs in a process of its own. This process is Discord, the model and Google's speech; it reads
only the headers of voice packets.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.scale.endurance import Endurance, StartUp, endurance_report, endure, start_up
from bench.scale.heard_plot import plot_heard
from bench.scale.heard_table import heard_table
from bench.scale.heard_trial import HEARD, try_heard
from bench.scale.memory import measure_memory, memory_table
from bench.scale.memory_plot import plot_memory
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
        _print_memory(arguments)
    elif arguments.heard:
        _print_heard(arguments)
    else:
        _print_all(arguments)
    return 0


def _print_memory(arguments: argparse.Namespace) -> None:
    memory = measure_memory()
    print(memory_table(memory))
    if arguments.json is not None:
        write_measurement(arguments.json, asdict(memory))
    if arguments.plot is not None:
        plot_memory(memory, arguments.plot)


def _print_heard(arguments: argparse.Namespace) -> None:
    calls = arguments.calls or (_QUICK_CALLS if arguments.quick else _HEARD_CALLS)
    rows = asyncio.run(try_heard(calls, QUICK if arguments.quick else HEARD, short=arguments.quick))
    print(heard_table(rows))
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    if arguments.plot is not None:
        plot_heard(rows, arguments.plot)


def _print_all(arguments: argparse.Namespace) -> None:
    start = time.monotonic()
    measured = asyncio.run(_measure_all(quick=arguments.quick))
    print(scale_table(measured.nothing, measured.rows))
    print(endurance_report(measured.endurance, measured.starts))
    print(f"\n{reference_table(measured.reference, measured.rows)}")
    print(f"- measured in {time.monotonic() - start:.0f} s")
    if arguments.json is not None:
        write_measurement(arguments.json, asdict(measured))
    if arguments.plot is not None:
        plot_scale(measured.rows, arguments.plot)


if __name__ == "__main__":
    sys.exit(main())
