"""Members who type, listen to the answer until its end, and type again."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.common.frame_pacing import Stretch
from bench.common.guild_crowd import Place

_ANSWER_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.2
_SETTLE_SECONDS: Final = 0.1
"""The websocket announces the end of an answer, perhaps before its last frames are read."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and its answer."""

    first_audio: float
    """Seconds from the message to the arrival of its answer's first frame that is not silence."""
    answer: Stretch
    """The answer's frames as they arrived."""


async def take_turn(place: Place) -> Turn:
    """Type a message; return when its answer was heard to the end.

    Raises:
        TimeoutError: it was not.
    """
    call = place.lounge.call
    known, announced = len(call.headers), len(call.connections[-1].speaking)
    typed = time.monotonic()
    await place.ada.type("talk", place.text)
    async with asyncio.timeout(_ANSWER_SECONDS):
        # An answer begins and ends with an announcement (voice op 5).
        while len(call.connections[-1].speaking) < announced + 2:  # noqa: ASYNC110 - hundreds of calls may be late
            await asyncio.sleep(_LOOK_SECONDS)
    await asyncio.sleep(_SETTLE_SECONDS)
    answer = Stretch.of(call.headers, known)
    if not answer.arrivals:
        raise TimeoutError(f"the answer in {place.guild.name} was not spoken")
    return Turn(answer.arrivals[0] - typed, answer)


async def talk(places: Sequence[Place], seconds: float, *, spread: float) -> list[Turn]:
    """Let everybody take turns, with first turns at different moments within `spread` seconds.

    No turn starts after `seconds`, and all are heard to their end.

    Raises:
        ExceptionGroup: an answer was not heard.
    """
    start = time.monotonic()

    async def one(place: Place, delay: float) -> list[Turn]:
        await asyncio.sleep(delay)
        turns = [await take_turn(place)]
        while time.monotonic() < start + seconds:
            turns.append(await take_turn(place))
        return turns

    async with asyncio.TaskGroup() as talking:
        talks = [talking.create_task(one(place, spread * i / len(places))) for i, place in enumerate(places)]
    return [turn for each in talks for turn in each.result()]
