"""Several people talk in the call, to each other and to the assistant."""

import asyncio
from dataclasses import dataclass

import pytest

from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from tests.support.eventually import eventually
from tests.support.scene import Scene
from tests.support.spoken_calls import EASY, GLAD, answers, captions, listening

pytestmark = pytest.mark.usefixtures("nothing_left")


@dataclass
class Says:
    """A recognizer that hears in whatever is said at the moment what the test wants."""

    text: str = ""

    def __call__(self, _: HostedRecognitionRequest) -> str:
        return self.text


async def test_in_a_group_it_answers_who_says_its_name_and_who_goes_on_and_nobody_else(scene: Scene) -> None:
    says = Says()
    async with listening(scene, says, listening="everyone", addressing="auto") as recognition:
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        says.text = "Pass me the salt."
        await scene.ben.speak(EASY.at_48_khz())
        await eventually(lambda: recognition.requests)
        await asyncio.sleep(0.5)
        assert scene.call.speech() == [], "it was said to Ada"

        says.text = "Hey Mollie?"
        await scene.ada.speak(EASY.at_48_khz())
        await eventually(scene.call.speech)
        await scene.call.wait_until_quiet(0.5)
        assert 5 <= len(scene.call.speech()) <= 13, "a short sound"
        assert captions(scene.text) == []

        says.text = "Is it late?"
        await scene.ada.speak(GLAD.at_48_khz())
        await eventually(lambda: len(answers(scene.text)) == 1)
        await scene.heard_to_the_end()
        says.text = "And tomorrow?"
        await scene.ada.speak(GLAD.at_48_khz())
        await eventually(lambda: len(answers(scene.text)) == 2)
        await scene.heard_to_the_end()
        says.text = "No, not tomorrow."
        asked = len(recognition.requests)
        await scene.ben.speak(EASY.at_48_khz())
        await eventually(lambda: len(recognition.requests) > asked)
        await asyncio.sleep(1)
        assert captions(scene.text) == ["Ada: Is it late?", "Ada: And tomorrow?"]
        told = "".join(str(request.body) for request in scene.model.requests)
        assert "salt" not in told
        assert "not tomorrow" not in told
