"""Trying the assistant with more and more calls in which somebody speaks and it answers."""

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from assistant.telemetry.loop_lag import LoopLag
from bench.common.cpu_yardstick import CpuYardstick
from bench.common.frame_pacing import pacing_of, percentile
from bench.scale.asked_questions import AskedQuestion, asked_questions
from bench.scale.heard_row import HeardRow
from bench.scale.heard_table import heard_line
from bench.scale.heard_turns import converse
from bench.scale.member_voices import MemberVoices
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.scale_trial import Durations
from sandbox.standins.recognition import HostedRecognition
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest

_RECOGNITION_SECONDS: Final = 0.25
_QUESTION: Final = "What is it like there in the evening?"
_MODEL: Final = "sandbox-stt"
_STAGES: Final = re.compile(r"median of each step in s: (.+)")


async def try_heard(calls: Sequence[int], durations: Durations, *, short: bool = False) -> list[HeardRow]:
    """Try the ascending numbers of calls on one bot; `short` answers take one second instead of ten.

    Everything waits for what a usual service takes: recognition 0.25 s.

    Raises:
        TimeoutError: the bot does not become ready, or does not report.
        ExceptionGroup: the bot does not join a call.
    """
    questions = await asyncio.to_thread(asked_questions)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with HostedRecognition(_recognize, model=_MODEL) as recognition:
            settings = {
                "LISTENING": "everyone",
                "STT_ENGINE": "hosted",
                "STT_BASE_URL": recognition.base_url,
                "STT_MODEL": _MODEL,
                "THINKING_SOUND": "off",  # it would be taken for the answer
            }
            async with (
                open_scale_test_bed(Path(folder), settings=settings) as bed,
                MemberVoices(bed.discord.voice) as voices,
            ):
                bed.script.is_fresh, bed.script.is_short = True, short
                rows: list[HeardRow] = []
                for count in calls:
                    await bed.start_calls(count)
                    await asyncio.sleep(durations.settle)
                    rows.append(await _try(bed, recognition, voices, questions, durations))
                    print(heard_line(rows[-1]), file=sys.stderr, flush=True)
                return rows


async def _try(
    bed: ScaleTestBed,
    recognition: HostedRecognition,
    voices: MemberVoices,
    questions: Sequence[AskedQuestion],
    durations: Durations,
) -> HeardRow:
    await bed.look_inside()
    voices.late.clear()
    recognized, written, spoken = (
        len(each) for each in (recognition.requests, bed.model.requests, bed.google.requests)
    )
    before, own_before, begun = bed.usage, bed.own_usage, time.monotonic()
    async with CpuYardstick() as yardstick, LoopLag() as own_lag:
        turns = await converse(bed.crowd.places, questions, voices, durations.talk, spread=durations.spread)
        services_late = own_lag.snapshot().p99
    after, own_after, took = bed.usage, bed.own_usage, time.monotonic() - begun
    answered = [turn for turn in turns if turn.answer.arrivals]
    waits = sorted(turn.wait for turn in answered)
    late = sorted(voices.late)
    return HeardRow(
        calls=len(bed.crowd.places),
        asked=len(turns),
        answered=len(answered),
        pacing=pacing_of(turn.answer for turn in answered),
        wait_p50=percentile(waits, 50),
        wait_p95=percentile(waits, 95),
        members_at_once=sum(turn.asked_seconds for turn in turns) / took,
        bot_at_once=sum(turn.answer.arrivals[-1] - turn.answer.arrivals[0] for turn in answered) / took,
        cores=after.cores_since(before),
        lag=await bed.look_inside(),
        resident_bytes=after.resident_bytes,
        recognized=len(recognition.requests) - recognized,
        written=len(bed.model.requests) - written,
        spoken=len(bed.google.requests) - spoken,
        stages=await _stages(bed),
        voices_late_p99=percentile(late, 99),
        voices_late_most=max(late, default=0.0),
        services_late_p99=services_late,
        rest_cores=own_after.cores_since(own_before),
        yardstick=yardstick.seconds,
    )


async def _recognize(_: HostedRecognitionRequest) -> str:
    await asyncio.sleep(_RECOGNITION_SECONDS)
    return _QUESTION


async def _stages(bed: ScaleTestBed) -> str:
    """What the assistant itself says of its steps, of all calls so far."""
    place = bed.crowd.places[0]
    reply = await place.ada.command("voice_status", place.text)
    found = _STAGES.search(reply.content or "")
    return found[1] if found else "not told"
