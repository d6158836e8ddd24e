"""What is said and answered can be read in the chat while it is heard, or leaves nothing there."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from assistant.discord_io.wording import IN_FILE
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene, SceneMaker
from tests.support.spoken_calls import ABBEY, EASY, GLAD, captions, listening, posted

pytestmark = pytest.mark.usefixtures("nothing_left")

SENTENCES = [f"Sentence number {number} of this answer." for number in range(5)]
ANSWER = " ".join(SENTENCES)


def narrator(_: Sequence[Any]) -> str:
    return ANSWER


def answers_to(scene: Scene, message: Message) -> list[str]:
    """The texts of our posts that reply to a message."""
    return [each.content for each in scene.text.messages if each.author.bot and each.reference is message]


async def test_what_is_typed_and_said_is_answered_in_the_chat_with_the_first_sound(open_scene: SceneMaker) -> None:
    async with open_scene(responder=narrator) as scene, listening(scene, KnownRecordings(EASY, GLAD)):
        scene.model.tokens_per_second = 12
        await scene.begin_call()
        await scene.ada.type("hello", scene.text)
        await scene.call.wait_for_frames(1, 10)
        first = await posted(scene.text, "Sentence number 0", 1.0)
        assert len(first.content) < len(ANSWER), "it was posted when it was whole"
        await first.wait_for(lambda message: message.content == ANSWER, 10)
        await scene.heard_to_the_end()
        known = len(scene.text.messages)
        await scene.ada.speak(EASY.at_48_khz())
        await scene.call.wait_for_frames(scene.heard + 1, 10)
        heard = await posted(scene.text, "Easy going.\nSentence number 0", 1.0)
        assert len(heard.content) < len(ANSWER), "it was posted when it was whole"
        await heard.wait_for(lambda message: message.content == f"🗣️ Ada: Easy going.\n{ANSWER}", 10)
        await scene.heard_to_the_end()
        assert len(scene.text.messages) == known + 1, "what was said and its answer are one message"
        scene.discord.faults.fail_route("PATCH", "/channels/*/messages/*", 500, times=2)
        scene.discord.faults.fail_route("PATCH", "/channels/*/messages/*", retry_after=0.5, times=1)
        await scene.ada.speak(GLAD.at_48_khz())
        await posted(scene.text, f"🗣️ Ada: Oh but i'm glad to get this place mowed.\n{ANSWER}", 20)
        await scene.heard_to_the_end()
        assert len(scene.text.messages) == known + 2


async def test_who_goes_on_after_a_pause_and_who_is_answered_at_length_finds_all_of_it_in_the_chat(
    open_scene: SceneMaker,
) -> None:
    long, longest = "word " * 600, "word " * 2000

    def answer(messages: Sequence[Any]) -> str:
        return longest if "file" in str(messages[-1]["content"]) else long

    async with open_scene(responder=answer) as scene, listening(scene, KnownRecordings(EASY, ABBEY)):
        scene.model.first_token_seconds = 2.0
        await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "🗣️ Ada: Easy going.")
        await scene.ada.speak(ABBEY.at_48_khz())
        heard = await posted(scene.text, "🗣️ Ada: Easy going. Northanger abbey.\nword word")
        assert captions(scene.text) == ["Ada: Easy going. Northanger abbey."]
        await eventually(lambda: len(answers_to(scene, heard)) == 1)
        (rest,) = [each for each in scene.text.messages if each.reference is heard]
        assert f"{heard.content.partition(chr(10))[2]} {rest.content}" == long.strip()
        await scene.ada.command("skip", scene.text)
        scene.model.first_token_seconds, scene.model.tokens_per_second = 0.0, 700.0
        await scene.ada.type("a file please", scene.text)
        grown = await scene.text.wait_for_message(
            lambda message: message.author.bot and message.reference is scene.text.messages[-2], 10
        )
        assert not grown.attachments, "it was posted when it was whole"
        await grown.wait_for(lambda message: message.content.endswith(IN_FILE), 20)
        assert [each.content.decode() for each in grown.attachments] == [longest.strip()]
        await scene.ada.command("skip", scene.text)
        await eventually(lambda: [each for each in scene.text.messages if not each.deleted][-1] is grown)


async def test_where_captions_are_off_speech_leaves_nothing_in_the_chat_and_is_answered_by_the_next_process(
    scene: Scene,
) -> None:
    known = KnownRecordings(EASY, GLAD)
    scene.ada.roles.append(scene.guild.add_role("Keepers", "manage_guild"))
    async with listening(scene, known):
        panel = await scene.begin_call()
        told = await scene.ada.command("voice_settings", scene.text, {"captions": "off"})
        assert "not written in the chat" in told.content
        before = [message.content for message in (*scene.text.messages, *scene.lounge.messages)]
        await scene.ada.speak(EASY.at_48_khz())
        await scene.heard_to_the_end()
        assert [message.content for message in (*scene.text.messages, *scene.lounge.messages)] == before
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        scene.model.first_token_seconds = 60.0
        asked = len(scene.model.requests)
        await scene.ada.speak(GLAD.at_48_khz())
        await scene.model.wait_for_requests(asked + 1)
        await asyncio.sleep(1.0)  # until it is taken for all that she says
    scene.model.first_token_seconds = 0.0
    async with listening(scene, known):
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.heard_to_the_end()
        assert "glad to get this place" in str(scene.model.requests[-1].body["messages"][-1])
    assert [message.content for message in scene.lounge.messages if message.author.bot] == ["You said hello."]
    assert not [message for message in scene.text.messages if "mowed" in message.content]
