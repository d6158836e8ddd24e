"""What a call is like: `python -m bench.call` prints the figures of docs/measured.md, measured on real sockets.

The bot runs in a process of its own; Discord, the model and Google's speech stand beside it on 127.0.0.1.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.common.conversation import Conversation, Pace, open_conversation
from bench.common.machine_info import machine
from bench.common.workload import answer

_TURNS: Final = 10
_HANG_UPS: Final = 10
_CALLS: Final = 30
_HOLE_SECONDS: Final = 0.04
_AT_ONCE: Final = Pace(first_token=0.0, tokens=1000.0, speech=0.0)

Figures = Sequence[tuple[str, str]]


@asynccontextmanager
async def _conversation(folder: Path, pace: Pace) -> AsyncIterator[Conversation]:
    async with open_conversation(folder, answer, pace=pace) as conversation:
        yield conversation


async def _pacing(folder: Path) -> Figures:
    """Pacing over a conversation in which model and speech take their usual time."""
    async with _conversation(folder, Pace()) as conversation:
        panel = await conversation.begin()
        turns = [await conversation.turn() for _ in range(_TURNS)]
        await conversation.end(panel)
    gaps = sorted(
        later.arrival - earlier.arrival for turn in turns for earlier, later in itertools.pairwise(turn.frames)
    )
    holes = [gap for gap in gaps if gap > _HOLE_SECONDS]
    return [
        ("distance of frames, p50 / p99", f"{median(gaps) * 1e3:.1f} / {gaps[int(len(gaps) * 0.99)] * 1e3:.1f} ms"),
        (f"distances over 40 ms in {len(gaps)}", f"{len(holes)}, longest {max(holes, default=0) * 1e3:.0f} ms"),
    ]


async def _hang_ups(folder: Path) -> Figures:
    """How long speech goes on after End Call was pressed."""
    late = []
    async with _conversation(folder, _AT_ONCE) as conversation:
        for _ in range(_HANG_UPS):
            panel = await conversation.begin()
            await _ask_and_hear(conversation, 50)
            clicked = time.monotonic()
            await conversation.end(panel)
            await asyncio.sleep(0.3)
            late.append(max(0.0, conversation.lounge.call.speech()[-1].arrival - clicked))
    return [(f"speech after End Call, longest of {_HANG_UPS}", f"{max(late) * 1e3:.0f} ms")]


async def _ask_and_hear(conversation: Conversation, frames: int) -> None:
    """Type a message, and wait until so many frames of the answer were heard."""
    call = conversation.lounge.call
    known = len(call.speech())
    await conversation.ada.type("talk", conversation.text)
    await call.wait_for_frames(known + frames, 30)


async def _slow_services(folder: Path) -> Figures:
    """Heartbeats and loop lag while the model takes 5 s, speech 3 s and playback some 10 s."""
    async with _conversation(folder, Pace(first_token=5.0, tokens=1000.0, speech=3.0)) as conversation:
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
    async with _conversation(folder, _AT_ONCE) as conversation:
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


async def _measure() -> None:
    print(f"{machine()}\n")
    print("| measure | |")
    print("| --- | --- |")
    parts: Sequence[Callable[[Path], Coroutine[Any, Any, Figures]]] = (_pacing, _hang_ups, _slow_services, _many_calls)
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for name, figure in await part(Path(folder)):
                print(f"| {name} | {figure} |", flush=True)


def main() -> int:
    """Run all parts; return the exit status."""
    argparse.ArgumentParser(prog="python -m bench.call", description=__doc__).parse_args()
    asyncio.run(_measure())
    return 0


if __name__ == "__main__":
    sys.exit(main())
