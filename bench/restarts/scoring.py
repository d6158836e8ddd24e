"""Counting what became of the calls in a restart: answers, sentences, connections, panels."""

import asyncio
import itertools
from collections.abc import Collection, Iterable
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.long_answer import PART_FRAMES, parts_heard
from bench.restarts.restart_row import RestartRow
from bench.restarts.restart_test_bed import RestartTestBed
from bench.restarts.shutdown import Shutdown
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Call

_SEAM_FRAMES: Final = 1
"""A sentence that begins in the middle of a frame is heard in one frame more."""
_HALF: Final = 0.5
"""A sentence counts as lost where less than this part of it was heard, and as doubled with so much more than one."""


def count_restarting_panels(bed: RestartTestBed) -> int:
    """How many panels say now that the bot is restarting and coming back."""
    return sum("restart" in panel.content and "has ended" not in panel.content for panel in bed.panels.values())


async def score(
    bed: RestartTestBed,
    scenario: str,
    shutdown: Shutdown,
    processes: Iterable[BotProcess],
    *,
    moved: Collection[Place],
    ended: Collection[Place] = (),
    skipped: Collection[Place] = (),
) -> RestartRow:
    """Count over all calls of the test bed.

    Args:
        bed: where it happened.
        scenario: what happened.
        shutdown: how the stopped process ended.
        processes: all processes that ran.
        moved: the calls that had to move from one process to another.
        ended: the calls that a member ended.
        skipped: the calls in which a long answer was skipped, and so not heard to the end.
    """
    calls = [place for place in bed.panels if place not in ended]
    answers = [asked.answers for asked in bed.asked]
    heard = {place: await _frames_heard(place) for place in calls if _long_answers(bed, place)}
    shares = {place: [frames / _frames_of_a_part(bed, place) for frames in heard[place]] for place in heard}
    whole = [share for place in shares if place not in skipped for share in shares[place]]
    frames = [(_frames_of_a_part(bed, place), each) for place in heard if place not in skipped for each in heard[place]]
    return RestartRow(
        scenario=scenario,
        database=bed.environment["DATABASE_URL"].partition(":")[0].partition("+")[0],
        calls=len(calls),
        calls_lost=sum(not is_connected(place) for place in calls),
        calls_not_ended=sum(place.guild.bot_voice is not None for place in ended),
        messages=len(answers),
        answered_once=sum(number == 1 for number in answers),
        never_answered=sum(number == 0 for number in answers),
        answered_twice=sum(number > 1 for number in answers),
        sentences=len(whole),
        sentences_lost=sum(share < _HALF for share in whole),
        sentences_doubled=sum(share > 1 + _HALF for share in itertools.chain.from_iterable(shares.values())),
        frames=sum(expected for expected, _ in frames),
        frames_lost=sum(max(0, expected - each) for expected, each in frames),
        frames_doubled=sum(
            max(0, each - expected * (PART_FRAMES + _SEAM_FRAMES) // PART_FRAMES) for expected, each in frames
        ),
        without_voice=_worst([_without_voice(place.lounge.call) for place in moved]),
        silence=_worst([_silence(place.lounge.call) for place in moved]),
        exit_code=shutdown.exit_code,
        exit_seconds=shutdown.exit_seconds,
        panels_restarting=shutdown.panels_restarting,
        panels_doubled=sum(_panels(place) - 1 for place in bed.panels),
        other_calls_disturbed=sum(len(place.lounge.call.connections) != 1 for place in calls if place not in moved),
        tracebacks=sum(process.log.count("Traceback") for process in processes),
        refused_requests=len(bed.discord.refusals),
    )


def _long_answers(bed: RestartTestBed, place: Place) -> int:
    return sum(asked.is_long for asked in bed.asked if asked.place is place)


def _frames_of_a_part(bed: RestartTestBed, place: Place) -> int:
    return PART_FRAMES * _long_answers(bed, place)


async def _frames_heard(place: Place) -> list[int]:
    """How many frames of each part were heard, of all long answers in a call."""
    frames = [frame.opus for frame in place.lounge.call.speech()]
    return list((await asyncio.to_thread(parts_heard, frames)).values())


def is_connected(place: Place) -> bool:
    """Whether the bot is in the call, and has a voice there."""
    return place.guild.bot_voice is not None and any(session.connection for session in place.lounge.call.sessions)


def _without_voice(call: Call) -> float | None:
    """The longest time between two connections, in seconds; None when the last one is closed too."""
    connections = call.connections
    if connections[-1].closed_at is not None:
        return None
    gaps = [
        later.opened_at - earlier.closed_at
        for earlier, later in itertools.pairwise(connections)
        if earlier.closed_at is not None
    ]
    return max([0.0, *gaps])


def _silence(call: Call) -> float | None:
    """The longest pause between frames of two connections, in seconds; None when the last one carried no speech."""
    frames = call.speech()
    if not frames or frames[-1].connection != len(call.connections) - 1 or call.connections[-1].closed_at is not None:
        return None
    changes = [
        later.arrival - earlier.arrival
        for earlier, later in itertools.pairwise(frames)
        if later.connection != earlier.connection
    ]
    return max(changes, default=0.0)


def _worst(seconds: list[float | None]) -> float | None:
    known = [each for each in seconds if each is not None]
    return max(known, default=0.0) if len(known) == len(seconds) else None


def _panels(place: Place) -> int:
    return sum(message.author.bot and "**Molly**" in message.content for message in place.text.messages)
