"""Trying the assistant with more and more calls."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.cpu_yardstick import CpuYardstick
from bench.common.process_usage import ProcessUsage
from bench.scale.scale_row import Idle, ScaleRow, Speaking, speaking_of
from bench.scale.scale_table import scale_lines
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.turns import take_turn, talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long each part is measured, in seconds."""

    settle: float = 3.0
    """A pause after calls have started."""
    idle: float = 10.0
    """While nobody types."""
    talk: float = 20.0
    """Members start turns for so long."""
    spread: float = 10.0
    """Within this time the calls start their first turns: about the length of a turn."""


QUICK: Final = Durations(settle=0.5, idle=1.0, talk=3.0, spread=1.0)
"""Enough to see that everything works."""


async def try_assistant(
    calls: Sequence[int], durations: Durations, *, short: bool = False
) -> tuple[Idle, list[ScaleRow]]:
    """Try the ascending numbers of calls on one bot; `short` answers take one second instead of ten.

    Raises:
        TimeoutError: the bot does not become ready, or does not report.
        ExceptionGroup: the bot does not join a call, or does not answer in it.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder)) as bed:
            bed.script.is_short = short
            await asyncio.sleep(durations.settle)
            before, after = await _rest(bed, durations.idle)
            nothing = Idle(resident_bytes=after.resident_bytes, cores=after.cores_since(before))
            rows: list[ScaleRow] = []
            # The bot keeps what it has said: after two turns the same answer's speech is in its cache.
            await bed.crowd.start_calls(1)
            for _ in range(2):
                await take_turn(bed.crowd.places[0])
            for count in calls:
                rows.append(await _try(bed, count, durations))
                print(scale_lines(rows[-1]), file=sys.stderr, flush=True)
            return nothing, rows


async def _try(bed: ScaleTestBed, calls: int, durations: Durations) -> ScaleRow:
    await bed.crowd.start_calls(calls)
    await asyncio.sleep(durations.settle)
    before, after = await _rest(bed, durations.idle)
    bed.script.is_fresh = False
    same = await _speak(bed, durations)
    bed.script.is_fresh = True
    return ScaleRow(
        calls=calls,
        resident_bytes=after.resident_bytes,
        idle_cores=after.cores_since(before),
        same=same,
        fresh=await _speak(bed, durations),
    )


async def _rest(bed: ScaleTestBed, seconds: float) -> tuple[ProcessUsage, ProcessUsage]:
    before = bed.usage
    await asyncio.sleep(seconds)
    return before, bed.usage


async def _speak(bed: ScaleTestBed, durations: Durations) -> Speaking:
    await bed.look_inside()
    before, own_before = bed.usage, bed.own_usage
    async with CpuYardstick() as yardstick:
        turns = await talk(bed.crowd.places, durations.talk, spread=durations.spread)
    after, own_after = bed.usage, bed.own_usage
    return speaking_of(
        turns,
        before,
        after,
        listener_cores=own_after.cores_since(own_before),
        yardstick=yardstick.seconds,
        lag=await bed.look_inside(),
    )
