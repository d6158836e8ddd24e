"""What a call costs the usual pipeline: the same turns, with its ffmpeg processes counted in."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.cpu_yardstick import CpuYardstick
from bench.common.markdown_table import markdown_table
from bench.scale.scale_row import ScaleRow, Speaking, speaking_of
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.turns import talk
from bench.subjects.benched_bot import BenchedBot

REFERENCE_CALLS: Final = (1, 10, 20)
"""Two cores cannot carry more."""
_LOOK_SECONDS: Final = 0.25
_MEGABYTE: Final = 1024 * 1024
_HEAD: Final = (
    "calls",
    "bot",
    "memory, MB",
    "CPU per speaking call",
    "p99, ms",
    "over 40 ms",
    "first audio p50, s",
    "fixed work, ms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """The usual pipeline with some number of calls."""

    calls: int
    """How many calls there are."""
    idle_bytes: int
    """Its memory before anybody has typed."""
    most_bytes: int
    """The most memory it had while the calls spoke."""
    speaking: Speaking
    """Turns in which every sentence is new."""


async def try_reference(calls: Sequence[int], seconds: float, spread: float, *, short: bool) -> list[ReferenceRow]:
    """Try the ascending numbers of calls on one usual pipeline; the rest is as for the assistant."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), bot=BenchedBot.REFERENCE) as bed:
            bed.script.is_fresh, bed.script.is_short = True, short
            return [await _try(bed, count, seconds, spread) for count in calls]


async def _try(bed: ScaleTestBed, calls: int, seconds: float, spread: float) -> ReferenceRow:
    await bed.crowd.start_calls(calls)
    before, own_before = bed.usage, bed.own_usage
    most = [before.resident_bytes]

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            most.append(bed.usage.resident_bytes)

    async with CpuYardstick() as yardstick, asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        turns = await talk(bed.crowd.places, seconds, spread=spread)
        looking.cancel()
    listener_cores = bed.own_usage.cores_since(own_before)
    return ReferenceRow(
        calls=calls,
        idle_bytes=before.resident_bytes,
        most_bytes=max(most),
        speaking=speaking_of(
            turns, before, bed.usage, listener_cores=listener_cores, yardstick=yardstick.seconds, lag=None
        ),
    )


def reference_table(reference: Sequence[ReferenceRow], assistant: Sequence[ScaleRow]) -> str:
    """Both bots side by side where both had as many calls, and the usual pipeline's memory per call."""
    ours = {row.calls: row.fresh for row in assistant}
    rows = []
    for row in reference:
        rows.append(_cells(row.calls, BenchedBot.REFERENCE, row.most_bytes, row.speaking))
        if row.calls in ours:
            rows.append(
                _cells(row.calls, BenchedBot.ASSISTANT, ours[row.calls].resident_bytes, ours[row.calls]),
            )
    lines = [markdown_table(_HEAD, rows)]
    first, last = reference[0], reference[-1]
    if last.calls > first.calls:
        slope = (last.most_bytes - first.most_bytes) / (last.calls - first.calls) / _MEGABYTE
        lines.append(
            f"\n- the usual pipeline's memory per speaking call, from {first.calls} to {last.calls}: {slope:.1f} MB"
        )
    return "\n".join(lines)


def _cells(calls: int, bot: BenchedBot, resident_bytes: int, speaking: Speaking) -> tuple[str, ...]:
    pacing = speaking.pacing
    return (
        str(calls),
        bot.label,
        f"{resident_bytes / _MEGABYTE:.0f}",
        f"{speaking.cores_per_call * 100:.2f} %",
        f"{pacing.p99 * 1e3:.1f}",
        f"{pacing.holes} of {pacing.frames}",
        f"{speaking.first_audio_p50:.2f}",
        f"{speaking.yardstick * 1e3:.1f}",
    )
