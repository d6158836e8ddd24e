"""Somebody speaks over an answer: the answer, as it is heard, and what is made of what they say."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.common.pitch_coded_audio import LONG, answer_to
from bench.common.pitch_coded_audio import Answer as PitchCoded
from bench.faults.heard_audio import HeardAudio
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from sandbox.voice import HeardFrame
from tests.support.eventually import eventually
from tests.support.heard_speech import SAMPLES, heard
from tests.support.scene import Scene

SOFT = 0.4
"""Of the usual level: what is under it is ducked."""


def answering(messages: Sequence[Any]) -> str:
    """A model whose answers are coded in their pitch."""
    answer = answer_to(json.loads(messages[-1]["content"])["message"])
    return answer.text if answer is not None else "I see."


@dataclass
class Says:
    """A recognizer that hears in whatever is said at the moment what the test wants."""

    text: str = ""

    def __call__(self, _: HostedRecognitionRequest) -> str:
        return self.text


class Answer:
    """One answer, from its question on."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._before = len(scene.call.speech())

    @property
    def frames(self) -> list[HeardFrame]:
        return self._scene.call.speech()[self._before :]

    @property
    def levels(self) -> list[float]:
        """How loud each frame of it is, against the loudest."""
        sound = heard([frame.opus for frame in self.frames]).reshape(-1, SAMPLES)
        levels = np.sqrt(np.mean(sound**2, axis=1))
        return list(levels / max(1.0, float(levels.max(initial=0.0))))

    async def heard_for(self, seconds: float) -> None:
        count = len(self.frames) + round(seconds / 0.02)
        await eventually(lambda: len(self.frames) >= count)

    async def waits(self) -> None:
        """Return when nothing of it was heard for a moment."""
        last = -1
        async with asyncio.timeout(5):
            while len(self.frames) != last:
                last = len(self.frames)
                await asyncio.sleep(0.3)

    async def is_soft(self) -> None:
        await eventually(lambda: self.levels[-1:] and self.levels[-1] < SOFT, 3)

    async def is_heard_out(self, *parts: PitchCoded) -> HeardAudio:
        """What was heard, once all of these answers were to their end. Raises TimeoutError."""
        async with asyncio.timeout(20):
            while not all(map((audio := HeardAudio.of(self.frames)).was_spoken, parts)):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.3)
        return audio

    async def is_over(self) -> None:
        await self._scene.call.wait_until_quiet(0.5)


async def asked(scene: Scene) -> Answer:
    """Ada asks for the long answer, and hears a second of it."""
    answer = Answer(scene)
    await scene.ada.type(LONG.message, scene.text)
    await answer.heard_for(1.0)
    return answer
