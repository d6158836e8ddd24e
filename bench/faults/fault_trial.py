"""Trying faults: for each one and each bot, a fresh call is interrupted."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bench.common.pitch_coded_audio import LATER, LONG, SECOND, THIRD, Answer
from bench.faults.cases import FaultCase
from bench.faults.channel_notices import ChannelNotices, watch_notices
from bench.faults.fault_test_bed import FaultTestBed, open_fault_test_bed
from bench.faults.verdict import Verdict, judge, untried
from bench.subjects.benched_bot import BenchedBot

_AT_ONCE: Final = 10
"""How many calls run at a time. Mostly they wait, and the kernel stamps when their frames arrive."""
_FRAMES_BEFORE: Final = 100
"""How much of the answer is heard before the fault: two seconds."""
_BEGIN_SECONDS: Final = 30.0
_BEFORE_SECOND: Final = 0.05
_BEFORE_THIRD: Final = 2.0
_LOOK_SECONDS: Final = 0.3
_GONE_SECONDS: Final = 12.0
"""A bot that has been out of all voice channels for so long, and has not said that it is coming back, has left."""
_AFTERMATH_SECONDS: Final = 2.0
_LONGEST_SPEECH_SECONDS: Final = 20.0


async def try_all(cases: Sequence[FaultCase], bots: Sequence[BenchedBot], at_once: int = _AT_ONCE) -> list[Verdict]:
    """Try each fault on each bot, `at_once` at a time; return the verdicts in that order."""
    free = asyncio.Semaphore(at_once)

    async def try_one(case: FaultCase, bot: BenchedBot) -> Verdict:
        async with free:
            verdict = await _verdict_on(case, bot)
        print(f"{case.name}, {bot.label}: {verdict.result.value}", file=sys.stderr, flush=True)
        return verdict

    longest_first = sorted(cases, key=lambda case: -case.seconds_before)  # else all the others would wait for them
    async with asyncio.TaskGroup() as tasks:
        running = {(case.name, bot): tasks.create_task(try_one(case, bot)) for case in longest_first for bot in bots}
    return [running[case.name, bot].result() for case in cases for bot in bots]


async def _verdict_on(case: FaultCase, bot: BenchedBot) -> Verdict:
    try:
        return await try_fault(case, bot)
    except Exception as error:  # noqa: BLE001 - a call that cannot be started must not cost the other rows
        return untried(case, bot, repr(error))


async def try_fault(case: FaultCase, bot: BenchedBot) -> Verdict:
    """Try a fault on one bot.

    Raises:
        TimeoutError: the call could not be started.
        ExceptionGroup: the fault could not be injected.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    try:
        async with open_fault_test_bed(
            bot, dave_version=case.dave_version, block_seconds=case.block_seconds, folder=folder
        ) as bed:
            await bed.begin_call()
            await case.prepare(bed)
            await asyncio.sleep(case.seconds_before)
            async with watch_notices(bed) as notices:
                typed = await _converse(case, bed, notices)
                return await judge(case, bot, bed, typed=typed, notices=notices)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _converse(case: FaultCase, bed: FaultTestBed, notices: ChannelNotices) -> dict[Answer, float]:
    """Type, inject the fault, type again, and wait for the answers; return when each message was typed."""
    typed: dict[Answer, float] = {}

    async def ask(answer: Answer) -> None:
        await bed.ada.type(answer.message, bed.text)
        typed[answer] = time.monotonic()

    await ask(LONG)
    with suppress(TimeoutError):  # the case's `prepare` may already have silenced the bot
        await bed.lounge.call.wait_for_frames(_FRAMES_BEFORE, _BEGIN_SECONDS)
    give_up = time.monotonic() + case.wait_seconds
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(case.fault(bed))
        for answer, pause in ((SECOND, _BEFORE_SECOND), (THIRD, _BEFORE_THIRD)):
            await asyncio.sleep(pause)
            await ask(answer)
    while not await _has_settled(bed, notices, list(typed), give_up):
        await ask(LATER)
    return typed


async def _has_settled(bed: FaultTestBed, notices: ChannelNotices, asked: list[Answer], give_up: float) -> bool:
    """True when everything was answered and heard to the end, or when nothing more is to come.

    False as soon as the voice is back after a time of answers in writing: it must be heard once more.
    """
    gone_since: float | None = None
    frames = examined = 0
    while (now := time.monotonic()) < give_up + _LONGEST_SPEECH_SECONDS:
        if notices.end_of_call is not None:
            await asyncio.sleep(_AFTERMATH_SECONDS)
            return True
        if notices.has_voice_again and LATER not in asked:
            return False
        is_gone = bed.guild.bot_voice is None and not notices.promises_return
        gone_since = (gone_since or now) if is_gone else None
        if gone_since is not None and now - gone_since > _GONE_SECONDS:
            return True
        before, frames = frames, len(bed.speech)
        if frames == before:
            if now > give_up:
                return True
            if frames != examined:
                examined = frames
                if await _is_everything_said(bed, notices, asked):
                    return True
        await asyncio.sleep(_LOOK_SECONDS)
    return True


async def _is_everything_said(bed: FaultTestBed, notices: ChannelNotices, asked: list[Answer]) -> bool:
    heard = await bed.heard()
    to_hear = [LATER] if LATER in asked else asked
    return all(map(heard.was_spoken, to_hear)) and (not notices.went_mute or LATER in asked)
