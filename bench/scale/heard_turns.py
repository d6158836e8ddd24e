"""Members who ask by voice, listen to the answer until its end, and ask again."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.common.frame_pacing import Stretch
from bench.common.guild_crowd import Place
from bench.scale.asked_questions import AskedQuestion
from bench.scale.member_voices import MemberVoices
from bench.scale.packet_sender import FRAME_SECONDS

_ANSWER_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.2
_SETTLE_SECONDS: Final = 0.1
"""The websocket announces the end of an answer, perhaps before its last frames are read."""
_PAUSE_SECONDS: Final = 1.0
"""From the end of an answer to the next question."""


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A question and its answer."""

    asked_seconds: float
    """How long the question took."""
    last_voice: float
    """When the last frame of it with voice left, in seconds of `time.monotonic()`."""
    answer: Stretch
    """The frames of its answer as they arrived; none where it was not answered."""

    @property
    def wait(self) -> float:
        """Seconds from the last frame with voice to the first sound of the answer."""
        return self.answer.arrivals[0] - self.last_voice


async def ask(place: Place, question: AskedQuestion, voices: MemberVoices) -> HeardTurn:
    """Ask; return when the answer was heard to its end, or after half a minute without one."""
    call = place.lounge.call
    known, announced = len(call.headers), len(call.connections[-1].speaking)
    last_voice = await voices.say(call, place.ada.id, question.frames, question.last_voice)
    give_up = time.monotonic() + _ANSWER_SECONDS
    # An answer begins and ends with an announcement (voice op 5).
    while len(call.connections[-1].speaking) < announced + 2 and time.monotonic() < give_up:  # noqa: ASYNC110 - hundreds of calls may be late
        await asyncio.sleep(_LOOK_SECONDS)
    await asyncio.sleep(_SETTLE_SECONDS)
    return HeardTurn(len(question.frames) * FRAME_SECONDS, last_voice, Stretch.of(call.headers, known))


async def converse(
    places: Sequence[Place], questions: Sequence[AskedQuestion], voices: MemberVoices, seconds: float, *, spread: float
) -> list[HeardTurn]:
    """Let somebody ask in every call, again and again, with first questions at different moments.

    Those are within `spread` seconds, each in a voice of its own. No question begins after `seconds`, and all answers
    are heard to their end.

    Raises:
        ExceptionGroup: what they say can't be sent.
    """
    start = time.monotonic()

    async def one(index: int, place: Place) -> list[HeardTurn]:
        await asyncio.sleep(spread * index / len(places))
        question, turns = questions[index % len(questions)], list[HeardTurn]()
        while not turns or time.monotonic() < start + seconds:
            turns.append(await ask(place, question, voices))
            await asyncio.sleep(_PAUSE_SECONDS)
        return turns

    async with asyncio.TaskGroup() as asking:
        asked = [asking.create_task(one(index, place)) for index, place in enumerate(places)]
    return [turn for each in asked for turn in each.result()]
