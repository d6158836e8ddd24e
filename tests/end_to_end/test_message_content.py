"""A bot without the Message Content Intent: mentions, replies and /ask."""

import json

import pytest

from assistant.discord_io import wording
from sandbox.state.intents import Intent
from tests.support.scene import Scene, SceneMaker

pytestmark = pytest.mark.usefixtures("nothing_left")


async def test_without_the_intent_mentions_replies_and_ask_are_answered(open_scene: SceneMaker) -> None:
    async with open_scene(privileged_intents=Intent(0)) as scene, scene.assistant(message_content=False):
        panel = await scene.begin_call()
        me = scene.discord.bot.mention
        assert f"Mention me ({me})" in panel.content
        await scene.ada.type("nobody reads this", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == wording.mention_me(me))
        answer = await scene.answer_to(f"{me} hello")
        assert answer.content == "You said @molly hello."
        await scene.ada.type("and now?", scene.lounge, reply_to=answer)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and now?.", 20)
        reply = await scene.ben.command("ask", scene.text, {"question": "What is *new*?"})
        assert reply.content == "-# 💬 Ben asks:\nWhat is *new*?"
        assert not reply.ephemeral
        posted = await scene.text.wait_for_message(lambda message: message.content == "You said What is *new*?.", 20)
        assert posted.reference is reply.message
        told = [json.loads(request.body["messages"][-1]["content"]) for request in scene.model.requests]
        assert [(each["author"], each["message"]) for each in told] == [
            ("Ada", "@molly hello"),
            ("Ada", "and now?"),
            ("Ben", "What is *new*?"),
        ]
        assert not scene.discord.refusals


async def test_ask_works_with_the_intent_too_but_only_beside_a_call(scene: Scene) -> None:
    async with scene.assistant():
        reply = await scene.ada.command("ask", scene.text, {"question": "Anybody?"})
        assert (reply.content, reply.ephemeral) == (wording.NO_CALL, True)
        await scene.begin_call()
        elsewhere = scene.guild.add_text_channel("elsewhere")
        reply = await scene.ada.command("ask", elsewhere, {"question": "Anybody?"})
        assert reply.ephemeral
        assert scene.lounge.mention in reply.content
        await scene.ada.command("ask", scene.lounge, {"question": f"Who is {scene.ben.mention}?"})
        answer = await scene.lounge.wait_for_message(lambda message: message.content.startswith("You said"), 20)
        assert "Who is" in answer.content
        assert scene.ben.mention not in answer.content or scene.ben.user not in answer.mentioned
        await scene.heard_to_the_end()


async def test_ask_is_for_those_who_could_type_and_for_questions_only(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.text.deny(scene.ada.member, "send_messages")
        reply = await scene.ada.command("ask", scene.text, {"question": "May I?"})
        assert (reply.content, reply.ephemeral) == (wording.cannot_ask(scene.text.mention), True)
        reply = await scene.ada.command("ask", scene.lounge, {"question": " "})
        assert (reply.content, reply.ephemeral) == (wording.NO_QUESTION, True)
        assert not scene.model.requests
