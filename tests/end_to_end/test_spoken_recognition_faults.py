"""What members are told when the recognizer fails, and that nothing else waits for it."""

import asyncio
from collections.abc import Sequence

import pytest

from assistant.discord_io import wording
from sandbox.standins.faults import Body, CutAfter, Hang, HostedRecognitionFault, HtmlPage, Says, Status
from tests.support.known_recordings import KnownRecordings
from tests.support.recorded_speech import recording
from tests.support.scene import Scene
from tests.support.spoken_calls import EASY, answers, captions, decoded, listening, notices, posted

pytestmark = pytest.mark.usefixtures("nothing_left")

INVENTED = Says("Thank you for watching!")


FAULTS: Sequence[HostedRecognitionFault] = (
    Status(401, message="Incorrect API key provided"),
    Status(429, retry_after="30"),
    HtmlPage(),
    Body("application/json", b'{"words": []}', status=500),
    CutAfter(0.5),
)


async def test_while_the_recognizer_hangs_what_is_typed_is_answered_and_the_speaker_is_told(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(EASY), timeout=2.0) as recognition:
        await scene.begin_call()
        recognition.outage = Hang()
        await scene.ada.speak(EASY.at_48_khz())
        await recognition.wait_for_requests(1)
        await scene.ada.type("typed", scene.text)
        await posted(scene.text, "You said typed")
        assert notices(scene.text) == [], "it still hangs"
        await posted(scene.text, wording.NOT_RECOGNIZED)
        recognition.outage = None
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")


async def test_where_the_recognizer_refuses_dies_or_answers_rubbish_that_is_said_once_and_later_it_is_used_again(
    scene: Scene,
) -> None:
    async with listening(scene, KnownRecordings(EASY)) as recognition:
        await scene.begin_call()
        for fault in FAULTS:
            known = len(recognition.requests)
            recognition.outage = fault
            await scene.ada.speak(EASY.at_48_khz())
            await recognition.wait_for_requests(known + 1)
        await posted(scene.text, wording.NOT_RECOGNIZED)
        recognition.outage = None
        async with recognition.down():
            await scene.ada.speak(EASY.at_48_khz())
            await asyncio.sleep(1.0)  # the silence that ends the turn, and its way to nowhere
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
        assert captions(scene.text) == ["Ada: Easy going."]
        assert notices(scene.text) == [wording.NOT_RECOGNIZED]


async def test_what_is_made_up_of_noise_is_not_written_down(scene: Scene) -> None:
    cleo = scene.guild.add_member("Cleo")
    async with listening(scene, KnownRecordings(EASY), listening="everyone") as recognition:
        await scene.begin_call()
        recognition.outage = INVENTED
        for member in (scene.ben, cleo):
            await member.join(scene.lounge)
        sounds = recording("noise-typing"), recording("noise-music-vibe-ace"), recording("noise-laugh-evil")
        async with asyncio.TaskGroup() as tasks:
            for member, sound in zip((scene.ada, scene.ben, cleo), sounds, strict=True):
                tasks.create_task(member.speak(sound.at_48_khz()[: 4 * 48_000]))
        recognition.outage = None
        await asyncio.sleep(1.0)  # the silence that would end a turn
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
        assert captions(scene.text) == ["Ada: Easy going."]
        assert min(decoded(member) for member in (scene.ada, scene.ben, cleo)) > 50
        assert answers(scene.text) == ["You said Easy going.."]
