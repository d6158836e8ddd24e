"""Answers that are longer than anybody wants, and answers that can't be posted where they were asked for."""

import asyncio

from sandbox.standins.faults import Endless
from tests.support.loop_hold import LoopHold
from tests.support.scene import Scene, SceneMaker

TEXT = b'data: {"choices": [{"index": 0, "delta": {"content": "and so on. "}, "finish_reason": null}]}\n\n'
LONG = "Sentence after sentence. " * 1000


async def test_a_long_answer_is_a_file_and_nothing_follows_a_skip(open_scene: SceneMaker) -> None:
    async with open_scene(responder=lambda _: LONG) as scene, scene.assistant():
        await scene.begin_call()
        post = await scene.answer_to("a story please")
        await post.wait_for(lambda message: message.content.endswith("-# 📄 The whole answer is in the file."), 10)
        (attached,) = post.attachments
        assert attached.content.decode() == LONG.strip()
        await scene.call.wait_for_frames(10, 10)
        assert "Skipped" in (await scene.ada.command("skip", scene.text)).content
        known = len(scene.lounge.messages)
        await asyncio.sleep(1)
        assert len(scene.lounge.messages) == known


async def test_an_endless_answer_is_cut_said_so_and_the_next_message_is_answered(scene: Scene) -> None:
    async with scene.assistant(ai_max_characters=5000):
        await scene.begin_call()
        scene.model.order(Endless(TEXT))
        async with LoopHold() as hold:
            post = await scene.answer_to("a story please")
            told = await scene.lounge.wait_for_message(lambda message: message.content.startswith("Sorry,"), 10)
        assert "went on for too long" in told.content
        assert post.content.startswith("and so on. and so on.")
        assert hold.longest < 0.25
        await scene.ada.command("skip", scene.text)
        await scene.ada.type("good day", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said good day.", 20)


async def test_an_endless_answer_that_is_skipped_grows_no_more(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.model.order(Endless(TEXT, 0.001))
        await scene.ada.type("a story please", scene.lounge)
        await scene.call.wait_for_frames(10, 10)
        await scene.ada.command("skip", scene.text)
        await scene.model.wait_until_idle()
        shown = [message.content for message in scene.lounge.messages if message.author.bot]
        assert "".join(shown).startswith("and so on. and so on.")
        await asyncio.sleep(2)
        assert [message.content for message in scene.lounge.messages if message.author.bot] == shown


async def test_an_answer_that_may_not_stand_in_the_voice_channels_chat_stands_where_the_call_was_begun(
    scene: Scene,
) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.lounge.deny(scene.discord.bot, "send_messages")
        await scene.ada.type("hello", scene.lounge)
        post = await scene.text.wait_for_message(lambda message: "You said hello." in message.content, 10)
        assert post.content.startswith("-# To a message in <#")
        await scene.heard_to_the_end()
    assert not any(message.author.bot for message in scene.lounge.messages)
