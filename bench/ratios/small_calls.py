"""What a bot's few calls took: one side of a comparison."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.frame_pacing import Pacing, pacing_of, percentile
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.turns import take_turn, talk
from bench.subjects.benched_bot import BenchedBot

CALLS: Final = 10
_SPREAD_SECONDS: Final = 2.0
_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCalls:
    """What a bot took for ten calls with an answer of ten seconds in each."""

    first_sound: float
    """Seconds from a message to the first sound of its answer, the median."""
    pacing: Pacing
    """How the frames arrived."""
    cores_per_call: float
    """The part of a core for one speaking call: all the work of its turn, divided by the time it speaks."""
    bytes_per_call: float
    """The memory that a further call takes at most, from its beginning to the end of its answer."""


async def try_bots() -> dict[BenchedBot, SmallCalls]:
    """Try the assistant and the usual pipeline at the same time: what disturbs one disturbs the other.

    Raises:
        ExceptionGroup: a bot does not become ready, does not join a call, or does not answer.
    """
    ready = asyncio.Barrier(len(BenchedBot))
    async with asyncio.TaskGroup() as bots:
        trials = {bot: bots.create_task(_try(bot, ready)) for bot in BenchedBot}
    return {bot: trial.result() for bot, trial in trials.items()}


async def _try(bot: BenchedBot, ready: asyncio.Barrier) -> SmallCalls:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), bot=bot) as bed:
            # What only the first answer needs is loaded before anything counts.
            bed.script.is_fresh = bed.script.is_short = True
            await bed.crowd.start_calls(1)
            await take_turn(bed.crowd.places[0])
            bed.script.is_short = False
            await ready.wait()
            return await _speak(bed)


async def _speak(bed: ScaleTestBed) -> SmallCalls:
    without = bed.usage.resident_bytes
    most = [without]

    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            most.append(bed.usage.resident_bytes)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        await bed.crowd.start_calls(CALLS)
        before = bed.usage
        turns = await talk(bed.crowd.places, 0.0, spread=_SPREAD_SECONDS)
        after = bed.usage
        looking.cancel()
    spoken = sum(turn.answer.arrivals[-1] - turn.answer.arrivals[0] for turn in turns)
    return SmallCalls(
        first_sound=percentile(sorted(turn.first_audio for turn in turns), 50),
        pacing=pacing_of(turn.answer for turn in turns),
        cores_per_call=(after.cpu_seconds - before.cpu_seconds) / spoken,
        bytes_per_call=(max(most) - without) / CALLS,
    )
