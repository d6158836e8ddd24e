"""Members say their questions, and hear the answers."""

import asyncio

import pytest

from assistant.discord_io import wording
from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.standins.faults import Status
from sandbox.voice import NetworkConditions, PushToTalk, VoiceActivity
from tests.support.child_processes import child_processes
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene, SceneMaker
from tests.support.spoken_calls import (
    ABBEY,
    EASY,
    GLAD,
    MARRY,
    answers,
    captions,
    decoded,
    listening,
    notices,
    opened,
    panel_says,
    posted,
)

pytestmark = pytest.mark.usefixtures("nothing_left")

BAD_NETWORK = NetworkConditions(loss=0.09, jitter=0.1, reorder=0.02, duplicate=0.02, seed=3)


async def test_a_member_says_a_question_and_hears_the_answer_without_any_network(scene: Scene) -> None:
    pytest.importorskip("moonshine_voice", reason="offline recognition has no wheel for this machine")
    async with scene.assistant(recognition=RecognitionSettings(engine=("offline",))):
        panel = await scene.begin_call()
        assert "on this machine" in panel.content
        await scene.ada.speak(GLAD.at_48_khz())
        caption = await posted(scene.text, "🗣️ Ada: ")
        assert "glad to get this place" in caption.content, caption.content
        await posted(scene.text, "You said ")
        await scene.heard_to_the_end()
        (worker,) = child_processes("moonshine_worker.py")
        worker.kill()
        await scene.ada.speak(GLAD.at_48_khz())  # said again after the answer, it is no echo of that
        await eventually(lambda: len(answers(scene.text)) == 2)


async def test_members_who_speak_at_once_are_heard_each_for_themselves_whatever_their_microphone_and_their_network(
    scene: Scene,
) -> None:
    cleo, music = scene.guild.add_member("Cleo"), scene.guild.add_bot("Music")
    known = KnownRecordings(GLAD, EASY, ABBEY, MARRY)
    async with listening(scene, known, listening="everyone"):
        panel = await scene.begin_call()
        for member in (scene.ben, cleo, music):
            await member.join(scene.lounge)
        await panel_says(panel, "I hear Ada, Ben, and Cleo.")
        scene.call.announces_speakers = False
        async with scene.ada.camera(), asyncio.TaskGroup() as tasks:
            tasks.create_task(scene.ada.speak(GLAD.at_48_khz(), microphone=VoiceActivity()))
            tasks.create_task(scene.ben.speak(EASY.at_48_khz(), network=BAD_NETWORK))
            tasks.create_task(cleo.speak(ABBEY.at_48_khz(), microphone=PushToTalk(((0.0, ABBEY.seconds),))))
            tasks.create_task(music.speak(MARRY.at_48_khz()))
        await eventually(lambda: len(answers(scene.text)) == 3)
        assert sorted(captions(scene.text)) == [
            "Ada: Oh but i'm glad to get this place mowed.",
            "Ben: Easy going.",
            "Cleo: Northanger abbey.",
        ]
        for member, sound, part in ((scene.ada, GLAD, 0.5), (scene.ben, EASY, 0.8), (cleo, ABBEY, 1.0)):
            assert decoded(member) >= int(part * sound.seconds / 0.02)
        assert opened(music) == 0
        assert opened(scene.ada) > 0


async def test_who_leaves_after_a_question_is_answered_and_who_comes_with_their_number_is_another_one(
    scene: Scene,
) -> None:
    cleo = scene.guild.add_member("Cleo")
    scene.call.hands_on_ssrcs = True
    async with listening(scene, KnownRecordings(GLAD, EASY, ABBEY), listening="everyone"):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        ssrc = scene.call.members[scene.ada.id].ssrc
        await scene.ada.speak(GLAD.at_48_khz())
        await scene.ada.leave()
        await cleo.join(scene.lounge)
        assert scene.call.members[cleo.id].ssrc == ssrc
        await cleo.speak(EASY.at_48_khz())
        await scene.ada.join(scene.lounge)
        await scene.ada.speak(ABBEY.at_48_khz())
        await eventually(lambda: len(answers(scene.text)) == 3)
        assert captions(scene.text) == [
            "Ada: Oh but i'm glad to get this place mowed.",
            "Cleo: Easy going.",
            "Ada: Northanger abbey.",
        ]


async def test_a_call_without_end_to_end_encryption_is_heard_and_written_down_where_its_panel_stands(
    open_scene: SceneMaker,
) -> None:
    async with (
        open_scene(dave_protocol_version=0) as scene,
        listening(scene, KnownRecordings(EASY), listening="everyone"),
    ):
        await scene.ada.join(scene.lounge)
        await scene.ada.command("voice_chat", scene.lounge)
        panel = await posted(scene.lounge, " is in ")
        await panel_says(panel, "I hear Ada.")
        scene.call.announcement_delay = 0.3
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.lounge, "You said Easy going")
        assert captions(scene.lounge) == ["Ada: Easy going."]
        assert captions(scene.text) == []


async def test_who_is_muted_is_not_heard_and_what_is_said_before_and_after_is(scene: Scene) -> None:
    known = KnownRecordings(GLAD, EASY, ABBEY)
    async with listening(scene, known):
        await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        scene.guild.mute(scene.ada)
        await scene.ada.speak(GLAD.at_48_khz())
        scene.guild.mute(scene.ada, False)
        await scene.ada.mute()
        await scene.ada.speak(GLAD.at_48_khz()[:48_000])
        await scene.ada.mute(False)
        await scene.ada.speak(ABBEY.at_48_khz())
        await posted(scene.text, "Northanger abbey")
        assert captions(scene.text) == ["Ada: Easy going.", "Ada: Northanger abbey."]
        assert GLAD.name not in known.parts or known.parts[GLAD.name] < 0.3


async def test_what_is_said_is_written_down_as_it_is_whatever_the_speakers_name_and_pings_nobody(scene: Scene) -> None:
    name = "Dr. *Eve*: `no`|_x_ @everyone"
    eve = scene.guild.add_member(name)
    said = f"@everyone @here tell {scene.ben.mention}: **hello** 🗣️ Ada: no"
    async with listening(scene, said, listening="everyone"):
        await scene.begin_call()
        await eve.join(scene.lounge)
        await eve.speak(GLAD.at_48_khz())
        caption = await posted(scene.text, "🗣️")
        assert not caption.pinged.users
        assert not caption.pinged.everyone
        assert "\\*Eve\\*\\:" in caption.content
        await scene.model.wait_for_requests(1)
        asked = str(scene.model.requests[0].body["messages"][-1]["content"])
        assert "**hello** 🗣️ Ada: no" in asked, asked
        answer = await posted(scene.text, "You said ")
        assert not answer.pinged.users
        assert not answer.pinged.everyone


async def test_a_heard_message_that_is_deleted_while_it_waits_is_not_answered(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(GLAD, EASY)):
        await scene.begin_call()
        scene.model.first_token_seconds = 3.0
        await scene.ada.type("first", scene.text)
        await scene.model.wait_for_requests(1)
        await scene.ada.speak(EASY.at_48_khz())
        caption = await posted(scene.text, "Easy going")
        scene.text.purge(caption)
        await posted(scene.text, "You said first")
        scene.model.first_token_seconds = 0.0
        await scene.ada.type("last", scene.text)
        await posted(scene.text, "You said last")
        assert answers(scene.text) == ["You said first.", "You said last."]


async def test_limits_hold_for_what_is_said_as_for_what_is_typed(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(EASY), member_messages_per_minute=1):
        await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
        await scene.ada.speak(EASY.at_48_khz())
        await eventually(lambda: len(captions(scene.text)) == 2)
        await posted(scene.text, "minute")
        assert len(answers(scene.text)) == 1


async def test_where_the_text_channel_is_closed_to_the_bot_all_is_written_in_the_voice_channels_chat(
    scene: Scene,
) -> None:
    async with listening(scene, KnownRecordings(EASY, GLAD)) as recognition:
        await scene.begin_call()
        assert scene.guild.me is not None
        scene.text.deny(scene.guild.me, "send_messages")
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.lounge, "You said Easy going")
        assert captions(scene.lounge) == ["Ada: Easy going."]
        recognition.outage = Status(401)
        await scene.ada.speak(EASY.at_48_khz())
        await eventually(lambda: notices(scene.lounge) == [wording.NOT_RECOGNIZED])
