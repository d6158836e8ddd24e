"""Trying faults while an answer is interrupted, or begun before its question is over: for each one a fresh call."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import LONG, SECOND, Answer
from bench.faults.fault_test_bed import FaultTestBed, open_fault_test_bed
from bench.faults.interruption_cases import End, InterruptionCase, Moment
from bench.faults.spoken_words import Word, recognize_by_sound, words
from bench.faults.word_speaker import WordSpeaker
from bench.subjects.benched_bot import BenchedBot
from sandbox.standins.recognition import HostedRecognition
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from sandbox.voice import NetworkConditions
from tests.support.heard_speech import SAMPLES, heard
from tests.support.sent_packets import RATE, encode_as_clients_do

_AT_ONCE: Final = 3
_TRIES: Final = 3
"""How many calls are made at most until the fault comes at the right moment: half a second is there for it."""
_PERFECT: Final = NetworkConditions()
_FRAMES_BEFORE: Final = 50
"""How much of the answer is heard before somebody speaks: a second."""
_BEGIN_SECONDS: Final = 30.0
_STATE_SECONDS: Final = 5.0
"""How long it may take until the answer is softer, waits, or is begun."""
_LOOK_SECONDS: Final = 0.05
_STILL_SECONDS: Final = 0.3
"""An answer of which nothing comes for so long waits."""
_SOFT: Final = 0.4
"""Of the usual level: what is under it was turned down."""
_LEVEL_FRAMES: Final = 60
_FIRST_WORDS: Final = 3
_PAUSE_SECONDS: Final = 0.55
"""How long the member pauses who goes on: longer than until an answer is begun, shorter than until it is heard."""
_SETTLED_SECONDS: Final = 45.0
"""How long it may take until all is said, a restart of the process included."""
_QUIET_SECONDS: Final = 3.0
"""After so long without a frame, nothing more is to come: an answer that waits does so for 2 s at most."""
_LAUGHTER: Final = "Ha ha ha."
_NO_QUESTION: Final = "Mhm."
_WORDS_OVER_IT: Final = "Oh but I am"
_PARDON: Final = "I beg your pardon."


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionVerdict:
    """What became of one call."""

    case: InterruptionCase
    """The fault."""
    moment: Moment
    """When it came."""
    end: End
    """What came of what the member said."""
    is_in_time: bool
    """Whether the answer was as it was to be when the fault came."""
    is_in_call: bool
    """Whether the bot was in the call at the end, with a voice connection."""
    lost: int
    """Frames that were never heard, of the answer that went on, or of the one to the question."""
    doubled: int
    """Frames that were heard again."""
    answers: int
    """How often the question is answered in the chat."""
    others: int
    """How many answers there are to what was only part of it."""
    is_cut: bool
    """Whether the answer that was spoken over was not heard to its end."""

    @property
    def is_right(self) -> bool:
        """Whether the call went on, nothing was lost or heard twice, and the question was answered once."""
        has_question = self.moment is Moment.DRAFTED or self.end is End.QUESTION
        return (
            self.is_in_time
            and self.is_in_call
            and self.lost <= self.case.may_lose
            and (not self.doubled or self.case.may_double)
            and self.answers == has_question
            and (self.is_cut or not has_question or self.moment is not Moment.HELD)
        )


class Hears:
    """A recognizer that hears what it is told to, or else the words that are said; the last one makes a question."""

    def __init__(self, spoken: Sequence[Word], last: Word) -> None:
        """`last` is the word behind which it was a question."""
        self.text: str | None = None
        """What is heard, whatever is said; None: the words."""
        self._words = recognize_by_sound(spoken)
        self._last = last.text

    async def __call__(self, request: HostedRecognitionRequest) -> str:
        """What is heard in a request."""
        if self.text is not None:
            return self.text
        found = self._words(request)
        text = found if isinstance(found, str) else await found
        return SECOND.message if self._last in text.split() else text


async def try_interruptions(
    cases: Sequence[InterruptionCase], moments: Sequence[Moment] = tuple(Moment), ends: Sequence[End] = tuple(End)
) -> list[InterruptionVerdict]:
    """Try each fault at each moment, some at a time; return the verdicts in that order."""
    free, spoken = asyncio.Semaphore(_AT_ONCE), await asyncio.to_thread(words)

    async def try_one(case: InterruptionCase, moment: Moment, end: End) -> InterruptionVerdict:
        async with free:
            for _ in range(_TRIES):
                verdict = await _try(case, moment, end, spoken)
                if verdict.is_in_time:
                    break
        sign = "as it should be" if verdict.is_right else f"WRONG: {verdict}"
        print(f"{case.name}, {moment.value}, {end.value}: {sign}", file=sys.stderr, flush=True)
        return verdict

    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(try_one(case, moment, end)) for case in cases for moment in moments for end in ends
        ]
    return [task.result() for task in running]


async def _try(case: InterruptionCase, moment: Moment, end: End, spoken: Sequence[Word]) -> InterruptionVerdict:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
    said = _words_for(case, moment, end, spoken)
    hears = Hears(spoken, said[-1])
    try:
        async with (
            HostedRecognition(hears) as recognition,
            open_fault_test_bed(
                BenchedBot.ASSISTANT,
                dave_version=1,
                block_seconds=0.0,
                folder=folder,
                settings={
                    "LISTENING": "everyone",
                    "STT_ENGINE": "hosted",
                    "STT_BASE_URL": recognition.base_url,
                    "STT_MODEL": "sandbox-stt",
                },
            ) as bed,
        ):
            await bed.begin_call()
            await case.prepare(bed)
            if moment is Moment.DRAFTED:
                is_in_time = await _pause(case, end, bed, said)
            else:
                is_in_time = await _interrupt(case, moment, end, bed=bed, hears=hears, said=said)
            expected = LONG if moment is not Moment.DRAFTED and end is End.NOTHING else SECOND
            await _settle(bed, expected)
            audio = await bed.heard()
            return InterruptionVerdict(
                case=case,
                moment=moment,
                end=end,
                is_in_time=is_in_time,
                is_in_call=bed.guild.bot_voice is not None and bed.has_websocket,
                lost=audio.lost(expected),
                doubled=audio.doubled,
                answers=_count(bed, SECOND.text),
                others=_count(bed, _PARDON),
                is_cut=not audio.was_spoken(LONG),
            )
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _words_for(case: InterruptionCase, moment: Moment, end: End, spoken: Sequence[Word]) -> list[Word]:
    """What the member says, its last word apart from all others."""
    if moment is Moment.DRAFTED and end is End.QUESTION:
        return list(spoken[:_FIRST_WORDS])
    seconds, said = case.deaf_seconds + (0.0 if moment is Moment.DRAFTED else 1.5), list(spoken[:_FIRST_WORDS])
    others = cycle(spoken[_FIRST_WORDS:-1])
    while sum(word.seconds for word in said[_FIRST_WORDS:]) < seconds:
        said.append(next(others))
    return [*said, spoken[-1]]


async def _interrupt(
    case: InterruptionCase, moment: Moment, end: End, *, bed: FaultTestBed, hears: Hears, said: Sequence[Word]
) -> bool:
    """Speak over an answer, and let the fault come meanwhile; return whether that was the moment for it."""
    await bed.ada.type(LONG.message, bed.text)
    await bed.lounge.call.wait_for_frames(_FRAMES_BEFORE, _BEGIN_SECONDS)
    hears.text = _LAUGHTER if moment is Moment.DUCKED else _WORDS_OVER_IT
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(WordSpeaker(bed.ada, _PERFECT).say(said))
        is_in_time = await _until(lambda: _is_soft(bed)) if moment is Moment.DUCKED else await _waits(bed)
        hears.text = _NO_QUESTION if end is End.NOTHING else None
        await case.fault(bed)
    return is_in_time


async def _pause(case: InterruptionCase, end: End, bed: FaultTestBed, said: Sequence[Word]) -> bool:
    """The same with a question in which the member pauses."""
    pause = _silence(_PAUSE_SECONDS if end is End.NOTHING else 2 * _PAUSE_SECONDS)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(WordSpeaker(bed.ada, _PERFECT).say([*said[:_FIRST_WORDS], pause, *said[_FIRST_WORDS:]]))
        is_in_time = await _until(lambda: bool(bed.model.requests)) and not bed.speech
        await case.fault(bed)
    return is_in_time


async def _settle(bed: FaultTestBed, expected: Answer) -> None:
    """Return when the answer was heard to its end and nothing follows it, or when it has taken too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_SETTLED_SECONDS):
            while True:
                frames = len(bed.speech)
                await asyncio.sleep(_QUIET_SECONDS)
                is_quiet = len(bed.speech) == frames and bed.has_websocket
                if is_quiet and (await bed.heard()).was_spoken(expected):
                    return


async def _until(is_so: Callable[[], bool]) -> bool:
    """Return whether it became so in time."""
    for _ in range(round(_STATE_SECONDS / _LOOK_SECONDS)):
        if is_so():
            return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


async def _waits(bed: FaultTestBed) -> bool:
    """Return whether nothing of an answer came for a moment."""
    for _ in range(round(_STATE_SECONDS / _STILL_SECONDS)):
        frames = len(bed.speech)
        await asyncio.sleep(_STILL_SECONDS)
        if len(bed.speech) == frames:
            return True
    return False


def _is_soft(bed: FaultTestBed) -> bool:
    """Whether what is heard now is turned down."""
    sound = heard([frame.opus for frame in bed.speech[-_LEVEL_FRAMES:]]).reshape(-1, SAMPLES)
    levels = np.sqrt(np.mean(sound**2, axis=1))
    return bool(levels[-1] < _SOFT * levels.max())


def _silence(seconds: float) -> Word:
    samples = np.zeros(round(RATE * seconds), np.float32)
    return Word("", encode_as_clients_do(samples), samples)


def _count(bed: FaultTestBed, text: str) -> int:
    return sum(message.content.count(text) for message in bed.bot_messages if not message.deleted)
