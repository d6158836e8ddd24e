"""`python -m bench.first_audio`: how soon an answer is heard from the usual pipeline and from this bot, in one run.

The model sends its first token after 300 ms, then 40 tokens a second. Speech takes 350 ms per request and 4 ms per
character. With `--answers`: the 200 answers of tests/data/first_answers, by this bot without Discord, and some of them
in a call.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.common.conversation import Pace, open_conversation
from bench.common.machine_info import machine_info
from bench.common.measurement import write_measurement
from bench.common.workload import answer, short_opening
from bench.first_audio.answers_plot import plot_answers
from bench.first_audio.answers_table import answers_table
from bench.first_audio.answers_trial import try_in_call, try_without_call
from bench.first_audio.first_audio_row import FirstAudioRow, first_audio_row
from bench.first_audio.first_audio_table import first_audio_table
from bench.first_audio.first_sound import FirstSound
from bench.subjects.benched_bot import BenchedBot
from tests.data.first_answers import first_answers

_EACH_SO_MANY: Final = 11
"""Each eleventh answer is made in a call too: one or two in each language, and each of another kind."""


async def _try_bot(bot: BenchedBot, answers: str, text: Callable[[int], str], turns: int) -> FirstAudioRow:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_conversation(Path(folder), text, bot=bot) as conversation:
            await conversation.begin()
            return first_audio_row(bot, answers, [await conversation.turn() for _ in range(turns)])


async def _try_all(turns: int) -> list[FirstAudioRow]:
    """All rows, one after the other: if they ran at once, each would slow the others down."""
    return [
        await _try_bot(BenchedBot.REFERENCE, "three sentences", answer, turns),
        await _try_bot(BenchedBot.ASSISTANT, "three sentences", answer, turns),
        await _try_bot(BenchedBot.ASSISTANT, 'the same after "Yes Ann does."', short_opening, turns),
    ]


async def _try_answers() -> tuple[list[FirstSound], list[FirstSound], list[FirstSound]]:
    """All answers without a call; some of those; the same in a call."""
    answers = list(first_answers())
    sounds = await try_without_call(answers, Pace())
    some = slice(0, None, _EACH_SO_MANY)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        called = await try_in_call(answers[some], [sound.piece for sound in sounds[some]], Path(folder))
    return sounds, sounds[some], called


def main() -> int:
    """Measure and print the table; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.first_audio", description=__doc__)
    parser.add_argument("--turns", type=int, default=10, help="turns in each conversation")
    parser.add_argument("--answers", action="store_true", help="the answers of others; eight minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="with --answers: draw them, as .svg or .png")
    arguments = parser.parse_args()
    print(f"{machine_info()}\n")
    if arguments.answers:
        sounds, some, called = asyncio.run(_try_answers())
        print(answers_table(sounds, some, called))
        if arguments.json is not None:
            everything = {"without_call": sounds, "in_call": called}
            write_measurement(
                arguments.json, {name: [asdict(each) for each in them] for name, them in everything.items()}
            )
        if arguments.plot is not None:
            plot_answers(sounds, arguments.plot)
        return 0
    rows = asyncio.run(_try_all(arguments.turns))
    print(first_audio_table(rows))
    reference, ours = rows[0].first_audio_p50, rows[1].first_audio_p50
    print(f"\nThe assistant is heard after {ours / reference:.2f} of the time that the usual pipeline takes.")
    if arguments.json is not None:
        write_measurement(arguments.json, [asdict(row) for row in rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
