"""The ways in which a process ends and another one begins, each in the middle of calls."""

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_row import Row
from bench.restarts.restart_test_bed import RestartStage, open_restart_stage, until_ready
from bench.restarts.scoring import count, told
from bench.restarts.shutdown import end, settle
from sandbox import NotAllowed
from sandbox.actions.reply import Reply
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess

_INTO_THE_ANSWER: Final = 100
"""Frames of the long answer that are heard before anything happens: it is in the middle of its second sentence then."""
_BEGIN_SECONDS: Final = 20.0
_TALKERS: Final = 6
_A_SECOND: Final = 10.0
_BURST_SECONDS: Final = 3.0
_BEFORE_SIGTERM: Final = 8.0
"""Seconds from the new process's being ready to the SIGTERM of the old one; a minute on Render."""
_CLICK_AFTER: Final = 4.0
_CLICK_SECONDS: Final = 10.0
_SHARDS: Final = 3
_KILLED: Final = 1


async def stop(folder: Path, database_url: str | None = None) -> Row:
    """SIGTERM in the middle of a sentence of two calls, with three messages waiting in each; then a new process."""
    return await _replace("SIGTERM, then a new process", signal.SIGTERM, folder, database_url)


async def kill(folder: Path, database_url: str | None = None) -> Row:
    """The same with kill -9."""
    return await _replace("kill -9, then a new process", signal.SIGKILL, folder, database_url)


async def deploy(folder: Path, database_url: str | None = None) -> Row:
    """A new process begins beside the old one, which gets SIGTERM later; members type and click all the time."""
    async with open_restart_stage(folder, database_url, guilds=_TALKERS + 2) as stage, AsyncExitStack() as running:
        *talkers, to_end, to_skip = stage.crowd.places
        old = await running.enter_async_context(stage.process("old"))
        await until_ready(old)
        await stage.begin_calls(stage.crowd.places)
        new = await running.enter_async_context(stage.process("new"))
        before = stage.discord.identifies
        await stage.discord.until(lambda: stage.discord.identifies > before, _BEGIN_SECONDS)
        await stage.ask(talkers[0], is_long=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_type(stage, talkers))
            await until_ready(new)
            ready = time.monotonic()
        await asyncio.sleep(ready + _CLICK_AFTER - time.monotonic())
        clicks = [await _click_end(stage, to_end), await _click_skip(stage, to_skip)]
        await asyncio.sleep(ready + _BEFORE_SIGTERM - _BURST_SECONDS / 2 - time.monotonic())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_type(stage, talkers))
            await asyncio.sleep(_BURST_SECONDS / 2)
            stopped = await end(old, signal.SIGTERM)
        await settle(stage, talkers)
        moved = [*talkers, to_skip]
        row = await count(
            stage, "deploy with overlap", stopped, [old, new], moved=moved, ended=[to_end], skipped=[to_skip]
        )
        return replace(row, clicks=len(clicks), clicks_answered=sum(clicks))


async def lose_shard(folder: Path, database_url: str | None = None) -> Row:
    """Of three processes with a shard each, all in the middle of a sentence, one is killed and started again."""
    async with open_restart_stage(folder, database_url, guilds=0) as stage, AsyncExitStack() as running:
        places = await _one_a_shard(stage)
        processes = [_shard_process(stage, "shard", shard) for shard in range(_SHARDS)]
        for process in processes:
            await running.enter_async_context(process)
        for process in processes:
            await until_ready(process)
        await stage.begin_calls(places)
        await _talk(stage, places)
        stopped = await end(processes[_KILLED], signal.SIGKILL)
        again = await running.enter_async_context(_shard_process(stage, "shard-again", _KILLED))
        await until_ready(again)
        await settle(stage, places)
        scenario = "one of three shards killed"
        return await count(stage, scenario, stopped, [*processes, again], moved=[places[_KILLED]])


async def _replace(scenario: str, how: signal.Signals, folder: Path, database_url: str | None) -> Row:
    async with open_restart_stage(folder, database_url, guilds=2) as stage, AsyncExitStack() as running:
        places = stage.crowd.places
        old = await running.enter_async_context(stage.process("old"))
        await until_ready(old)
        await stage.begin_calls(places)
        await _talk(stage, places)
        stopped = replace(await end(old, how), panels_told=told(stage))
        new = await running.enter_async_context(stage.process("new"))
        await until_ready(new)
        await settle(stage, places)
        return await count(stage, scenario, stopped, [old, new], moved=places)


async def _talk(stage: RestartStage, places: Sequence[Place]) -> None:
    """In each call, be in the middle of a long answer, with three messages waiting."""
    for place in places:
        await stage.ask(place, is_long=True)
    for place in places:
        await place.lounge.call.wait_for_frames(_INTO_THE_ANSWER, _BEGIN_SECONDS)
    for place in places:
        for _ in range(3):
            await stage.ask(place)


async def _type(stage: RestartStage, places: Sequence[Place]) -> None:
    await stage.ask_in_turn(places, a_second=_A_SECOND, seconds=_BURST_SECONDS)


async def _click_end(stage: RestartStage, place: Place) -> bool:
    """End a call; whether that was answered, and done."""
    reply = await _click(stage, place, "End Call")
    return reply is not None and await _shows(stage.panels[place], "Ada ended it")


async def _click_skip(stage: RestartStage, place: Place) -> bool:
    """Skip a long answer in its middle; whether that was answered, and done."""
    call = place.lounge.call
    heard = len(call.speech())
    await stage.ask(place, is_long=True)
    try:
        await call.wait_for_frames(heard + _INTO_THE_ANSWER, _CLICK_SECONDS)
        reply = await _click(stage, place, "Skip")
        before = len(call.speech())
        await call.wait_until_quiet(1.0, _CLICK_SECONDS)
    except TimeoutError:
        return False
    return reply is not None and not reply.content and len(call.speech()) - before < _INTO_THE_ANSWER


async def _click(stage: RestartStage, place: Place, button: str) -> Reply | None:
    """Click on a call's panel; None where the button is gone, or "the application did not respond"."""
    try:
        reply = await place.ada.click(stage.panels[place], button)
    except NotAllowed:
        return None
    return None if reply.failed else reply


async def _shows(panel: Message, text: str) -> bool:
    try:
        await panel.wait_for(lambda message: text in message.content, _CLICK_SECONDS)
    except TimeoutError:
        return False
    return True


async def _one_a_shard(stage: RestartStage) -> list[Place]:
    """A place for each shard, in their order; the others that are made on the way see no call."""
    places: dict[int, Place] = {}
    while len(places) < _SHARDS:
        (place,) = await stage.crowd.grow(len(stage.crowd.places) + 1)
        places.setdefault((place.guild.id >> 22) % _SHARDS, place)
        await asyncio.sleep(0.001)  # the shard follows from the millisecond
    return [places[shard] for shard in range(_SHARDS)]


def _shard_process(stage: RestartStage, name: str, shard: int) -> BotProcess:
    return stage.process(f"{name}-{shard}", SHARD_COUNT=str(_SHARDS), SHARD_IDS=str(shard))
