"""Who agrees to be heard: with /voice_chat, with the panel's button, with /my_voice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("nothing_left")

TALK = "Talk to Molly"
HOSTED = RecognitionSettings(engine=("moonshine", "hosted"), base_url="https://api.example.com/v1")


@asynccontextmanager
async def listening(scene: Scene, **changes: Any) -> AsyncIterator[None]:
    """The assistant, with somebody who turns speech into text."""
    async with scene.assistant(recognition=HOSTED, **changes):
        yield


async def says(panel: Message, text: str) -> None:
    await panel.wait_for(lambda message: text in message.content, 10)


def labels(panel: Message) -> list[str]:
    return [button["label"] for button in panel.buttons]


async def test_who_calls_is_heard_and_others_once_they_press_the_button_until_they_press_it_again(scene: Scene) -> None:
    async with listening(scene):
        await scene.ada.join(scene.lounge)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert "I also hear what you say" in reply.content
        panel = await scene.text.wait_for_message(lambda message: " is in " in message.content, 10)
        await scene.ben.join(scene.lounge)
        await says(panel, "I hear Ada.")
        assert "recognized on this machine or by api.example.com" in panel.content
        assert labels(panel) == ["End Call", "Skip", TALK]

        agreed = await scene.ben.click(panel, TALK)
        assert agreed.ephemeral
        assert "I hear you now" in agreed.content
        await says(panel, "I hear Ada and Ben.")
        taken_back = await scene.ben.click(panel, TALK)
        assert taken_back.ephemeral
        assert "don't hear you any more" in taken_back.content
        await says(panel, "I hear Ada.")
        await scene.ada.click(panel, TALK)
        await says(panel, "I hear nobody yet.")
        await scene.ada.click(panel, "End Call")
        await says(panel, "has ended")
        assert labels(panel) == []
        again = await scene.ada.command("voice_chat", scene.text)
        assert "I don't hear what you say" in again.content, "they have said no"


async def test_what_was_agreed_to_holds_after_a_restart_and_with_my_voice_it_is_seen_and_taken_back(
    scene: Scene,
) -> None:
    cafe = scene.discord.add_guild("Café")
    chat, ada = cafe.add_text_channel("chat"), cafe.add_member(scene.ada.user)
    async with listening(scene):
        nothing = await ada.command("my_voice", chat)
        assert nothing.ephemeral
        assert f"press **{TALK}**" in nothing.content
        panel = await scene.begin_call()
        await says(panel, "I hear Ada.")
        shown = await ada.command("my_voice", chat)
        assert "don't hear you on this server" in shown.content
        assert "- Reading club, since <t:" in shown.content
    async with listening(scene):
        await says(panel, "is in")
        await says(panel, "I hear Ada.")
        shown = await scene.ada.command("my_voice", scene.text)
        assert "I hear you in calls on this server, since <t:" in shown.content
        await scene.ben.join(scene.lounge)
        await scene.ben.click(panel, TALK)
        await says(panel, "I hear Ada and Ben.")
        here = await scene.ben.command("my_voice", scene.text, {"take_back": "this server"})
        assert here.ephemeral
        await says(panel, "I hear Ada.")
        await ada.command("my_voice", chat, {"take_back": "everywhere"})
        await says(panel, "I hear nobody yet.")
        shown = await ada.command("my_voice", chat)
        assert "Reading club" not in shown.content
    async with listening(scene):
        await says(panel, "is in")
        await says(panel, "I hear nobody yet.")


async def test_with_listening_off_there_is_no_button_and_the_bot_is_deaf_after_each_join_without_losing_a_frame(
    scene: Scene,
) -> None:
    def is_deaf() -> bool:
        return scene.guild.bot_voice is not None and scene.guild.bot_voice.self_deaf

    async with listening(scene, listening="off"):
        panel = await scene.begin_call()
        await scene.discord.until(is_deaf)
        assert "hear you" not in panel.content
        assert "I hear" not in panel.content
        assert labels(panel) == ["End Call", "Skip"]
        assert "don't listen" in (await scene.ada.command("my_voice", scene.text)).content
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await eventually(lambda: len(scene.call.connections) == 2 and is_deaf())
        await assert_all_was_heard(scene)
        assert len(scene.call.connections) == 2
        attic = scene.guild.add_voice_channel("Attic")
        await scene.ada.move(attic)
        await scene.guild.move_bot(attic)
        await says(panel, attic.mention)
        assert is_deaf()


async def test_with_everyone_all_are_heard_but_bots_and_the_panel_says_so(scene: Scene) -> None:
    async with listening(scene, listening="everyone"):
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await says(panel, "I hear Ada and Ben. Speech is")
        assert labels(panel) == ["End Call", "Skip"]
        scene.guild.deafen_bot()
        await says(panel, "A moderator has deafened me")
        scene.guild.deafen_bot(False)
        await says(panel, "I hear Ada and Ben. Speech is")
        assert "I hear everyone" in (await scene.ben.command("my_voice", scene.text)).content
        assert scene.guild.bot_voice is not None
        assert not scene.guild.bot_voice.self_deaf


async def test_without_anybody_who_turns_speech_into_text_nothing_is_promised(scene: Scene) -> None:
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert "hear" not in reply.content
        panel = await scene.text.wait_for_message(lambda message: " is in " in message.content, 10)
        assert "hear" not in panel.content.replace("heard", "")
        assert labels(panel) == ["End Call", "Skip"]
        assert scene.guild.bot_voice is not None
        assert not scene.guild.bot_voice.self_deaf
