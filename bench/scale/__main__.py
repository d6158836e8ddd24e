"""`python -m bench.scale`: what the assistant costs, and how well it speaks, with one call and with hundreds.

The bot that ships runs in a process of its own; this one is Discord, the model and Google, and listens to headers only.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.common.cpu_yardstick import Yardstick
from bench.common.machine_info import machine
from bench.common.plots import plot_scale
from bench.common.process_usage import ProcessUsage
from bench.scale.endurance import Endurance, StartUp, endurance_report, endure, start_up
from bench.scale.reference_scale import CALLS as SEED_CALLS
from bench.scale.reference_scale import SeedScale, measure_seed, seed_report
from bench.scale.scale_row import Idle, Scale, Speaking, speaking_of
from bench.scale.scale_table import report, rows_of
from bench.scale.scale_test_bed import ScaleStage, open_scale_stage
from bench.scale.turns import take_turn, talk

_CALLS: Final = (1, 10, 50, 100, 150, 200)
_QUICK_CALLS: Final = (1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long is measured, in seconds."""

    settle: float = 3.0
    """After calls have begun."""
    idle: float = 10.0
    """While nobody types."""
    talk: float = 20.0
    """Turns are begun for so long."""
    spread: float = 10.0
    """Within this the calls begin their first turn: about the length of one."""


QUICK: Final = Lengths(settle=0.5, idle=1.0, talk=3.0, spread=1.0)
"""Enough to see that everything works."""


async def measure(calls: Sequence[int], lengths: Lengths, *, short: bool = False) -> tuple[Idle, list[Scale]]:
    """Try the ascending numbers of calls on one bot; `short` answers take one second instead of ten."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_stage(Path(folder)) as stage:
            stage.script.is_short = short
            await asyncio.sleep(lengths.settle)
            before, after = await _rest(stage, lengths.idle)
            nothing = Idle(resident_bytes=after.resident_bytes, cores=after.cores_since(before))
            rows: list[Scale] = []
            # What was said is kept: after two turns the recordings of the same answer are there.
            await stage.have_calls(1)
            for _ in range(2):
                await take_turn(stage.crowd.places[0])
            for count in calls:
                rows.append(await _try(stage, count, lengths))
                print("\n".join(rows_of(rows[-1])), file=sys.stderr, flush=True)
            return nothing, rows


async def _try(stage: ScaleStage, calls: int, lengths: Lengths) -> Scale:
    await stage.have_calls(calls)
    await asyncio.sleep(lengths.settle)
    before, after = await _rest(stage, lengths.idle)
    stage.script.is_fresh = False
    same = await _speak(stage, lengths)
    stage.script.is_fresh = True
    return Scale(
        calls=calls,
        resident_bytes=after.resident_bytes,
        idle_cores=after.cores_since(before),
        same=same,
        fresh=await _speak(stage, lengths),
    )


async def _rest(stage: ScaleStage, seconds: float) -> tuple[ProcessUsage, ProcessUsage]:
    before = stage.usage
    await asyncio.sleep(seconds)
    return before, stage.usage


async def _speak(stage: ScaleStage, lengths: Lengths) -> Speaking:
    await stage.look_inside()
    before, own_before = stage.usage, stage.own_usage
    async with Yardstick() as yardstick:
        turns = await talk(stage.crowd.places, lengths.talk, spread=lengths.spread)
    after, own_after = stage.usage, stage.own_usage
    return speaking_of(
        turns,
        before,
        after,
        listener_cores=own_after.cores_since(own_before),
        yardstick=yardstick.seconds,
        lag=await stage.look_inside(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that is measured."""

    nothing: Idle
    """The assistant without a call."""
    rows: list[Scale]
    """With more and more of them."""
    seed: list[SeedScale]
    """The seed pipeline with some."""
    endurance: Endurance
    """The assistant in one long call."""
    starts: list[StartUp]
    """The assistant as it starts, with each engine."""


async def _measure_all(*, quick: bool) -> Measured:
    lengths = QUICK if quick else Lengths()
    nothing, rows = await measure(_QUICK_CALLS if quick else _CALLS, lengths, short=quick)
    return Measured(
        nothing=nothing,
        rows=rows,
        seed=await measure_seed(_QUICK_CALLS if quick else SEED_CALLS, lengths.talk, lengths.spread, short=quick),
        endurance=await endure(9 if quick else 150),
        starts=[await start_up(engine) for engine in ("gtts", "offline")],
    )


def main() -> int:
    """Measure; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1 and 4 calls, some seconds each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it there, as SVG or PNG")
    arguments = parser.parse_args()
    began = time.monotonic()
    measured = asyncio.run(_measure_all(quick=arguments.quick))
    print(report(measured.nothing, measured.rows))
    print(endurance_report(measured.endurance, measured.starts))
    print(f"\n{seed_report(measured.seed, measured.rows)}")
    print(f"- machine: {machine()}\n- measured in {time.monotonic() - began:.0f} s")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(asdict(measured), indent=1), "utf-8")
    if arguments.plot is not None:
        plot_scale(measured.rows, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
