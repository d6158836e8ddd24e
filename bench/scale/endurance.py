"""Whether a bot's process grows in a long call, and what it uses before its first call."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.process_usage import ProcessUsage
from bench.scale.scale_test_bed import open_scale_test_bed
from bench.scale.turns import take_turn

_LOOKS: Final = 3
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The bot at one point of a call."""

    turns: int
    """How many messages have been answered."""
    usage: ProcessUsage
    """What its process uses."""
    tasks: int
    """How many asyncio tasks it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endurance:
    """One long call."""

    looks: Sequence[Look]
    """The bot after equal numbers of turns; the last look is at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUp:
    """The bot at its start."""

    engine: str
    """Its `TTS_ENGINE`."""
    resident_bytes: int
    """Its memory when it is ready, before its first call."""
    spoken_bytes: int
    """Its memory after its first answer, when everything is loaded."""


async def endure(turns: int) -> Endurance:
    """Take some number of quick turns in one call; every answer has new sentences.

    Raises:
        TimeoutError: an answer is not spoken.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), first_token=0.0, tokens=float("inf"), speech=0.0) as bed:
            await bed.crowd.start_calls(1)
            bed.script.is_fresh = True
            bed.script.is_short = True
            looks: list[Look] = []
            for number in range(1, turns + 1):
                await take_turn(bed.crowd.places[0])
                if number % (turns // _LOOKS) == 0:
                    report = await bed.look_inside()
                    looks.append(Look(turns=number, usage=bed.usage, tasks=report.tasks))
            return Endurance(looks=looks)


async def start_up(engine: str) -> StartUp:
    """Start the bot with a `TTS_ENGINE`, and let it speak once.

    Raises:
        TimeoutError: it does not become ready or does not speak.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), engine=engine) as bed:
            ready = bed.usage.resident_bytes
            await bed.crowd.start_calls(1)
            await take_turn(bed.crowd.places[0])
            return StartUp(engine=engine, resident_bytes=ready, spoken_bytes=bed.usage.resident_bytes)


def endurance_report(endurance: Endurance, starts: Sequence[StartUp]) -> str:
    """One line for the long call, and one for each start."""
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
        f"{start.spoken_bytes / _MEGABYTE:.0f} MB after its first answer"
        for start in starts
    ]
    return "\n".join(lines)
