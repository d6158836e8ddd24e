"""The ways in which a process ends and another one starts, each in the middle of calls."""

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_row import RestartRow
from bench.restarts.restart_test_bed import RestartTestBed, open_restart_test_bed, until_ready
from bench.restarts.scoring import count_restarting_panels, score
from bench.restarts.shutdown import settle, stop_process
from sandbox import NotAllowed
from sandbox.actions.reply import Reply
from sandbox.standins.faults import Drip, Slow
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess

_INTO_THE_ANSWER: Final = 100
"""Frames of the long answer before anything happens: by then it is in the middle of its second sentence."""
_START_SECONDS: Final = 20.0
_TALKERS: Final = 6
_A_SECOND: Final = 10.0
_BURST_SECONDS: Final = 3.0
_BEFORE_SIGTERM: Final = 8.0
"""Seconds from the moment when the new process is ready to the old one's SIGTERM; on Render it is a minute."""
_CLICK_AFTER: Final = 4.0
_CLICK_SECONDS: Final = 10.0
_SHARDS: Final = 3
_KILLED: Final = 1


async def stop(folder: Path, database_url: str | None = None) -> RestartRow:
    """SIGTERM in the middle of a sentence in two calls, with three messages waiting in each; then a new process."""
    return await _replace("SIGTERM, then a new process", signal.SIGTERM, folder, database_url)


async def kill(folder: Path, database_url: str | None = None) -> RestartRow:
    """The same with SIGKILL."""
    return await _replace("kill -9, then a new process", signal.SIGKILL, folder, database_url)


async def stop_while_speech_drips(folder: Path, database_url: str | None = None) -> RestartRow:
    """SIGTERM while speech comes a byte each half second, but for the first sentence; then a new process, all well."""
    async with open_restart_test_bed(folder, database_url, guilds=1) as bed, AsyncExitStack() as running:
        places = bed.crowd.places
        old = await running.enter_async_context(bed.process("old"))
        await until_ready(old)
        await bed.start_calls(places)
        bed.google.order(Slow(0.0))
        bed.google.outage = Drip(0.5)
        await bed.ask(places[0], is_long=True)
        await bed.google.wait_for_requests(2)
        await places[0].lounge.call.wait_for_frames(10, _START_SECONDS)
        await bed.ask(places[0])
        shutdown = await stop_process(old, signal.SIGTERM)
        bed.google.outage = None
        new = await running.enter_async_context(bed.process("new"))
        await until_ready(new)
        await settle(bed, places)
        return await score(bed, "SIGTERM while speech drips", shutdown, [old, new], moved=places)


async def deploy(folder: Path, database_url: str | None = None) -> RestartRow:
    """A new process starts beside the old one, which gets SIGTERM later; members type and click all the time."""
    async with open_restart_test_bed(folder, database_url, guilds=_TALKERS + 2) as bed, AsyncExitStack() as running:
        *talkers, to_end, to_skip = bed.crowd.places
        old = await running.enter_async_context(bed.process("old"))
        await until_ready(old)
        await bed.start_calls(bed.crowd.places)
        new = await running.enter_async_context(bed.process("new"))
        before = bed.discord.identifies
        await bed.discord.until(lambda: bed.discord.identifies > before, _START_SECONDS)
        await bed.ask(talkers[0], is_long=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_type(bed, talkers))
            await until_ready(new)
            ready = time.monotonic()
        await asyncio.sleep(ready + _CLICK_AFTER - time.monotonic())
        clicks = [await _click_end(bed, to_end), await _click_skip(bed, to_skip)]
        await asyncio.sleep(ready + _BEFORE_SIGTERM - _BURST_SECONDS / 2 - time.monotonic())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_type(bed, talkers))
            await asyncio.sleep(_BURST_SECONDS / 2)
            shutdown = await stop_process(old, signal.SIGTERM)
        await settle(bed, talkers)
        moved = [*talkers, to_skip]
        row = await score(
            bed, "deploy with overlap", shutdown, [old, new], moved=moved, ended=[to_end], skipped=[to_skip]
        )
        return replace(row, clicks=len(clicks), clicks_answered=sum(clicks))


async def lose_shard(folder: Path, database_url: str | None = None) -> RestartRow:
    """Three processes with a shard each are in the middle of a sentence; one is killed and started again."""
    async with open_restart_test_bed(folder, database_url, guilds=0) as bed, AsyncExitStack() as running:
        places = await _one_a_shard(bed)
        processes = [_shard_process(bed, "shard", shard) for shard in range(_SHARDS)]
        for process in processes:
            await running.enter_async_context(process)
        for process in processes:
            await until_ready(process)
        await bed.start_calls(places)
        await _talk(bed, places)
        shutdown = await stop_process(processes[_KILLED], signal.SIGKILL)
        again = await running.enter_async_context(_shard_process(bed, "shard-again", _KILLED))
        await until_ready(again)
        await settle(bed, places)
        scenario = "one of three shards killed"
        return await score(bed, scenario, shutdown, [*processes, again], moved=[places[_KILLED]])


async def _replace(scenario: str, how: signal.Signals, folder: Path, database_url: str | None) -> RestartRow:
    async with open_restart_test_bed(folder, database_url, guilds=2) as bed, AsyncExitStack() as running:
        places = bed.crowd.places
        old = await running.enter_async_context(bed.process("old"))
        await until_ready(old)
        await bed.start_calls(places)
        await _talk(bed, places)
        shutdown = replace(await stop_process(old, how), panels_restarting=count_restarting_panels(bed))
        new = await running.enter_async_context(bed.process("new"))
        await until_ready(new)
        await settle(bed, places)
        return await score(bed, scenario, shutdown, [old, new], moved=places)


async def _talk(bed: RestartTestBed, places: Sequence[Place]) -> None:
    """Bring each call into the middle of a long answer, with three messages waiting."""
    for place in places:
        await bed.ask(place, is_long=True)
    for place in places:
        await place.lounge.call.wait_for_frames(_INTO_THE_ANSWER, _START_SECONDS)
    for place in places:
        for _ in range(3):
            await bed.ask(place)


async def _type(bed: RestartTestBed, places: Sequence[Place]) -> None:
    await bed.ask_in_turn(places, a_second=_A_SECOND, seconds=_BURST_SECONDS)


async def _click_end(bed: RestartTestBed, place: Place) -> bool:
    """Click End Call; return whether that was answered and took effect."""
    reply = await _click(bed, place, "End Call")
    return reply is not None and await _shows(bed.panels[place], "Ada ended it")


async def _click_skip(bed: RestartTestBed, place: Place) -> bool:
    """Skip a long answer in its middle; return whether that was answered and took effect."""
    call = place.lounge.call
    heard = len(call.speech())
    await bed.ask(place, is_long=True)
    try:
        await call.wait_for_frames(heard + _INTO_THE_ANSWER, _CLICK_SECONDS)
        reply = await _click(bed, place, "Skip")
        before = len(call.speech())
        await call.wait_until_quiet(1.0, _CLICK_SECONDS)
    except TimeoutError:
        return False
    return reply is not None and not reply.content and len(call.speech()) - before < _INTO_THE_ANSWER


async def _click(bed: RestartTestBed, place: Place, button: str) -> Reply | None:
    """Click a button of a call's panel; None where the button is gone or the bot does not respond."""
    try:
        reply = await place.ada.click(bed.panels[place], button)
    except NotAllowed:
        return None
    return None if reply.failed else reply


async def _shows(panel: Message, text: str) -> bool:
    try:
        await panel.wait_for(lambda message: text in message.content, _CLICK_SECONDS)
    except TimeoutError:
        return False
    return True


async def _one_a_shard(bed: RestartTestBed) -> list[Place]:
    """A place for each shard, in their order; servers added on the way that are not needed have no call."""
    places: dict[int, Place] = {}
    while len(places) < _SHARDS:
        (place,) = await bed.crowd.grow(len(bed.crowd.places) + 1)
        places.setdefault((place.guild.id >> 22) % _SHARDS, place)
        await asyncio.sleep(0.001)  # the shard depends on the millisecond in the server's id
    return [places[shard] for shard in range(_SHARDS)]


def _shard_process(bed: RestartTestBed, name: str, shard: int) -> BotProcess:
    return bed.process(f"{name}-{shard}", SHARD_COUNT=str(_SHARDS), SHARD_IDS=str(shard))
