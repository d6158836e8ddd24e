"""Whether a call grows with its length, and what the bot takes before there is one."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.process_usage import ProcessUsage
from bench.scale.scale_test_bed import open_scale_stage
from bench.scale.turns import take_turn

_LOOKS: Final = 3
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The bot at some point of a call."""

    turns: int
    """How many messages have been answered."""
    usage: ProcessUsage
    """What its process takes."""
    tasks: int
    """How many asyncio tasks it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """One long call."""

    looks: Sequence[Look]
    """The bot at equal distances, the last time at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUp:
    """The bot before its first call."""

    engine: str
    """Its `TTS_ENGINE`."""
    resident_bytes: int
    """Its memory when it is ready."""
    spoken_bytes: int
    """Its memory when it has answered once, so that what is loaded late is loaded."""


async def endure(turns: int) -> Endurance:
    """Take that many quick turns in one call; every answer has new sentences."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_stage(Path(folder), first_token=0.0, tokens=float("inf"), speech=0.0) as stage:
            await stage.have_calls(1)
            stage.script.is_fresh = True
            stage.script.is_short = True
            looks: list[Look] = []
            for number in range(1, turns + 1):
                await take_turn(stage.crowd.places[0])
                if number % (turns // _LOOKS) == 0:
                    inside = await stage.look_inside()
                    looks.append(Look(turns=number, usage=stage.usage, tasks=inside.tasks))
            return Endurance(looks=looks)


async def start_up(engine: str) -> StartUp:
    """Start the bot with a `TTS_ENGINE`, and have it speak once."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_stage(Path(folder), engine=engine) as stage:
            ready = stage.usage.resident_bytes
            await stage.have_calls(1)
            await take_turn(stage.crowd.places[0])
            return StartUp(engine=engine, resident_bytes=ready, spoken_bytes=stage.usage.resident_bytes)


def endurance_report(endurance: Endurance, starts: Sequence[StartUp]) -> str:
    """One line for each."""
    columns = {
        "MB": [f"{look.usage.resident_bytes / _MEGABYTE:.1f}" for look in endurance.looks],
        "tasks": [str(look.tasks) for look in endurance.looks],
        "threads": [str(look.usage.threads) for look in endurance.looks],
        "descriptors": [str(look.usage.descriptors) for look in endurance.looks],
    }
    after = ", ".join(str(look.turns) for look in endurance.looks)
    grown = "; ".join(f"{name} {' → '.join(values)}" for name, values in columns.items())
    lines = [f"- one call, after {after} turns: {grown}"]
    lines += [
        f"- TTS_ENGINE={start.engine}: {start.resident_bytes / _MEGABYTE:.0f} MB when ready, "
        f"{start.spoken_bytes / _MEGABYTE:.0f} MB when it has spoken"
        for start in starts
    ]
    return "\n".join(lines)
