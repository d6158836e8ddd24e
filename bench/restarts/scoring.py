"""Counting what came of a restart: answers, sentences, connections, panels."""

import asyncio
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.long_answer import PART_FRAMES, parts_heard
from bench.restarts.restart_row import Row
from bench.restarts.restart_test_bed import RestartStage
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Call

_HALF: Final = 0.5
"""A sentence of which less than this part was heard counts as unheard; with so much more than one, as heard twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The end of a process."""

    exit_code: int
    """Its status; -9 when it was killed."""
    exit_seconds: float
    """How long it took to end."""
    panels_told: int = 0
    """How many panels said meanwhile that it is being restarted."""


def told(stage: RestartStage) -> int:
    """How many panels of calls say now that the bot is being restarted and comes back."""
    return sum("restart" in panel.content and "has ended" not in panel.content for panel in stage.panels.values())


async def count(
    stage: RestartStage,
    scenario: str,
    stopped: Stopped,
    processes: Iterable[BotProcess],
    *,
    moved: Collection[Place],
    ended: Collection[Place] = (),
    skipped: Collection[Place] = (),
) -> Row:
    """Count over all calls of the stage.

    Args:
        stage: where it happened.
        scenario: what was done.
        stopped: how the process ended that was stopped.
        processes: all that there were.
        moved: the calls that had to go from one process to another.
        ended: the calls that a member ended.
        skipped: the calls in which long answers were skipped, and so not heard to the end.
    """
    calls = [place for place in stage.panels if place not in ended]
    answers = [asked.answers for asked in stage.asked]
    shares = {place: await _parts_heard(stage, place) for place in calls if _long_answers(stage, place)}
    whole = [share for place in shares if place not in skipped for share in shares[place]]
    return Row(
        scenario=scenario,
        database=stage.environment["DATABASE_URL"].partition(":")[0].partition("+")[0],
        calls=len(calls),
        calls_lost=sum(not _is_on_the_line(place) for place in calls),
        calls_undead=sum(place.guild.bot_voice is not None for place in ended),
        typed=len(answers),
        once=sum(number == 1 for number in answers),
        never=sum(number == 0 for number in answers),
        twice=sum(number > 1 for number in answers),
        parts=len(whole),
        parts_never=sum(share < _HALF for share in whole),
        parts_twice=sum(share > 1 + _HALF for share in itertools.chain.from_iterable(shares.values())),
        without_voice=_worst([_without_voice(place.lounge.call) for place in moved]),
        silence=_worst([_silence(place.lounge.call) for place in moved]),
        exit_code=stopped.exit_code,
        exit_seconds=stopped.exit_seconds,
        panels_told=stopped.panels_told,
        panels_doubled=sum(_panels(place) - 1 for place in stage.panels),
        others_disturbed=sum(len(place.lounge.call.connections) != 1 for place in calls if place not in moved),
        tracebacks=sum(process.log.count("Traceback") for process in processes),
        refused=len(stage.discord.refusals),
    )


def _long_answers(stage: RestartStage, place: Place) -> int:
    return sum(asked.is_long for asked in stage.asked if asked.place is place)


async def _parts_heard(stage: RestartStage, place: Place) -> list[float]:
    """How often each part was heard, for each time that it had to be: 1.0 is just right."""
    frames = [frame.opus for frame in place.lounge.call.speech()]
    counts = await asyncio.to_thread(parts_heard, frames)
    return [frames_of_it / PART_FRAMES / _long_answers(stage, place) for frames_of_it in counts.values()]


def _is_on_the_line(place: Place) -> bool:
    return place.guild.bot_voice is not None and any(session.connection for session in place.lounge.call.sessions)


def _without_voice(call: Call) -> float | None:
    """Seconds of the longest time between two connections; None when the last one is closed too."""
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
    """Seconds of the longest pause between frames of two connections; None when the last one was never spoken over."""
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
