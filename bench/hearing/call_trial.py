"""The bot as it ships, in a process of its own, with a member who speaks: how fast, at what cost."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from assistant.stt.offline_limits import reason_against_offline
from bench.common.frame_pacing import pacing_of, percentile
from bench.common.process_usage import usage_of, usage_with_children
from bench.hearing.figure import Figure, at_most
from bench.hearing.timed_speech import TimedSpeech
from bench.scale.scale_test_bed import ScaleTestBed, open_scale_test_bed
from bench.scale.turns import talk
from sandbox.standins.recognition import HostedRecognition, script

_TEXT_SECONDS: Final = 20.0
_SETTLE_SECONDS: Final = 3.0
_ANSWERED_SECONDS: Final = 2.0
_GONE_SECONDS: Final = 75.0
_LOOK_SECONDS: Final = 0.2
_MOST_MEMORY: Final = 400.0
_PLAN_BYTES: Final = 512 * 2**20
_OFFLINE: Final = {"STT_ENGINE": "offline"}
_DEAF: Final = {"STT_ENGINE": "off", "LISTENING": "off"}


@dataclass(frozen=True, slots=True)
class Durations:
    """How long things take, in seconds."""

    idle: float = 10.0
    """While nobody speaks."""
    crowd: float = 30.0
    """While twenty do."""


async def call_figures(speech: Sequence[TimedSpeech], *, waits_until_gone: bool) -> list[Figure]:
    """A member says all of that, one after the other, to a bot that hears and speaks English by itself."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), engine="hibari", settings=_DEAF) as bed:
            await _begin(bed, 1)
            deaf = _own_memory(bed)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_scale_test_bed(Path(folder), engine="hibari", settings=_OFFLINE) as bed:
            bed.script.is_short = bed.script.is_fresh = True
            await _begin(bed, 1)
            listening = _own_memory(bed)
            async with _peak(bed) as peak:
                before = usage_with_children(bed.bot.process_id)
                waits = [await _wait_for_text(bed, each) for each in speech]
                after = usage_with_children(bed.bot.process_id)
            recognizer = max((each.memory_info().rss for each in _recognizers(bed)), default=0) / 2**20
            figures = [
                *_wait_figures(speech, waits),
                at_most("memory, the bot that hears, more than deaf", listening - deaf, 20.0, "MB", 0),
                at_most("memory, the recognizer's process", recognizer, 250.0, "MB", 0),
                _peak_figure(peak[0] / 2**20),
                Figure("CPU, questions said, recognized, answered aloud", f"{after.cores_since(before):.1%} of a core"),
            ]
            if waits_until_gone:
                figures.append(await _gone_figure(bed))
    return figures


async def cost_figures(speech: TimedSpeech, durations: Durations) -> list[Figure]:
    """What a member who speaks costs, with a recognizer elsewhere that hears nothing, and with ours."""
    figures = []
    async with HostedRecognition(script("")) as hosted:
        forms: dict[str, tuple[Mapping[str, str], float]] = {
            "without recognition": (_hosted(hosted), 0.03),
            "with moonshine": (_OFFLINE, 0.15),
        }
        for name, (settings, limit) in forms.items():
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                async with open_scale_test_bed(Path(folder), settings=settings) as bed:
                    bed.script.is_short = bed.script.is_fresh = True
                    await _begin(bed, 1)
                    first = usage_with_children(bed.bot.process_id)
                    await asyncio.sleep(durations.idle)
                    second = usage_with_children(bed.bot.process_id)
                    await bed.crowd.places[0].ada.speak(speech.frames)
                    third = usage_with_children(bed.bot.process_id)
                    cores = third.cores_since(second) - second.cores_since(first)
                    figures.append(at_most(f"CPU of a member who speaks, {name}", 100 * cores, 100 * limit, "%", 1))
    return figures


async def crowd_figures(speech: TimedSpeech, calls: int, durations: Durations) -> list[Figure]:
    """Members speak in many calls while many answers are spoken; what they say is heard as nothing."""
    async with HostedRecognition(script("")) as hosted:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            async with open_scale_test_bed(Path(folder), settings=_hosted(hosted)) as bed:
                await _begin(bed, calls)
                await bed.look_inside()
                is_over = asyncio.Event()

                async def speak(number: int) -> None:
                    await asyncio.sleep(number * 0.1)
                    while not is_over.is_set():
                        await bed.crowd.places[number].ada.speak(speech.frames)

                own, bot = usage_of(os.getpid()), usage_of(bed.bot.process_id)
                async with asyncio.TaskGroup() as tasks:
                    for number in range(calls):
                        tasks.create_task(speak(number))
                    turns = await talk(bed.crowd.places, durations.crowd, spread=durations.crowd / 3)
                    is_over.set()
                own_after, bot_after = usage_of(os.getpid()), usage_of(bed.bot.process_id)
                lag, pacing = await bed.look_inside(), pacing_of(turn.answer for turn in turns)
    return [
        at_most(f"{calls} speak in {calls} calls, frames of the answers p99", pacing.p99 * 1000, 25.0, "ms", 1),
        at_most(f"{calls} speak in {calls} calls, event loop late p99", lag.p99 * 1000, 20.0, "ms", 1),
        Figure(
            f"{calls} speak in {calls} calls, turns recognized; CPU of the bot, of the sandbox",
            f"{len(hosted.requests)}; {bot_after.cores_since(bot):.0%}, {own_after.cores_since(own):.0%} of a core",
        ),
    ]


def _own_memory(bed: ScaleTestBed) -> float:
    """MB of the bot's own process."""
    return usage_of(bed.bot.process_id).resident_bytes / 2**20


async def _begin(bed: ScaleTestBed, calls: int) -> None:
    await bed.crowd.start_calls(calls)
    await asyncio.sleep(_SETTLE_SECONDS)


async def _wait_for_text(bed: ScaleTestBed, speech: TimedSpeech) -> float | None:
    """Say it; seconds from its last voice to its text in the chat, None if there is none."""
    place = bed.crowd.places[0]
    known = {message.id for message in place.text.messages}
    begun = time.monotonic()
    speaking = asyncio.create_task(place.ada.speak(speech.frames))
    try:
        await place.text.wait_for_message(
            lambda message: message.content.startswith("🗣️") and message.id not in known,
            len(speech.frames) * 0.02 + _TEXT_SECONDS,
        )
        return time.monotonic() - begun - speech.last_voice
    except TimeoutError:
        return None
    finally:
        await speaking
        await asyncio.sleep(_ANSWERED_SECONDS)


def _wait_figures(speech: Sequence[TimedSpeech], waits: Sequence[float | None]) -> list[Figure]:
    heard = [(each, wait) for each, wait in zip(speech, waits, strict=True) if wait is not None]
    whole = sorted(wait for _, wait in heard)
    alone = sorted(max(0.0, wait - each.silence) for each, wait in heard)
    targets = {"last voice to text": (whole, 0.75, 0.95), "without the silence": (alone, 0.15, 0.35)}
    return [
        Figure(
            "questions said, and written in the chat", f"{len(speech)}, {len(heard)}", "all", len(heard) == len(speech)
        ),
        *(
            at_most(f"{name}, p{percent}", percentile(values, percent), limit, "s")
            for name, (values, middle, most) in targets.items()
            for percent, limit in ((50, middle), (95, most))
        ),
    ]


def _peak_figure(megabytes: float) -> Figure:
    is_left_out = bool(reason_against_offline(_PLAN_BYTES))
    return Figure(
        "memory, bot, offline voice and recognizer, peak",
        f"{megabytes:.0f} MB; with {_PLAN_BYTES >> 20} MB the recognizer is {'left out' if is_left_out else 'there'}",
        f"{_MOST_MEMORY:g} MB, or left out",
        megabytes <= _MOST_MEMORY or is_left_out,
    )


async def _gone_figure(bed: ScaleTestBed) -> Figure:
    """How long the recognizer's process stays behind the last turn."""
    begun = time.monotonic()
    while _recognizers(bed) and time.monotonic() < begun + _GONE_SECONDS:  # noqa: ASYNC110 - another's child tells nobody
        await asyncio.sleep(_LOOK_SECONDS)
    return at_most("the recognizer's process, gone after", time.monotonic() - begun, 62.0, "s", 0)


def _recognizers(bed: ScaleTestBed) -> list[psutil.Process]:
    children = psutil.Process(bed.bot.process_id).children(recursive=True)
    return [each for each in children if "moonshine_worker" in " ".join(each.cmdline())]


@asynccontextmanager
async def _peak(bed: ScaleTestBed) -> AsyncIterator[list[int]]:
    """The most bytes that the bot and its processes hold together, as the one item of a list."""
    most = [0]

    async def watch() -> None:
        while True:
            most[0] = max(most[0], await asyncio.to_thread(_proportional_bytes, bed.bot.process_id))
            await asyncio.sleep(_LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield most
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _proportional_bytes(process_id: int) -> int:
    """What a process and its children hold; of what several share, each has its part."""
    process, most = psutil.Process(process_id), 0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            most += each.memory_full_info().pss
    return most


def _hosted(hosted: HostedRecognition) -> Mapping[str, str]:
    return {"STT_ENGINE": "hosted", "STT_BASE_URL": hosted.base_url, "STT_MODEL": "sandbox-stt"}
