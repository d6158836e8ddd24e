"""How soon a contender is heard after a message."""

import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from bench.common.conversation import when_written
from bench.common.workload import answer
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_row import FirstSounds
from bench.side_by_side.contender_test_bed import ContenderTestBed, open_contender_test_bed, take_turn
from bench.side_by_side.encoded_voice import EncodedVoice
from bench.side_by_side.framework_session import FrameworkSession, open_framework_session
from bench.side_by_side.same_services import SameServices
from tests.data.first_answers import first_answers

_QUICKNESS: Final = 16.0
"""How soon an answer is heard does not depend on how long it takes to say."""


def answers_to_give(each: int) -> list[str]:
    """So many of `bench.first_audio`'s, and so many of tests/data/first_answers, in as many languages as there are."""
    others = list(first_answers())
    languages = list(dict.fromkeys(other.language for other in others))
    some = [
        next(other for other in others if (other.language, other.number) == (languages[i % len(languages)], i + 1))
        for i in range(each)
    ]
    return [answer(number) for number in range(each)] + [other.text for other in some]


async def try_first_sound(contender: Contender, answers: Sequence[str]) -> FirstSounds:
    """Type a message for each of the answers, one after the other; the first turn does not count.

    Raises:
        TimeoutError: the contender does not start, or an answer is not heard.
        ExceptionGroup: it does not join the call in time.
    """
    texts = (answers[0], *answers)
    voice = EncodedVoice(_QUICKNESS)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if not contender.speaks_on_discord:
            async with open_framework_session(contender, Path(folder), texts.__getitem__, voice) as session:
                return await _measure(session, len(texts), lambda: _after_text(session))
        async with open_contender_test_bed(contender, Path(folder), texts.__getitem__, voice) as bed:
            await bed.crowd.start_calls(1)
            return await _measure(bed, len(texts), lambda: _after_message(bed))


async def _after_text(session: FrameworkSession) -> float:
    return (await session.ask()).first_sound


async def _after_message(bed: ContenderTestBed) -> float:
    return (await take_turn(bed.crowd.places[0])).first_audio


async def _measure(services: SameServices, turns: int, first_sound: Callable[[], Awaitable[float]]) -> FirstSounds:
    seconds: list[float] = []
    of_services: list[float] = []
    for _ in range(turns):
        asked, known = len(services.model.requests), len(services.pieces)
        seconds.append(await first_sound())
        model, piece = services.model.requests[asked], services.pieces[known]
        if model.tokens and piece.answered is not None:
            written = when_written(model, piece.text) - model.arrived
            of_services.append(written + piece.answered - piece.arrived)
    return FirstSounds.of(seconds[1:], of_services[1:])
