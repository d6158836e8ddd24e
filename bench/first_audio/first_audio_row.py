"""How soon one bot is heard: one row of the table."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.common.conversation import TimedTurn
from bench.common.workload import CHARACTERS_A_SECOND
from bench.subjects.benched_bot import BenchedBot

_HOLE_SECONDS: Final = 0.04
_FRAME_SECONDS: Final = 0.02
_PADDING_FRAMES: Final = 3
"""About what MP3 adds to a piece of speech."""
_SENTENCE_ENDS: Final = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAudioRow:
    """How soon a bot was heard in the turns of one conversation. Times are in milliseconds."""

    bot: BenchedBot
    """Which bot it was."""
    answers: str
    """What the answers are like."""
    turns: int
    """How many turns there were."""
    first_audio_p50: float
    """From the message to the first sound, the median."""
    first_audio_p95: float
    """The same, the 95th percentile."""
    floor_p50: float | None
    """The services' part: the model up to the end of the first spoken piece, and the speech service for that piece.

    None for the usual pipeline, which waits for the whole answer and all of its speech.
    """
    overhead_p50: float | None
    """The rest: the bot itself, Discord, encryption and UDP."""
    overhead_p95: float | None
    """The same, the 95th percentile."""
    pieces: float
    """Speech requests per answer."""
    holes: int
    """Silences of more than 40 ms inside a sentence, in all turns."""
    longest_pause: float
    """The longest silence between two sentences, apart from what the voice adds itself."""


def first_audio_row(bot: BenchedBot, answers: str, turns: Sequence[TimedTurn]) -> FirstAudioRow:
    """Sum up the turns of a conversation."""
    inside, between = zip(*(_silences(turn) for turn in turns), strict=True)
    audio = sorted(turn.first_audio * 1e3 for turn in turns)
    floor = [turn.floor * 1e3 for turn in turns if turn.floor is not None]
    overhead = sorted(turn.overhead * 1e3 for turn in turns if turn.overhead is not None)
    return FirstAudioRow(
        bot=bot,
        answers=answers,
        turns=len(turns),
        first_audio_p50=median(audio),
        first_audio_p95=_p95(audio),
        floor_p50=median(floor) if floor else None,
        overhead_p50=median(overhead) if overhead else None,
        overhead_p95=_p95(overhead) if overhead else None,
        pieces=sum(len(turn.pieces) for turn in turns) / len(turns),
        holes=sum(map(len, inside)),
        longest_pause=max(itertools.chain.from_iterable(between), default=0.0) * 1e3,
    )


def _p95(ordered: Sequence[float]) -> float:
    return ordered[math.ceil(len(ordered) * 0.95) - 1]


def _silences(turn: TimedTurn) -> tuple[list[float], list[float]]:
    """The silences over 40 ms inside the sentences of an answer, and those between two sentences, in seconds."""
    inside: list[float] = []
    between: list[float] = []
    ends = list(itertools.accumulate(_frames_of(piece.text) for piece in turn.pieces))
    for index, (earlier, later) in enumerate(itertools.pairwise(turn.frames)):
        gap = later.arrival - earlier.arrival
        if gap > _HOLE_SECONDS:
            nearest = min(range(len(ends)), key=lambda piece: abs(ends[piece] - index))
            is_between = turn.pieces[nearest].text.endswith(_SENTENCE_ENDS)
            (between if is_between else inside).append(gap - _FRAME_SECONDS)
    return inside, between


def _frames_of(text: str) -> int:
    return round(len(text) / CHARACTERS_A_SECOND / _FRAME_SECONDS) + _PADDING_FRAMES
