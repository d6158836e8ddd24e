"""How soon another assistant's pipeline answers the same speech, with the same recognizer, model and voice."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

import assistant.stt
from bench.common.workload import answer
from bench.conversation.answer_delay import AnswerDelay
from bench.conversation.rivals.rival_order import RivalOrder, RivalTurn
from bench.conversation.spoken_call import open_services
from bench.hearing.sounds import pcm_of
from sandbox.standins.hibari_voice import Synthesizer
from tests.support.sounds import Samples

_ROOT: Final = Path(__file__).parents[3]
_RECOGNIZER: Final = Path(str(assistant.stt.__file__)).with_name("moonshine_worker.py")


class Rival(StrEnum):
    """Which one; the value names its package."""

    PIPECAT = "pipecat"
    LIVEKIT = "livekit"


class RivalFailed(Exception):
    """Its program ended before it had heard everything; the message has what it wrote last."""


async def rival_delays(
    rival: Rival, python: Path, spoken: Sequence[tuple[Samples, float]], voice: Synthesizer
) -> list[AnswerDelay]:
    """Say all of that to it, one after the other, and hear each answer to its end.

    Args:
        rival: which one.
        python: a Python in which it is installed.
        spoken: samples, and when in them the last voice ends.
        voice: with which it answers.

    Raises:
        RivalFailed: it could not be run.
    """
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_services(lambda _: answer(next(numbers)), voice) as services:
            order = RivalOrder(
                services.model.base_url,
                services.speech.base_url,
                (sys.executable, str(_RECOGNIZER)),
                await asyncio.to_thread(_write, Path(folder), [samples for samples, _ in spoken]),
            )
            turns = await _run(rival, python, order)
    return [AnswerDelay.of(turn.sounding, last_voice) for turn, (_, last_voice) in zip(turns, spoken, strict=True)]


def _write(folder: Path, sounds: Sequence[Samples]) -> list[str]:
    paths = [folder / f"{number}.pcm" for number in range(len(sounds))]
    for path, samples in zip(paths, sounds, strict=True):
        path.write_bytes(pcm_of(samples))
    return [str(path) for path in paths]


async def _run(rival: Rival, python: Path, order: RivalOrder) -> list[RivalTurn]:
    pipe = asyncio.subprocess.PIPE
    program = f"bench.conversation.rivals.{rival}_pipeline"
    process = await asyncio.create_subprocess_exec(
        str(python), "-m", program, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        output, errors = await process.communicate(order.to_line().encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    turns = [RivalTurn.of_line(line) for line in output.decode().splitlines()]
    if len(turns) < len(order.sounds):
        raise RivalFailed(f"{rival} has heard {len(turns)} of {len(order.sounds)}: {errors.decode()[-2000:]}")
    return turns
