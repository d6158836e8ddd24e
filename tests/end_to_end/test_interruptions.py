"""People speak over an answer, as it is heard by those in the call."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from bench.common.pitch_coded_audio import LONG, SECOND, answer_to, pitch_coded_voice
from bench.faults.heard_audio import HeardAudio
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from sandbox.voice import HeardFrame
from tests.support.eventually import eventually
from tests.support.heard_speech import SAMPLES, heard
from tests.support.recorded_speech import recording
from tests.support.scene import Scene, SceneMaker
from tests.support.spoken_calls import EASY, GLAD, captions, listening, posted

pytestmark = pytest.mark.usefixtures("nothing_left")

LAUGH = recording("noise-laugh-evil")
SOFT = 0.4
"""Of the usual level: what is under it is ducked."""


def answering(messages: Sequence[Any]) -> str:
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

    async def is_over(self) -> None:
        await self._scene.call.wait_until_quiet(0.5)


async def asked(scene: Scene) -> Answer:
    """Ada asks for the long answer, and hears a second of it."""
    answer = Answer(scene)
    await scene.ada.type(LONG.message, scene.text)
    await answer.heard_for(1.0)
    return answer


async def test_people_interrupt_an_answer_as_they_interrupt_each_other(open_scene: SceneMaker) -> None:
    says = Says()
    async with (
        open_scene(responder=answering, voice=pitch_coded_voice) as scene,
        listening(scene, says, listening="everyone", addressing="auto"),
    ):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await what_is_nothing_costs_no_frame(scene, says)
        await neighbors_do_nothing_and_words_for_her_make_way(scene, says)
        await stop_ends_it_and_is_no_question(scene, says)


async def what_is_nothing_costs_no_frame(scene: Scene, says: Says) -> None:
    answer = await asked(scene)
    says.text = "Ha ha ha."
    laughing = asyncio.create_task(scene.ada.speak(LAUGH.at_48_khz()[: 48 * 1500]))
    await answer.is_soft()
    await laughing
    await eventually(lambda: answer.levels[-1] > SOFT)
    says.text = "Oh but I am"
    speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
    await answer.waits()
    says.text = "Mhm."
    await speaking
    await answer.heard_for(0.5)
    await answer.is_over()
    audio = HeardAudio.of(answer.frames)
    assert audio.was_spoken(LONG)
    assert (audio.lost(LONG), audio.doubled) == (0, 0)
    assert captions(scene.text) == []


async def neighbors_do_nothing_and_words_for_her_make_way(scene: Scene, says: Says) -> None:
    answer = await asked(scene)
    says.text = "I could eat a horse."
    await scene.ben.speak(EASY.at_48_khz())
    await answer.heard_for(0.5)
    assert min(answer.levels[5:]) > SOFT
    says.text = SECOND.message
    await scene.ada.speak(GLAD.at_48_khz())
    await posted(scene.text, SECOND.text)
    await answer.heard_for(0.5)
    await answer.is_over()
    audio = HeardAudio.of(answer.frames)
    assert audio.lost(LONG) > 100
    assert audio.was_spoken(SECOND)
    assert captions(scene.text) == [f"Ada: {SECOND.message}"]
    told = [str(message["content"]) for message in scene.model.requests[-1].body["messages"]]
    assert '"answer_interrupted_by": "Ada"' in told[-3]
    assert told[-2].startswith("This is the")
    assert told[-2].endswith(" … (interrupted)")


async def stop_ends_it_and_is_no_question(scene: Scene, says: Says) -> None:
    answer, requests = await asked(scene), len(scene.model.requests)
    says.text = "Molly, stop."
    await scene.ben.speak(EASY.at_48_khz())
    await asyncio.sleep(1.5)
    await answer.is_over()
    assert HeardAudio.of(answer.frames).lost(LONG) > 100
    assert len(scene.model.requests) == requests
    assert len(captions(scene.text)) == 1, "that was Ada's question"
