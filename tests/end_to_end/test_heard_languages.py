"""Speech in a language that nobody recognizes is not made into words of another one."""

import asyncio

import pytest

from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.state.message import Message
from tests.support.recorded_speech import recording
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("nothing_left")

SAID = recording("en-libri-237-134500-0005")


async def test_on_a_german_server_where_only_english_is_recognized_that_is_said_once(scene: Scene) -> None:
    scene.guild.guild.preferred_locale = "de"

    def is_heard(message: Message) -> bool:
        return message.content.startswith(("🗣️", "🙉"))

    async with scene.assistant(recognition=RecognitionSettings(engine=("moonshine",))):
        panel = await scene.begin_call()
        assert "English is recognized on this machine." in panel.content
        for _ in range(2):
            await scene.ada.speak(SAID.at_48_khz())
            await scene.text.wait_for_message(is_heard, 10)
        await asyncio.sleep(1.5)  # the second turn ends, and nothing tells it
        status = (await scene.ada.command("voice_status", scene.text)).content
        assert "👂 Ada: last heard" in status
        assert "Recognition by moonshine: 0 turns so far" in status
    (told,) = filter(is_heard, scene.text.messages)
    assert "I can't understand German when it is spoken." in told.content
    assert "/voice_settings" in told.content
    assert scene.model.requests == []
