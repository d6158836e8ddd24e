"""How soon an answer is heard: `python -m bench.first_audio`, the seed pipeline and this bot in the same run.

The model gives its first token after 300 ms and 40 a second; a piece of speech takes 350 ms and 4 ms a character.
"""

import argparse
import asyncio
import itertools
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.common.conversation import Conversation, TimedTurn, open_conversation
from bench.common.machine_info import machine
from bench.common.workload import CHARACTERS_A_SECOND, answer, short_opening

_HOLE_SECONDS: Final = 0.04
_FRAME_SECONDS: Final = 0.02
_PADDING_FRAMES: Final = 3
"""What an MP3 adds to a piece of speech, about."""
_SENTENCE_ENDS: Final = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Soonness:
    """How soon one bot was heard, over the turns of one conversation. Times are in milliseconds."""

    bot: str
    """"seed" or "assistant"."""
    answers: str
    """What the answers are like."""
    turns: int
    """How many."""
    first_audio_p50: float
    """From the message to the first sound, the median."""
    first_audio_p95: float
    """The same for 19 of 20."""
    floor_p50: float | None
    """What of that the model took to the end of the first piece that was spoken, and the speech service for it.

    None for the seed, which waits for the whole answer and for all of its speech.
    """
    overhead_p50: float | None
    """The rest: the bot's own, with Discord, encryption and UDP."""
    overhead_p95: float | None
    """The same for 19 of 20."""
    pieces: float
    """Speech requests an answer."""
    holes: int
    """Silences of more than 40 ms inside a sentence, in all turns."""
    longest_pause: float
    """The longest silence between two sentences, beside what the voice makes itself."""


def measure_of(bot: str, answers: str, turns: Sequence[TimedTurn]) -> Soonness:
    """Sum up the turns of a conversation."""
    inside, between = zip(*(_silences(turn) for turn in turns), strict=True)
    audio = sorted(turn.first_audio * 1e3 for turn in turns)
    floor = [turn.floor * 1e3 for turn in turns if turn.floor is not None]
    overhead = sorted(turn.overhead * 1e3 for turn in turns if turn.overhead is not None)
    return Soonness(
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
    """The silences over 40 ms inside the sentences of an answer, and those between two of them, in seconds."""
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


async def try_bot(bot: str, answers: str, text: Callable[[int], str], turns: int) -> Soonness:
    """Have a conversation with one bot, and measure its turns."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_conversation(Path(folder), text, bot=bot) as conversation:
            await conversation.begin()
            return measure_of(bot, answers, await _turns(conversation, turns))


async def _turns(conversation: Conversation, count: int) -> list[TimedTurn]:
    return [await conversation.turn() for _ in range(count)]


def table(rows: Sequence[Soonness]) -> str:
    """The rows in Markdown."""
    lines = [
        "| bot | answer | first audio p50 | p95 | of it model and speech service | overhead p50 | p95 "
        "| speech requests | holes inside sentences | longest added pause between sentences |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.bot} | {row.answers} | {_ms(row.first_audio_p50)} | {_ms(row.first_audio_p95)} | {_ms(row.floor_p50)} "
        f"| {_ms(row.overhead_p50)} | {_ms(row.overhead_p95)} | {row.pieces:.1f} | {row.holes} "
        f"| {_ms(row.longest_pause)} |"
        for row in rows
    ]
    return "\n".join(lines)


def _ms(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:.0f} ms"


async def try_all(turns: int) -> list[Soonness]:
    """All rows, one after the other: what runs beside it would be measured too."""
    return [
        await try_bot("seed", "three sentences", answer, turns),
        await try_bot("assistant", "three sentences", answer, turns),
        await try_bot("assistant", 'the same behind "Yes Ann does."', short_opening, turns),
    ]


def main() -> int:
    """Measure, print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.first_audio", description=__doc__)
    parser.add_argument("--turns", type=int, default=10, help="turns of each conversation")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    rows = asyncio.run(try_all(arguments.turns))
    print(f"{machine()}\n\n{table(rows)}")
    seed, ours = rows[0].first_audio_p50, rows[1].first_audio_p50
    print(f"\nThe assistant is heard after {ours / seed:.2f} of the seed's time.")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
