"""One fault, one bot: a fresh call is broken into."""

import asyncio
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from bench.common.pitch_coded_audio import LATER, LONG, SECOND, THIRD, Answer
from bench.faults.cases import FaultCase
from bench.faults.channel_notices import Notes, watch_notes
from bench.faults.fault_test_bed import Stage, open_stage
from bench.faults.verdict import Outcome, judge

_FRAMES_BEFORE: Final = 100
"""How much of the answer is heard before the fault: two seconds."""
_BEGIN_SECONDS: Final = 30.0
_BEFORE_SECOND: Final = 0.05
_BEFORE_THIRD: Final = 2.0
_LOOK_SECONDS: Final = 0.3
_GONE_SECONDS: Final = 12.0
"""A bot that has been in no voice channel for that long, and does not say that it is coming back, is not."""
_AFTERMATH_SECONDS: Final = 2.0
_LONGEST_SPEECH_SECONDS: Final = 20.0


async def try_fault(case: FaultCase, bot: str) -> Outcome:
    """Try a fault on one bot, "seed" or "assistant"."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    try:
        async with open_stage(
            bot, dave_version=case.dave_version, block_seconds=case.block_seconds, folder=folder
        ) as stage:
            await stage.begin_call()
            await case.prepare(stage)
            async with watch_notes(stage) as notes:
                typed = await _converse(case, stage, notes)
                return await judge(case, bot, stage, typed=typed, notes=notes)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _converse(case: FaultCase, stage: Stage, notes: Notes) -> dict[Answer, float]:
    """Type, break, type again, and wait for what comes of it; return when each message was typed."""
    typed: dict[Answer, float] = {}

    async def ask(answer: Answer) -> None:
        await stage.ada.type(answer.message, stage.text)
        typed[answer] = time.monotonic()

    await ask(LONG)
    with suppress(TimeoutError):  # what came before, in the case's `prepare`, may have taken the voice already
        await stage.lounge.call.wait_for_frames(_FRAMES_BEFORE, _BEGIN_SECONDS)
    give_up = time.monotonic() + case.wait_seconds
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(case.fault(stage))
        for answer, pause in ((SECOND, _BEFORE_SECOND), (THIRD, _BEFORE_THIRD)):
            await asyncio.sleep(pause)
            await ask(answer)
    while not await _has_settled(stage, notes, list(typed), give_up):
        await ask(LATER)
    return typed


async def _has_settled(stage: Stage, notes: Notes, asked: list[Answer], give_up: float) -> bool:
    """True when all was answered, or nothing more is to be expected; what is being spoken is heard to its end.

    False as soon as the voice is back after a time of answers in writing, for it must be heard once more.
    """
    gone_since: float | None = None
    frames = examined = 0
    while (now := time.monotonic()) < give_up + _LONGEST_SPEECH_SECONDS:
        if notes.end_of_call is not None:
            await asyncio.sleep(_AFTERMATH_SECONDS)
            return True
        if notes.has_voice_again and LATER not in asked:
            return False
        is_gone = stage.guild.bot_voice is None and not notes.promises_return
        gone_since = (gone_since or now) if is_gone else None
        if gone_since is not None and now - gone_since > _GONE_SECONDS:
            return True
        before, frames = frames, len(stage.speech)
        if frames == before:
            if now > give_up:
                return True
            if frames != examined:
                examined = frames
                if await _is_all_said(stage, notes, asked):
                    return True
        await asyncio.sleep(_LOOK_SECONDS)
    return True


async def _is_all_said(stage: Stage, notes: Notes, asked: list[Answer]) -> bool:
    heard = await stage.heard()
    to_hear = [LATER] if LATER in asked else asked
    return all(map(heard.was_spoken, to_hear)) and (not notes.went_mute or LATER in asked)
