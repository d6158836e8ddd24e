"""In which language members speak, and who understands it."""

import pytest

from assistant.discord_io import wording
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene
from tests.support.spoken_calls import EASY, GLAD, answers, captions, listening, notices, posted

pytestmark = pytest.mark.usefixtures("nothing_left")


async def test_who_speaks_german_is_recognized_as_german_by_a_hosted_service_and_answered_in_german(
    scene: Scene,
) -> None:
    async with listening(scene, "Wie spät ist es gerade bei euch?", engine=("offline", "hosted")) as recognition:
        await scene.begin_call()
        await scene.ada.command("voice_settings", scene.text, {"language": "de"})
        await scene.ada.speak(GLAD.at_48_khz())
        await posted(scene.text, "You said Wie spät ist es gerade")
        assert recognition.requests[0].language == "de"
        assert recognition.requests[0].prompt == "Molly"
        await scene.heard_to_the_end()
        assert {request.language for request in scene.google.requests} == {"de"}


async def test_where_nobody_understands_a_language_that_is_said_once_and_what_is_typed_is_answered(
    scene: Scene,
) -> None:
    async with listening(scene, KnownRecordings(EASY), engine=("offline",), listening="everyone"):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        for member in (scene.ada, scene.ben):
            await member.command("voice_settings", scene.text, {"language": "de"})
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, wording.not_understood("de"))
        await scene.ben.speak(EASY.at_48_khz())
        await scene.ada.type("Guten Abend", scene.text)
        await posted(scene.text, "You said Guten Abend")
        await eventually(lambda: len(answers(scene.text)) == 1)
        assert notices(scene.text) == [wording.not_understood("de")]
        assert captions(scene.text) == []
