"""How soon the bot, in a call, answers what a member says."""

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import steps_of
from bench.common.workload import answer
from bench.conversation.answer_delay import AnswerDelay, delay_figures
from bench.conversation.spoken_call import SpokenCall, open_spoken_call
from bench.hearing.figure import Figure
from bench.hearing.timed_speech import TimedSpeech
from sandbox.standins.mp3 import Samples
from sandbox.voice import HeardFrame

_RATE: Final = 24_000
_CHARACTERS_A_SECOND: Final = 60.0
"""Four times as fast as people speak: when an answer ends is not measured."""
_HERTZ: Final = 220.0
_STEP: Final = (_HERTZ - 400.0) / 8.0
"""Of that pitch, on the scale of `pitch_coded_audio`."""
_ANSWER_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.05
_BETWEEN_SECONDS: Final = 1.0
_STAGES: Final = re.compile(r"median of each step in s: (.+)")


def quick_voice(text: str, _: str) -> tuple[Samples, int]:
    """A tone, without a silent frame."""
    at = np.arange(round(len(text) / _CHARACTERS_A_SECOND * _RATE)) / _RATE
    return (0.3 * np.sin(2 * np.pi * _HERTZ * at)).astype(np.float32), _RATE


def times_of_voice(frames: Sequence[HeardFrame]) -> list[float]:
    """When that voice was heard; the short sounds by which the assistant says that it has heard are no voice."""
    steps = steps_of([frame.opus for frame in frames])
    return [
        frame.arrival for frame, step in zip(frames, steps, strict=True) if step is not None and abs(step - _STEP) < 1
    ]


async def latency_figures(speech: Sequence[TimedSpeech]) -> list[Figure]:
    """A member says all of that, one after the other, and hears each answer to its end."""
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_spoken_call(Path(folder), lambda _: answer(next(numbers)), quick_voice) as call:
            delays = [await _delay_of(call, each) for each in speech]
            stages = await _stages(call)
    return [*delay_figures("the assistant in a call", delays, 1.2, 1.5), Figure("its stages, medians", stages)]


async def _delay_of(call: SpokenCall, speech: TimedSpeech) -> AnswerDelay:
    begun = await call.say("Ada", speech.frames)
    give_up = begun + speech.last_voice + _ANSWER_SECONDS
    while not call.heard_since(begun + speech.last_voice) and time.monotonic() < give_up:  # noqa: ASYNC110 - see below
        await asyncio.sleep(
            _LOOK_SECONDS
        )  # sound before the end of what is said counts too: it is looked for at leisure
    await call.until_quiet()
    await asyncio.sleep(_BETWEEN_SECONDS)
    voiced = await asyncio.to_thread(times_of_voice, call.heard_since(begun))
    return AnswerDelay.of([at - begun for at in voiced], speech.last_voice)


async def _stages(call: SpokenCall) -> str:
    """What the assistant itself says of its steps."""
    reply = await call.members["Ada"].command("voice_status", call.text)
    found = _STAGES.search(reply.content or "")
    return found[1] if found else "not told"
