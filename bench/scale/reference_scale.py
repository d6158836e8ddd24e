"""What a call costs the seed pipeline: the same turns, its ffmpeg processes counted in."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.cpu_yardstick import Yardstick
from bench.scale.scale_row import Scale, Speaking, speaking_of
from bench.scale.scale_test_bed import SEED, ScaleStage, open_scale_stage
from bench.scale.turns import talk

CALLS: Final = (1, 10, 20)
"""More than two cores bear are not tried."""
_LOOK_SECONDS: Final = 0.25
_MEGABYTE: Final = 1024 * 1024
_HEAD: Final = (
    "calls",
    "bot",
    "memory, MB",
    "CPU of a speaking call",
    "p99, ms",
    "over 40 ms",
    "first audio p50, s",
    "fixed work, ms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedScale:
    """The seed pipeline with some number of calls."""

    calls: int
    """How many."""
    idle_bytes: int
    """Its memory before anybody has typed."""
    most_bytes: int
    """The most memory it had while the calls spoke."""
    speaking: Speaking
    """Turns whose every sentence is new."""


async def measure_seed(calls: Sequence[int], seconds: float, spread: float, *, short: bool) -> list[SeedScale]:
    """Try the ascending numbers of calls on one seed; the rest is as for the assistant."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_stage(Path(folder), program=SEED) as stage:
            stage.script.is_fresh, stage.script.is_short = True, short
            return [await _try(stage, count, seconds, spread) for count in calls]


async def _try(stage: ScaleStage, calls: int, seconds: float, spread: float) -> SeedScale:
    await stage.have_calls(calls)
    before, own_before = stage.usage, stage.own_usage
    most = [before.resident_bytes]

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            most.append(stage.usage.resident_bytes)

    async with Yardstick() as yardstick, asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        turns = await talk(stage.crowd.places, seconds, spread=spread)
        looking.cancel()
    listener_cores = stage.own_usage.cores_since(own_before)
    return SeedScale(
        calls=calls,
        idle_bytes=before.resident_bytes,
        most_bytes=max(most),
        speaking=speaking_of(
            turns, before, stage.usage, listener_cores=listener_cores, yardstick=yardstick.seconds, lag=None
        ),
    )


def seed_report(seed: Sequence[SeedScale], assistant: Sequence[Scale]) -> str:
    """Both beside each other, where both were tried with as many calls, and the seed's memory a call."""
    lines = [f"| {' | '.join(_HEAD)} |", f"|{' --- |' * len(_HEAD)}"]
    ours = {row.calls: row.fresh for row in assistant}
    for row in seed:
        lines.append(_line(row.calls, "seed", row.most_bytes, row.speaking))
        if row.calls in ours:
            lines.append(_line(row.calls, "assistant", ours[row.calls].resident_bytes, ours[row.calls]))
    first, last = seed[0], seed[-1]
    if last.calls > first.calls:
        slope = (last.most_bytes - first.most_bytes) / (last.calls - first.calls) / _MEGABYTE
        lines.append(f"\n- the seed's memory a speaking call, from {first.calls} to {last.calls}: {slope:.1f} MB")
    return "\n".join(lines)


def _line(calls: int, bot: str, resident_bytes: int, speaking: Speaking) -> str:
    pacing = speaking.pacing
    return (
        f"| {calls} | {bot} | {resident_bytes / _MEGABYTE:.0f} | {speaking.cores_a_call * 100:.2f} % "
        f"| {pacing.p99 * 1e3:.1f} | {pacing.holes} of {pacing.frames} | {speaking.first_audio_p50:.2f} "
        f"| {speaking.yardstick * 1e3:.1f} |"
    )
