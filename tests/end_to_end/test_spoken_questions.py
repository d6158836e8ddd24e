"""Members say their questions, and hear the answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.standins.recognition.hosted_recognition import HostedRecognition, script
from tests.support.recorded_speech import recording
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("nothing_left")

SAID = recording("en-libri-237-134500-0005")


@asynccontextmanager
async def listening(scene: Scene, *texts: str, **changes: Any) -> AsyncIterator[HostedRecognition]:
    """The assistant, with hosted recognition that hears these texts."""
    async with HostedRecognition(script(*texts)) as recognition:
        hosted = RecognitionSettings(engine=("hosted",), base_url=recognition.base_url, model="sandbox-stt")
        async with scene.assistant(recognition=hosted, **changes):
            yield recognition


async def test_a_member_says_a_question_and_hears_the_answer(scene: Scene) -> None:
    async with listening(scene, "Is it late?"):
        await scene.begin_call()
        await scene.ada.speak(SAID.at_48_khz())
        heard = await scene.text.wait_for_message(lambda message: message.content.startswith("🗣️"), 10)
        assert heard.content == "🗣️ Ada: Is it late?"
        answer = await scene.text.wait_for_message(lambda message: "You said Is it late?" in message.content, 10)
        assert answer.author.bot
        await scene.heard_to_the_end()
