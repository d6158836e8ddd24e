"""What becomes of a long answer while somebody is heard."""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from bench.common.frame_pacing import percentile
from bench.conversation.disturbances import Disturbance
from bench.conversation.minute_answer import (
    LONG_ANSWER,
    SECONDS,
    HeardPiece,
    long_voice,
    lost_and_doubled,
    pieces_of,
)
from bench.conversation.spoken_call import SpokenCall, open_spoken_call
from bench.conversation.synthetic_speakers import BEFORE_SECONDS, frames_by, spoken_by
from bench.hearing.figure import Figure, at_most
from tests.support.sent_packets import FRAME_SECONDS, RATE

_NAMES: Final = ("Ada", "Ben", "Cara")
_FIRST_SECONDS: Final = 1.5
"""Of the answer, before anybody is heard; and of quiet between two who are."""
_AFTERWARDS_SECONDS: Final = 4.0
"""Time for it to go on as before."""
_ECHO_SECONDS: Final = 2.0
_DUCKED: Final = 0.35
"""What is softer than this part of what it was before is ducked. It is to be a quarter; one sentence has half the level
of another."""
_SILENCE_SECONDS: Final = 0.4
"""Longer than a pause between two sentences."""
_AUDIBLE: Final = 0.02
_ANSWER_SECONDS: Final = 20.0
_TWO_WORDS: Final = (
    "Hold on.",
    "Wait, please.",
    "Hang on.",
    "One moment.",
    "Molly, stop.",
    "Stop, please.",
    "Be quiet.",
    "Excuse me.",
)


@dataclass(frozen=True, slots=True)
class Interruption:
    """Somebody was heard during an answer, and what was heard of it. Times are those of `time.monotonic`."""

    begun: float
    """When their first frame left."""
    pieces: Sequence[HeardPiece]
    """What was heard of the answer, from a moment before until it had time to go on."""
    ended: float
    """When that was."""
    taken: Sequence[str]
    """What was taken for a question then: what is heard behind it may be another answer."""

    @property
    def ducked_at(self) -> float | None:
        """When it became softer; None if it did not."""
        clear = [each for each in self.pieces if each.is_clear]
        usual = median([each.level for each in clear if each.arrival < self.begun])
        later = (each.arrival for each in clear if each.arrival > self.begun and each.level < _DUCKED * usual)
        return next(later, None)

    @property
    def silent_at(self) -> float | None:
        """When it fell silent; None if it did not."""
        arrivals = [*(each.arrival for each in self.pieces), self.ended]
        gaps = (before for before, after in pairwise(arrivals) if after - before > _SILENCE_SECONDS)
        return next((before + FRAME_SECONDS for before in gaps if before > self.begun), None)

    @property
    def is_stopped(self) -> bool:
        """Whether it did not go on."""
        is_silent = not self.pieces or self.pieces[-1].arrival < self.ended - _SILENCE_SECONDS
        return is_silent or bool(self.taken)


async def false_interruptions(kind: str, sounds: Iterator[Disturbance], count: int) -> list[Figure]:
    """So many of these are heard, and are no reason to stop."""
    async with _open_call() as call:
        heard = [each async for each in _interrupted(call, sounds, count)]
    stopped, taken = sum(each.is_stopped for each in heard), [text for each in heard for text in each.taken]
    ducked = sum(each.ducked_at is not None for each in heard)
    held = sum(each.silent_at is not None and not each.is_stopped for each in heard)
    wrong = [lost_and_doubled(each.pieces) for each in heard if not each.is_stopped]
    lost, doubled = sum(each for each, _ in wrong), sum(each for _, each in wrong)
    return [
        Figure(f"{kind}, of {count}: stopped for good", "; ".join([str(stopped), *taken]), "0", stopped == 0),
        Figure(f"{kind}, of {count}: ducked; of these, silent for a moment", f"{ducked}; {held}"),
        Figure(
            f"frames lost, doubled over {len(wrong)} times {kind} taken back",
            f"{lost}, {doubled}",
            "0, 0",
            lost + doubled == 0,
        ),
    ]


async def true_interruptions(count: int) -> list[Figure]:
    """Who is answered says two words, so many times."""
    texts = [_TWO_WORDS[number % len(_TWO_WORDS)] for number in range(count)]
    bounds = [_bounds_of(text) for text in texts]
    async with _open_call() as call:
        sounds = (Disturbance("Ada", frames_by("Ada", text)) for text in texts)
        heard = [each async for each in _interrupted(call, sounds, count)]
    ducked = sorted(
        _seconds(each.ducked_at, each.begun + first) for each, (first, _) in zip(heard, bounds, strict=True)
    )
    silent = sorted(_seconds(each.silent_at, each.begun + last) for each, (_, last) in zip(heard, bounds, strict=True))
    missed = sum(each.silent_at is None for each in heard)
    return [
        Figure("interruptions of two words: all, not stopped", f"{count}, {missed}", f"{count}, 0", missed == 0),
        *(
            at_most(f"{name}, p{percent}", percentile(values, percent), limit, "s")
            for name, values, limit in (
                ("first sound of an interruption to ducked", ducked, 0.1),
                ("second word of an interruption to silence", silent, 0.3),
            )
            for percent in (50, 95)
        ),
    ]


@asynccontextmanager
async def _open_call() -> AsyncIterator[SpokenCall]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        settings = {"ADDRESSING": "auto"}
        async with open_spoken_call(
            Path(folder), lambda _: LONG_ANSWER, long_voice, names=_NAMES, settings=settings
        ) as call:
            yield call


async def _interrupted(call: SpokenCall, sounds: Iterator[Disturbance], count: int) -> AsyncIterator[Interruption]:
    """One after the other; a new answer is asked for when the last one is over, or soon will be."""
    answer_ends = 0.0
    for _ in range(count):
        sound = await asyncio.to_thread(next, sounds)  # a voice in the event loop would hold up the call
        length = len(sound.frames) * FRAME_SECONDS or _ECHO_SECONDS
        needed = _FIRST_SECONDS + length + _AFTERWARDS_SECONDS
        if time.monotonic() + needed > answer_ends - 1:
            answer_ends = await _ask_anew(call)
        await asyncio.sleep(_FIRST_SECONDS)
        known, begun = len(call.questions), time.monotonic()
        await _disturb(call, sound)
        await asyncio.sleep(max(0.0, begun + length + _AFTERWARDS_SECONDS - time.monotonic()))
        ended, heard = time.monotonic(), call.heard_since(begun - _FIRST_SECONDS)
        pieces = await asyncio.to_thread(pieces_of, heard)
        interruption = Interruption(begun, pieces, ended, call.questions[known:])
        if interruption.is_stopped or interruption.silent_at is not None:
            answer_ends = 0.0  # how much is left is not known
        yield interruption


async def _ask_anew(call: SpokenCall) -> float:
    """End what is being said, and ask for an answer; returns when that will be over."""
    ada = call.members["Ada"]
    await ada.command("skip", call.text)
    await call.until_quiet(2.0)
    known = len(call.call.speech())
    await ada.type("How long is the road?", call.text)
    await call.call.wait_for_frames(known + 1, _ANSWER_SECONDS)
    return time.monotonic() + SECONDS


async def _disturb(call: SpokenCall, sound: Disturbance) -> None:
    if sound.frames:
        await call.say(sound.name, sound.frames)
        return
    with suppress(TimeoutError):  # the echo has no end of its own
        async with asyncio.timeout(_ECHO_SECONDS):
            await call.members[sound.name].speak(call.call.echo())


def _seconds(at: float | None, since: float) -> float:
    return math.inf if at is None else at - since


def _bounds_of(text: str) -> tuple[float, float]:
    """When in its frames somebody who says this is first and last heard, in seconds."""
    audible = np.flatnonzero(np.abs(spoken_by("Ada", text)) > _AUDIBLE)
    return BEFORE_SECONDS + int(audible[0]) / RATE, BEFORE_SECONDS + int(audible[-1]) / RATE
