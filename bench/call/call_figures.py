"""The figures of one call, each measured in a conversation of its own."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from bench.common.conversation import Conversation, Pace, open_conversation
from bench.common.workload import answer

_TURNS: Final = 10
_HANG_UPS: Final = 10
_CALLS: Final = 30
_HOLE_SECONDS: Final = 0.04
_AT_ONCE: Final = Pace(first_token=0.0, tokens=1000.0, speech=0.0)

Figures = Sequence[tuple[str, str]]
"""Names and figures."""


async def _pacing(folder: Path) -> Figures:
    """How evenly frames arrive while the model and speech take their usual time."""
    async with open_conversation(folder, answer, pace=Pace()) as conversation:
        panel = await conversation.begin()
        turns = [await conversation.turn() for _ in range(_TURNS)]
        await conversation.end(panel)
    gaps = sorted(
        later.arrival - earlier.arrival for turn in turns for earlier, later in itertools.pairwise(turn.frames)
    )
    holes = [gap for gap in gaps if gap > _HOLE_SECONDS]
    return [
        (
            "distance between frames, p50 / p99",
            f"{median(gaps) * 1e3:.1f} / {gaps[int(len(gaps) * 0.99)] * 1e3:.1f} ms",
        ),
        (f"distances over 40 ms, of {len(gaps)}", f"{len(holes)}, longest {max(holes, default=0) * 1e3:.0f} ms"),
    ]


async def _hang_ups(folder: Path) -> Figures:
    """How long speech goes on after End Call was clicked."""
    late = []
    async with open_conversation(folder, answer, pace=_AT_ONCE) as conversation:
        for _ in range(_HANG_UPS):
            panel = await conversation.begin()
            await _ask_and_hear(conversation, 50)
            clicked = time.monotonic()
            await conversation.end(panel)
            await asyncio.sleep(0.3)
            late.append(max(0.0, conversation.lounge.call.speech()[-1].arrival - clicked))
    return [(f"speech after End Call, longest of {_HANG_UPS}", f"{max(late) * 1e3:.0f} ms")]


async def _ask_and_hear(conversation: Conversation, frames: int) -> None:
    """Type a message, and wait until some frames of the answer were heard."""
    call = conversation.lounge.call
    known = len(call.speech())
    await conversation.ada.type("talk", conversation.text)
    await call.wait_for_frames(known + frames, 30)


async def _slow_services(folder: Path) -> Figures:
    """Heartbeats and loop lag while the model takes 5 s, speech 3 s and playback about 10 s."""
    async with open_conversation(folder, answer, pace=Pace(first_token=5.0, tokens=1000.0, speech=3.0)) as conversation:
        panel = await conversation.begin()
        for _ in range(3):
            await conversation.turn()
        beats = conversation.lounge.call.connections[0].heartbeats
        connections = len(conversation.lounge.call.connections)
        await conversation.end(panel)
        await conversation.bot.stop()
        lag = conversation.bot.log.split("Event loop lag: ")[1].splitlines()[0]
    longest = max(later - earlier for earlier, later in itertools.pairwise(beats))
    return [
        ("longest time between voice heartbeats (5 s are due)", f"{longest:.2f} s"),
        ("voice connections needed", str(connections)),
        ("event loop lag", lag),
    ]


async def _many_calls(folder: Path) -> Figures:
    """What thirty calls leave behind in the bot's process."""
    async with open_conversation(folder, answer, pace=_AT_ONCE) as conversation:
        process = Path(f"/proc/{conversation.bot.process_id}")

        def left() -> tuple[int, int, int]:
            files = sum(1 for path in folder.rglob("*") if path.name != "bot.log")
            return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir())), files

        async def one() -> None:
            panel = await conversation.begin()
            await _ask_and_hear(conversation, 20)
            await conversation.end(panel)

        for _ in range(3):
            await one()
        before = left()
        for _ in range(_CALLS):
            await one()
        await asyncio.sleep(1.0)
        after = left()
    names = ("descriptors", "threads", "files")
    change = ", ".join(f"{name} {then} → {now}" for name, then, now in zip(names, before, after, strict=True))
    return [(f"before and after {_CALLS} calls", change)]


MEASUREMENTS: Final[Sequence[Callable[[Path], Awaitable[Figures]]]] = (_pacing, _hang_ups, _slow_services, _many_calls)
"""Measure in an empty folder; in the order of the table."""
