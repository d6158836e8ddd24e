"""Trying faults while a member speaks: for each one a fresh call."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.faults.fault_test_bed import FaultTestBed, open_fault_test_bed
from bench.faults.hearing_cases import HearingCase, break_recognizer
from bench.faults.spoken_words import Word, recognize_by_sound, words
from bench.faults.word_speaker import SaidWord, WordSpeaker
from bench.subjects.benched_bot import BenchedBot
from sandbox.standins.recognition import HostedRecognition

_AT_ONCE: Final = 4
_FAULT_SECONDS: Final = 2.0
"""How long the member has spoken when the fault comes."""
_HEARD_SECONDS: Final = 12.0
"""How long what was said may take to be written down: the recognizer's timeout, and then some."""
_SETTLED_SECONDS: Final = 2.0
_LOOK_SECONDS: Final = 0.05
_HEARD: Final = "🗣️"
_NOT_HEARD: Final = "🙉"
_ANSWER: Final = "I beg your pardon."


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingVerdict:
    """What became of one call."""

    case: HearingCase
    """The fault."""
    said: int
    """Words that were said to their end."""
    lost: tuple[str, ...]
    """Those of them that are in no text in the chat."""
    deaf: float
    """The longest time from the end of a word that was heard to the beginning of the next one, in seconds, if words
    were lost between them."""
    told: tuple[str, ...]
    """What was said about it in the chat, line by line."""

    @property
    def is_right(self) -> bool:
        """Whether no more was lost than has to be, and somebody was told where all of a turn was."""
        return len(self.lost) <= self.case.may_lose and (not self.case.is_of_the_recognizer or bool(self.told))


async def try_hearing(cases: Sequence[HearingCase], said: Sequence[Word] | None = None) -> list[HearingVerdict]:
    """Try each fault, some at a time; return the verdicts in that order. `said` is what is said; usually all words."""
    free, spoken = asyncio.Semaphore(_AT_ONCE), await asyncio.to_thread(words) if said is None else said

    async def try_one(case: HearingCase) -> HearingVerdict:
        async with free:
            verdict = await _try(case, spoken)
        print(f"{case.name}: {len(verdict.lost)} of {verdict.said} words lost", file=sys.stderr, flush=True)
        return verdict

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(try_one(case)) for case in cases]
    return [task.result() for task in running]


async def _try(case: HearingCase, spoken: Sequence[Word]) -> HearingVerdict:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    try:
        async with (
            HostedRecognition(recognize_by_sound(spoken)) as recognition,
            open_fault_test_bed(
                BenchedBot.ASSISTANT, dave_version=1, block_seconds=0.0, folder=folder, settings=_settings(recognition)
            ) as bed,
        ):
            await bed.begin_call()
            await case.prepare(bed)
            speaker = WordSpeaker(bed.ada, case.network)
            async with _watch_lines(bed) as lines:
                await _speak(case, bed, recognition, speaker=speaker, spoken=spoken, lines=lines)
                await _wait_until_heard(bed, speaker)
            return _verdict(case, speaker.said, _heard_in(bed), tuple(lines))
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _speak(
    case: HearingCase,
    bed: FaultTestBed,
    recognition: HostedRecognition,
    *,
    speaker: WordSpeaker,
    spoken: Sequence[Word],
    lines: Sequence[str],
) -> None:
    """Let Ada speak, and the fault come meanwhile."""
    half = len(spoken) // 2
    is_mended = asyncio.Event()

    async def inject() -> None:
        await asyncio.sleep(_FAULT_SECONDS)
        await case.fault(bed)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(inject())
        tasks.create_task(break_recognizer(case, recognition, is_mended))
        if case.is_of_the_recognizer:
            await speaker.say(spoken[:half])
            await _until(lambda: any(line.startswith(_NOT_HEARD) for line in lines))
            is_mended.set()
            await speaker.say(spoken[half:])
        else:
            await speaker.say(spoken)


async def _wait_until_heard(bed: FaultTestBed, speaker: WordSpeaker) -> None:
    """Return when every word is written down, or when nothing more is to come."""
    await _until(lambda: {each.word.text for each in speaker.said} <= _heard_in(bed))
    await asyncio.sleep(_SETTLED_SECONDS)


async def _until(is_so: Callable[[], bool]) -> None:
    """Return when it is so, or when it has taken too long."""
    for _ in range(round(_HEARD_SECONDS / _LOOK_SECONDS)):
        if is_so():
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _verdict(case: HearingCase, said: Sequence[SaidWord], heard: set[str], told: tuple[str, ...]) -> HearingVerdict:
    return HearingVerdict(
        case=case,
        said=len(said),
        lost=tuple(each.word.text for each in said if each.word.text not in heard),
        deaf=max(deaf_times(said, heard), default=0.0),
        told=told,
    )


def deaf_times(said: Sequence[SaidWord], heard: set[str]) -> Iterator[float]:
    """Each time in which nothing was heard of what was said, in seconds."""
    begun: float | None = None
    for each in said:
        if each.word.text in heard:
            if begun is not None:
                yield each.begun - begun
            begun = None
        elif begun is None:
            begun = each.begun
    if begun is not None:
        yield said[-1].ended - begun


def _heard_in(bed: FaultTestBed) -> set[str]:
    texts = [message.content.splitlines()[0] for message in bed.bot_messages if message.content.startswith(_HEARD)]
    return {word for text in texts for word in text.split()}


@asynccontextmanager
async def _watch_lines(bed: FaultTestBed) -> AsyncIterator[list[str]]:
    """Each line that the bot writes from now on, edits included; not its answers, nor what it has heard."""
    known, new = set(_lines(bed)), list[str]()

    async def watch() -> None:
        while True:
            new.extend(line for line in dict.fromkeys(_lines(bed)) if line not in known)
            known.update(new)
            await asyncio.sleep(_LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield new
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _lines(bed: FaultTestBed) -> Iterator[str]:
    for message in bed.bot_messages:
        if not message.content.startswith(_HEARD) and _ANSWER not in message.content:
            yield from filter(None, message.content.splitlines())


def _settings(recognition: HostedRecognition) -> Mapping[str, str]:
    return {
        "LISTENING": "everyone",
        "ADDRESSING": "always",
        "STT_ENGINE": "hosted",
        "STT_BASE_URL": recognition.base_url,
        "STT_MODEL": "sandbox-stt",
    }
