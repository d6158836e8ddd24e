"""Processes that end, or stand still, in the moment in which calls go from one to another."""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from bench.restarts.restart_row import RestartRow
from bench.restarts.restart_test_bed import RestartTestBed, open_restart_test_bed, until_ready
from bench.restarts.scoring import is_connected, score
from bench.restarts.shutdown import Shutdown, settle, stop_process
from sandbox.tools.bot_process import BotProcess

_CALLS: Final = 2
_AFTER_TAKING_OVER: Final = (0.0, 0.1, 0.4, 1.0)
"""Seconds from a process's first taking up of a call to its SIGTERM."""
_AGAIN_SECONDS: Final = 0.05
"""From the first SIGTERM to the second, which changes nothing."""
_BETWEEN_MESSAGES: Final = 0.7
_TAKE_OVER_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.005
_AWAKE_SECONDS: Final = 3.0
"""How long a process that stood still may throw another one out of its calls, if it is going to."""


async def stop_at_takeover(
    folder: Path, database_url: str | None = None, *, moments: Sequence[float] = _AFTER_TAKING_OVER
) -> RestartRow:
    """Some times, a newer process takes the calls over and is stopped at once, twice; the older one serves on.

    `moments` are in seconds from its taking up of the first call, one for each time.

    Raises:
        TimeoutError: a process does not become ready, or does not take the calls over.
    """
    async with open_restart_test_bed(folder, database_url, guilds=_CALLS) as bed, AsyncExitStack() as running:
        first = await running.enter_async_context(bed.process("first"))
        await until_ready(first)
        await bed.start_calls(bed.crowd.places)
        visitors: list[BotProcess] = []
        slowest = Shutdown(exit_code=0, exit_seconds=0.0)
        async with _everybody_types(bed):
            for seconds in moments:
                visitor = await running.enter_async_context(bed.process(f"visitor-{len(visitors)}"))
                visitors.append(visitor)
                await _until_it_takes_over(visitor)
                await asyncio.sleep(seconds)
                shutdown = await _stop_twice(visitor)
                slowest = max(slowest, shutdown, key=lambda each: (each.exit_code, each.exit_seconds))
                await _until_connected(bed)
        await settle(bed, bed.crowd.places)
        return await score(bed, "stopped as it takes over", slowest, [first, *visitors], moved=bed.crowd.places)


async def freeze(folder: Path, database_url: str | None = None) -> RestartRow:
    """Twice, a process stands still until another one has its calls, and wakes up, the second time to its SIGTERM.

    Raises:
        TimeoutError: a process does not become ready, or does not take the calls over.
    """
    async with open_restart_test_bed(folder, database_url, guilds=_CALLS) as bed, AsyncExitStack() as running:
        processes = [bed.process(name) for name in ("first", "second", "third")]
        await running.enter_async_context(processes[0])
        await until_ready(processes[0])
        await bed.start_calls(bed.crowd.places)
        async with _everybody_types(bed):
            await _freeze(bed, processes[0], await running.enter_async_context(processes[1]))
            await asyncio.sleep(_AWAKE_SECONDS)
            await _freeze(bed, processes[1], await running.enter_async_context(processes[2]))
            shutdown = await stop_process(processes[1], signal.SIGTERM)
            await asyncio.sleep(_AWAKE_SECONDS)
        await settle(bed, bed.crowd.places)
        return await score(bed, "stands still, and wakes up", shutdown, processes, moved=bed.crowd.places)


async def _freeze(bed: RestartTestBed, old: BotProcess, new: BotProcess) -> None:
    """Have `old` stand still from before `new` asks for its calls until it has them."""
    before = bed.discord.identifies
    await bed.discord.until(lambda: bed.discord.identifies > before, _TAKE_OVER_SECONDS)
    os.kill(old.process_id, signal.SIGSTOP)
    try:
        await until_ready(new)
        await _until_it_takes_over(new)
        await _until_connected(bed)
    finally:
        os.kill(old.process_id, signal.SIGCONT)


async def _stop_twice(bot: BotProcess) -> Shutdown:
    stopping = asyncio.create_task(stop_process(bot, signal.SIGTERM))
    await asyncio.wait({stopping}, timeout=_AGAIN_SECONDS)
    if not stopping.done():
        os.kill(bot.process_id, signal.SIGTERM)
    return await stopping


async def _until_it_takes_over(bot: BotProcess) -> None:
    give_up = time.monotonic() + _TAKE_OVER_SECONDS
    while "Going on with the call" not in bot.log:
        if time.monotonic() > give_up:
            raise TimeoutError(f"the process takes no call over: {bot.log[-2000:]}")
        await asyncio.sleep(_LOOK_SECONDS)


async def _until_connected(bed: RestartTestBed) -> None:
    """Return when all calls have a voice, or after a while: the score shows which has none."""
    with suppress(TimeoutError):
        await bed.discord.until(lambda: all(map(is_connected, bed.crowd.places)), _TAKE_OVER_SECONDS)


@asynccontextmanager
async def _everybody_types(bed: RestartTestBed) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        typing = tasks.create_task(_type(bed))
        yield
        typing.cancel()


async def _type(bed: RestartTestBed) -> None:
    """One long question in each call, and short ones in turn from then on."""
    for place in bed.crowd.places:
        await bed.ask(place, is_long=True)
    for place in itertools.cycle(bed.crowd.places):
        await asyncio.sleep(_BETWEEN_MESSAGES)
        await bed.ask(place)
