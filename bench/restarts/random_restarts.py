"""Processes that end and begin at random, while members type: what no scenario thinks of."""

import asyncio
import random
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_row import Row
from bench.restarts.restart_test_bed import RestartStage, open_restart_stage, until_ready
from bench.restarts.scoring import Stopped, count
from bench.restarts.shutdown import end, settle
from sandbox.tools.bot_process import BotProcess

_CALLS: Final = 3
_CHANGES: Final = 4
_BETWEEN_CHANGES: Final = (0.5, 4.0)
_BETWEEN_MESSAGES: Final = (0.4, 2.5)
_LONG: Final = 0.2
"""The part of the messages that ask for long answers."""
_TYPED_AFTERWARDS: Final = 2.0


async def at_random(folder: Path, database_url: str | None = None, *, seed: int = 0) -> Row:
    """Four times, at a random moment: a process is replaced, after or beside it, or one comes and goes at once."""
    chance = random.Random(seed)
    async with open_restart_stage(folder, database_url, guilds=_CALLS) as stage, AsyncExitStack() as running:
        changing = _Changing(stage, running, chance, await _started(stage, running, 0))
        await until_ready(changing.serving)
        await stage.begin_calls(stage.crowd.places)
        async with asyncio.TaskGroup() as tasks:
            typing = [tasks.create_task(_type(stage, place, chance)) for place in stage.crowd.places]
            for _ in range(_CHANGES):
                await asyncio.sleep(chance.uniform(*_BETWEEN_CHANGES))
                await chance.choice((changing.replace, changing.overlap, changing.visit))()
            await until_ready(changing.serving)
            await asyncio.sleep(_TYPED_AFTERWARDS)
            for each in typing:
                each.cancel()
        await settle(stage, stage.crowd.places)
        scenario = f"processes at random, seed {seed}"
        return await count(stage, scenario, changing.stopped, changing.processes, moved=stage.crowd.places)


class _Changing:
    """The processes, and what happens to them."""

    def __init__(self, stage: RestartStage, running: AsyncExitStack, chance: random.Random, first: BotProcess) -> None:
        self.serving = first
        """The one that serves the calls, or is about to."""
        self.processes = [first]
        """All that there were."""
        self.stopped = Stopped(exit_code=0, exit_seconds=0.0)
        """The end of the latest that ended."""
        self._stage = stage
        self._running = running
        self._chance = chance

    async def replace(self) -> None:
        """The process ends, and after a while another one begins."""
        await self._end(self.serving)
        await asyncio.sleep(self._chance.uniform(0.0, 2.0))
        await self._start()

    async def overlap(self) -> None:
        """Another process begins, and the first ends before or after the other is ready."""
        old = self.serving
        new = await self._start()
        if self._chance.random() < 0.5:
            await until_ready(new)
        await asyncio.sleep(self._chance.uniform(0.5, 4.0))
        await self._end(old)

    async def visit(self) -> None:
        """Another process begins and ends again, while it starts, takes over, or serves; the first one stays."""
        first = self.serving
        visitor = await self._start()
        await asyncio.sleep(self._chance.uniform(1.0, 4.0))
        await self._end(visitor)
        self.serving = first

    async def _start(self) -> BotProcess:
        """One more, which serves from now on."""
        self.serving = await _started(self._stage, self._running, len(self.processes))
        self.processes.append(self.serving)
        return self.serving

    async def _end(self, process: BotProcess) -> None:
        self.stopped = await end(process, self._chance.choice((signal.SIGTERM, signal.SIGKILL)))


async def _type(stage: RestartStage, place: Place, chance: random.Random) -> None:
    while True:
        await stage.ask(place, is_long=chance.random() < _LONG)
        await asyncio.sleep(chance.uniform(*_BETWEEN_MESSAGES))


async def _started(stage: RestartStage, running: AsyncExitStack, number: int) -> BotProcess:
    return await running.enter_async_context(stage.process(f"process-{number}"))
