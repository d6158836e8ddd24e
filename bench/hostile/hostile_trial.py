"""Trying attacks: each in a fresh call."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiohttp

from bench.common.inside_report import InsideReport, ask_inside
from bench.hostile.asked_question import AskedQuestion
from bench.hostile.attack import Attack
from bench.hostile.hostile_row import MOST_HOLD, HostileRow, hostile_table
from bench.hostile.hostile_test_bed import HostileTestBed, open_hostile_test_bed
from bench.hostile.lateness import Turns, lateness
from bench.hostile.peak_memory import forget_peak, peak_bytes
from tests.support.eventually import eventually
from tests.support.postgresql import NoPostgreSQL

_WARM_SECONDS: Final = 30.0
_ACT_SECONDS: Final = 120.0
_SETTLE_SECONDS: Final = 20.0
"""How long it is waited for what is still to be posted."""
_OF_SPEECH: Final = "🔇"
"""What a note begins with that tells that speech was waited for in vain: until then, that turn went on."""
_WINDOW_SECONDS: Final = 50.0
"""/metrics look back on a minute."""


async def try_attacks(attacks: Sequence[Attack], at_once: int, logs: Path | None = None) -> list[HostileRow]:
    """Try each attack, `at_once` at a time; return the rows in that order. One that needs what is not here has none."""
    free = asyncio.Semaphore(at_once)

    async def try_one(attack: Attack) -> HostileRow | None:
        async with free:
            try:
                row = await try_attack(attack, logs)
            except NoPostgreSQL:
                print(f"{attack.name}: there is no PostgreSQL", file=sys.stderr, flush=True)
                return None
        print(hostile_table([row]).splitlines()[-1], file=sys.stderr, flush=True)
        return row

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(try_one(attack)) for attack in attacks]
    return [row for task in running if (row := task.result()) is not None]


async def try_attack(attack: Attack, logs: Path | None = None) -> HostileRow:
    """Try one attack; the bot's logs are kept in `logs`.

    Raises:
        TimeoutError: the call could not be started.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    try:
        async with open_hostile_test_bed(folder, attack.settings) as bed:
            await attack.prepare(bed)
            async with bed.start_bot():
                return await _row_of(attack, bed)
    finally:
        if logs is not None:
            await asyncio.to_thread(_keep_logs, folder, logs / attack.name.replace(" ", "-").replace("/", "-"))
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _row_of(attack: Attack, bed: HostileTestBed) -> HostileRow:
    await bed.begin_call()
    with suppress(TimeoutError):  # where speech is attacked from the start, nothing is heard
        await bed.answered(await bed.chat(bed.ben), _WARM_SECONDS)
        await bed.lounge.call.wait_until_quiet(0.3, _WARM_SECONDS)
    await ask_inside(bed.bot)
    if not attack.counts_start:
        forget_peak(bed.bot.process_id)
    began = time.monotonic()
    acting = asyncio.create_task(_act(attack, bed))
    await asyncio.sleep(attack.seconds_before_question)
    question = await bed.chat(bed.ben)
    with suppress(TimeoutError):
        await bed.answered(question, attack.wait_seconds)
    await acting
    turns = {text for _, text in bed.turns}  # more may begin, and be at their beginning when this ends
    with suppress(TimeoutError):
        await eventually(lambda: len(bed.textless(turns)) <= len(bed.skipped_at), _SETTLE_SECONDS)
    report = await ask_inside(bed.bot)
    textless = bed.textless(turns)
    late = _lateness(attack, bed, question)
    return HostileRow(
        attack=attack.name,
        sent=attack.sent,
        peak_megabytes=peak_bytes(bed.bot.process_id) / 1e6,
        held=report.held,
        timer_late=report.max,
        late=late,
        waited=None if late is None else _answered_at(attack, bed, question) - question.message.time,
        turns=len(turns),
        textless=max(0, len(textless) - len(bed.skipped_at)),
        complaint=attack.check(bed) or _tracebacks(bed) or await _unseen_lag(bed, report, time.monotonic() - began),
    )


async def _act(attack: Attack, bed: HostileTestBed) -> None:
    async with asyncio.timeout(_ACT_SECONDS):
        await attack.act(bed)


def _answered_at(attack: Attack, bed: HostileTestBed, question: AskedQuestion) -> float:
    posted, heard = question.posted_at(bed.written), bed.heard_at(question)
    assert posted is not None
    assert heard is not None
    return heard if attack.takes_no_posts else max(posted, heard)


def _lateness(attack: Attack, bed: HostileTestBed, question: AskedQuestion) -> float | None:
    turns = {text: at for at, text in bed.turns}
    if question.posted_at(bed.written) is None or bed.heard_at(question) is None or question.text not in turns:
        return None
    begun, typed = turns[question.text], question.message.time
    others = [each for each in bed.asked if each is not question and each.text in turns]
    posts = [] if attack.takes_no_posts else [post.time for each in others for post in each.posts(bed.written)]
    posts += [post.time for post in bed.written if post.content.startswith(_OF_SPEECH)]
    frames = [frame.arrival for frame in bed.lounge.call.speech()]
    return lateness(
        Turns(
            typed=typed,
            begun=begun,
            answered=_answered_at(attack, bed, question),
            others_begun=[turns[each.text] for each in others if typed < turns[each.text] < begun],
            others_ended=[*posts, *frames],
            members_ahead=attack.members_ahead,
        )
    )


async def _unseen_lag(bed: HostileTestBed, report: InsideReport, seconds: float) -> str:
    """A complaint where the bot's own metrics don't show what was measured."""
    try:
        shown = await bed.metrics_lag()
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"/metrics don't answer: {error!r}"
    if seconds < _WINDOW_SECONDS and report.max > MOST_HOLD and shown < report.max * 0.5:
        return f"/metrics show {shown * 1000:.0f} ms only"
    return ""


def _tracebacks(bed: HostileTestBed) -> str:
    """A complaint where an error was not expected: by our own code, or for one that speaks to the HTTP port."""
    count = bed.bot.log.count("Traceback (most recent call last)")
    return f"{count} tracebacks" if count else ""


def _keep_logs(folder: Path, logs: Path) -> None:
    logs.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        shutil.copy(log, logs)
