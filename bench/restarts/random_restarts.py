"""Processes that end and start at random while members type: this finds what no scenario foresees."""

import asyncio
import random
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_row import RestartRow
from bench.restarts.restart_test_bed import RestartTestBed, open_restart_test_bed, until_ready
from bench.restarts.scoring import score
from bench.restarts.shutdown import Shutdown, settle, stop_process
from sandbox.tools.bot_process import BotProcess

_CALLS: Final = 3
_CHANGES: Final = 4
_BETWEEN_CHANGES: Final = (0.5, 4.0)
_BETWEEN_MESSAGES: Final = (0.4, 2.5)
_LONG: Final = 0.2
"""The share of messages that ask for long answers."""
_TYPED_AFTERWARDS: Final = 2.0


async def random_restarts(
    folder: Path, database_url: str | None = None, *, seed: int = 0, changes: int = _CHANGES
) -> RestartRow:
    """Some times, at random moments: a process is replaced, with or without overlap, or another one comes and goes.

    `seed` draws what is done and what is typed, and when; the processes take their own time. `changes` is how many
    times; four take half a minute.

    Raises:
        TimeoutError: a process does not become ready, or the bot does not join a call.
    """
    chance = random.Random(f"changes {seed}")
    async with open_restart_test_bed(folder, database_url, guilds=_CALLS) as bed, AsyncExitStack() as running:
        changing = _Changing(bed, running, chance, await _started(bed, running, 0))
        await until_ready(changing.serving)
        await bed.start_calls(bed.crowd.places)
        async with asyncio.TaskGroup() as tasks:
            typing = [
                tasks.create_task(_type(bed, place, random.Random(f"messages {seed} {number}")))
                for number, place in enumerate(bed.crowd.places)
            ]
            for _ in range(changes):
                await asyncio.sleep(chance.uniform(*_BETWEEN_CHANGES))
                await chance.choice((changing.replace, changing.overlap, changing.visit))()
            await until_ready(changing.serving)
            await asyncio.sleep(_TYPED_AFTERWARDS)
            for each in typing:
                each.cancel()
        await settle(bed, bed.crowd.places)
        scenario = f"random restarts, seed {seed}"
        return await score(bed, scenario, changing.shutdown, changing.processes, moved=bed.crowd.places)


class _Changing:
    """The processes, and what happens to them."""

    def __init__(self, bed: RestartTestBed, running: AsyncExitStack, chance: random.Random, first: BotProcess) -> None:
        self.serving = first
        """The process that serves the calls, or is about to."""
        self.processes = [first]
        """All processes so far."""
        self.shutdown = Shutdown(exit_code=0, exit_seconds=0.0)
        """How the one ended that took longest."""
        self._stage = bed
        self._running = running
        self._chance = chance

    async def replace(self) -> None:
        """The process ends, and after a while another one starts."""
        await self._end(self.serving)
        await asyncio.sleep(self._chance.uniform(0.0, 2.0))
        await self._start()

    async def overlap(self) -> None:
        """Another process starts, and the first ends before or after the other is ready."""
        old = self.serving
        new = await self._start()
        if self._chance.random() < 0.5:
            await until_ready(new)
        await asyncio.sleep(self._chance.uniform(0.5, 4.0))
        await self._end(old)

    async def visit(self) -> None:
        """Another process starts and ends again, while it starts, takes over, or serves; the first one stays."""
        first = self.serving
        visitor = await self._start()
        await asyncio.sleep(self._chance.uniform(1.0, 4.0))
        await self._end(visitor)
        self.serving = first

    async def _start(self) -> BotProcess:
        """Start one more process, which serves from now on."""
        self.serving = await _started(self._stage, self._running, len(self.processes))
        self.processes.append(self.serving)
        return self.serving

    async def _end(self, process: BotProcess) -> None:
        shutdown = await stop_process(process, self._chance.choice((signal.SIGTERM, signal.SIGKILL)))
        self.shutdown = max(self.shutdown, shutdown, key=lambda each: each.exit_seconds)


async def _type(bed: RestartTestBed, place: Place, chance: random.Random) -> None:
    while True:
        await bed.ask(place, is_long=chance.random() < _LONG)
        await asyncio.sleep(chance.uniform(*_BETWEEN_MESSAGES))


async def _started(bed: RestartTestBed, running: AsyncExitStack, number: int) -> BotProcess:
    return await running.enter_async_context(bed.process(f"process-{number}"))
