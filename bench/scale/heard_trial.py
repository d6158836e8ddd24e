"""Trying the assistant with more and more calls in which somebody speaks and it answers."""

import asyncio
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
from bench.scale.heard_test_bed import HeardTestBed, open_heard_test_bed
from bench.scale.heard_turns import converse
from bench.scale.scale_trial import Durations

HEARD: Final = Durations(talk=32.0, spread=16.0)
"""A question, its answer and the pause behind it take about sixteen seconds."""


async def try_heard(calls: Sequence[int], durations: Durations, *, short: bool = False) -> list[HeardRow]:
    """Try the ascending numbers of calls on one bot; `short` answers take one second instead of ten.

    Raises:
        TimeoutError: the bot does not become ready, or does not report.
        ExceptionGroup: the bot does not join a call.
    """
    questions = await asyncio.to_thread(asked_questions)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_heard_test_bed(Path(folder)) as bed:
            bed.scale.script.is_fresh, bed.scale.script.is_short = True, short
            rows: list[HeardRow] = []
            for count in calls:
                await bed.scale.crowd.start_calls(count)
                await asyncio.sleep(durations.settle)
                rows.append(await _try(bed, questions, durations))
                print(heard_line(rows[-1]), file=sys.stderr, flush=True)
            return rows


async def _try(bed: HeardTestBed, questions: Sequence[AskedQuestion], durations: Durations) -> HeardRow:
    await bed.steps.since_last()
    await bed.scale.look_inside()
    bed.voices.late.clear()
    requests, before, own_before, begun = bed.requests, bed.scale.usage, bed.scale.own_usage, time.monotonic()
    places = bed.scale.crowd.places
    async with CpuYardstick() as yardstick, LoopLag() as own_lag:
        turns = await converse(places, questions, bed.voices, durations.talk, spread=durations.spread)
        services_late = own_lag.snapshot().p99
    after, own_after, took = bed.scale.usage, bed.scale.own_usage, time.monotonic() - begun
    recognized, written, spoken = (now - then for now, then in zip(bed.requests, requests, strict=True))
    answered = [turn for turn in turns if turn.answer.arrivals]
    waits, late = sorted(turn.wait for turn in answered), sorted(bed.voices.late)
    return HeardRow(
        calls=len(places),
        asked=len(turns),
        answered=len(answered),
        pacing=pacing_of(turn.answer for turn in answered),
        wait_p50=percentile(waits, 50),
        wait_p95=percentile(waits, 95),
        members_at_once=sum(turn.asked_seconds for turn in turns) / took,
        bot_at_once=sum(turn.answer.arrivals[-1] - turn.answer.arrivals[0] for turn in answered) / took,
        cores=after.cores_since(before),
        lag=await bed.scale.look_inside(),
        resident_bytes=after.resident_bytes,
        recognized=recognized,
        written=written,
        spoken=spoken,
        steps=await bed.steps.since_last(),
        voices_late_p99=percentile(late, 99),
        voices_late_most=max(late, default=0.0),
        services_late_p99=services_late,
        rest_cores=own_after.cores_since(own_before),
        yardstick=yardstick.seconds,
    )
