"""More and more calls that speak at the same time: how even their frames are, and what they cost."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.common.frame_pacing import Pacing, Stretch, pacing_of
from bench.common.guild_crowd import Place
from bench.scale.turns import Turn
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_row import BUNCHED_SECONDS, ContenderRow, Speaking
from bench.side_by_side.contender_test_bed import ContenderTestBed, open_contender_test_bed, take_turn
from bench.side_by_side.encoded_voice import EncodedVoice
from bench.side_by_side.framework_session import SentSound, open_framework_session
from bench.side_by_side.usage_watch import UsageWatch

_TOWNS: Final = ("Leeds", "Paris", "Turin", "Delhi", "Osaka", "Lagos", "Quito", "Tunis", "Accra", "Miami")
_SPREAD_SECONDS: Final = 10.0
"""Within this time the calls start: about the length of a turn."""
_SETTLE_SECONDS: Final = 2.0


def one_sentence(number: int) -> str:
    """A sentence of nine seconds. What stands between two sentences is not a matter of frames."""
    town = _TOWNS[number % len(_TOWNS)]
    return (
        f"In the harbour of {town}, the ships come home at dusk when the gulls fly back in and by the time the moon is "
        f"up all of {town} is calm and asleep."
    )


async def try_crowd(row: ContenderRow, calls: Sequence[int], turns: int) -> None:
    """Let ascending numbers of calls take so many turns each, and note in the row what was measured.

    Raises:
        TimeoutError: the contender does not start, or an answer is not heard.
        ExceptionGroup: the same of one of many calls.
    """
    voice = EncodedVoice()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if not row.contender.speaks_on_discord:
            async with open_framework_session(row.contender, Path(folder), one_sentence, voice) as session:
                await asyncio.sleep(_SETTLE_SECONDS)
                row.start_bytes = session.usage.resident_bytes
                await session.ask()  # it loads what all need
                async with UsageWatch(lambda: session.usage) as watch:
                    sounds = [await session.ask() for _ in range(turns)]
                row.speaking.append(_of_framework(row.contender, sounds, watch))
            return
        async with open_contender_test_bed(row.contender, Path(folder), one_sentence, voice) as bed:
            await asyncio.sleep(_SETTLE_SECONDS)
            row.start_bytes = bed.usage.resident_bytes
            await bed.crowd.start_calls(1)
            await take_turn(bed.crowd.places[0])
            for count in calls:
                if count <= row.contender.most_calls:
                    await bed.crowd.start_calls(count)
                    await asyncio.sleep(_SETTLE_SECONDS)
                    row.speaking.append(await _speak(bed, count, turns))


async def _speak(bed: ContenderTestBed, calls: int, turns: int) -> Speaking:
    async def talk(place: Place, delay: float) -> list[Turn]:
        await asyncio.sleep(delay)
        return [await take_turn(place) for _ in range(turns)]

    async with UsageWatch(lambda: bed.usage) as watch, asyncio.TaskGroup() as talking:
        talks = [
            talking.create_task(talk(place, _SPREAD_SECONDS * index / calls))
            for index, place in enumerate(bed.crowd.places)
        ]
    answers = [turn.answer for talk in talks for turn in talk.result()]
    spoken = sum(answer.arrivals[-1] - answer.arrivals[0] for answer in answers)
    return _speaking(calls, answers, pacing_of(answers), watch, spoken)


def _of_framework(contender: Contender, sounds: Sequence[SentSound], watch: UsageWatch) -> Speaking:
    # Only pipecat sends by a clock of its own.
    answers = [Stretch(sound.arrivals, range(len(sound.arrivals))) for sound in sounds]
    pacing = pacing_of(answers) if contender is Contender.PIPECAT else None
    return _speaking(1, answers, pacing, watch, sum(sum(sound.seconds) for sound in sounds))


def _speaking(
    calls: int, answers: Sequence[Stretch], pacing: Pacing | None, watch: UsageWatch, spoken: float
) -> Speaking:
    return Speaking(
        calls=calls,
        pacing=pacing,
        bunched=sum(distance < BUNCHED_SECONDS for answer in answers for distance in answer.distances),
        cores_per_call=watch.cpu_seconds / spoken,
        resident_bytes=watch.most_bytes,
    )
