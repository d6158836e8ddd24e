"""What people send besides plain words: replies, forwards, polls, pictures, silent messages, other bots' commands."""

import asyncio
import base64
import json
from typing import Any

import pytest

from assistant.discord_io import wording
from sandbox.standins.faults import Status
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.scene import Scene

PNG = b"\x89PNG\r\n\x1a\n and so on"

pytestmark = pytest.mark.usefixtures("nothing_left")


def asked(scene: Scene) -> list[dict[str, Any]]:
    """What the model was told of each message that it answered, oldest first."""
    return [json.loads(request.body["messages"][-1]["content"]) for request in scene.model.requests]


async def answered(scene: Scene, count: int) -> None:
    """Return once so many messages of this scene were answered in writing."""
    await eventually(lambda: len(answers(scene)) >= count, 20.0)


def answers(scene: Scene) -> list[Message]:
    return [message for message in scene.lounge.messages if message.author.bot]


async def test_forwards_and_replies_go_along_as_data_and_what_has_no_words_is_left_alone(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        news = await scene.ben.type("Die Bibliothek ist zu.", scene.guild.add_text_channel("news"))
        await scene.ada.forward(news, scene.lounge, "Is that true?")
        await answered(scene, 2)
        german = await scene.ben.type("Guten Tag", scene.guild.add_text_channel("german"))
        german.channel = scene.lounge.channel
        await scene.ada.type("translate that", scene.lounge, reply_to=german)
        await scene.ada.type("shorter", scene.lounge, reply_to=answers(scene)[0])
        await scene.ada.type("look", scene.lounge, files={"cat.png": b"\x89PNG"}, descriptions={"cat.png": "a cat"})
        await answered(scene, 5)
        assert asked(scene) == [
            {"author": "Ada", "message": "Die Bibliothek ist zu.", "is_forwarded": True},
            {"author": "Ada", "message": "Is that true?"},
            {"author": "Ada", "message": "translate that", "replies_to": {"author": "Ben", "message": "Guten Tag"}},
            {
                "author": "Ada",
                "message": "shorter",
                "replies_to": {
                    "author": "molly",
                    "is_your_own": True,
                    "message": "You said Die Bibliothek ist zu..",
                },
            },
            {
                "author": "Ada",
                "message": "look",
                "attachments": [{"name": "cat.png", "type": "image/png", "description": "a cat"}],
            },
        ]
        await scene.heard_to_the_end()
        await scene.ada.send_poll(scene.lounge, "Tea?", ["Yes", "No"])
        await scene.ada.send_sticker(scene.lounge, "Wave")
        scene.text.announce(6, scene.ada.member, german)
        scene.text.announce(8, scene.ada.member)
        for _ in range(3):
            await scene.ben.type("", scene.lounge, files={"cat.png": b"\x89PNG"})
        hint = await scene.lounge.wait_for_message(lambda message: message.content == wording.NO_WORDS)
        assert hint.reference is not None
        assert (await scene.answer_to("hello")).content == "You said hello."
        assert len(answers(scene)) == 7, "one hint for three pictures, none for what is no question"
        assert len(asked(scene)) == 6


async def test_a_silent_message_is_answered_in_writing_only_and_other_bots_get_their_commands(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type("!play a song", scene.text)
        await scene.ada.type("hush", scene.lounge, silent=True)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said hush.")
        await scene.ada.type("!aloud", scene.lounge)
        await scene.heard_to_the_end()
        assert not [request for request in scene.google.requests if "hush" in request.text]
        assert [message["message"] for message in asked(scene)] == ["hush", "!aloud"]
        assert all(message.author.bot is False or "**Molly**" in message.content for message in scene.text.messages)


async def test_a_silent_message_interrupts_nothing(scene: Scene) -> None:
    async with scene.assistant(during_speech="replace"):
        await scene.begin_call()
        await scene.ada.type("a story " * 10, scene.lounge)
        await scene.call.wait_for_frames(10, 20)
        await scene.ada.type("hush", scene.lounge, silent=True)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said hush.", 20)
        assert not [message for message in scene.lounge.messages if "Interrupted" in message.content]
        assert len(scene.call.speech()) > 60


async def test_a_message_that_cannot_be_read_ends_nothing(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        strange = await scene.ben.type("strange", scene.guild.add_text_channel("elsewhere"))
        strange.channel = scene.lounge.channel
        strange.body.embeds = [None]  # type: ignore[list-item] # what py-cord does not expect
        await scene.ada.type("what was that?", scene.lounge, reply_to=strange)
        assert (await scene.answer_to("hello")).content == "You said hello."


async def test_many_deletions_at_once_and_link_previews_are_what_they_are(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.model.first_token_seconds = 0.5
        await scene.ada.type("first", scene.lounge)
        await scene.model.wait_for_requests(1)
        gone = [await scene.ada.type(line, scene.lounge) for line in ("second", "third")]
        link = await scene.ada.type("see https://example.org", scene.lounge)
        command = await scene.ada.type("fourth", scene.text)
        scene.lounge.purge(*gone)
        scene.lounge.preview_link(link)
        await scene.ada.edit(command, "!play")
        await scene.lounge.wait_for_message(lambda message: "see https" in message.content and message.author.bot, 20)
        await asyncio.sleep(0.7)
        assert [message["message"] for message in asked(scene)] == ["first", "see https://example.org"]


async def test_a_model_that_sees_gets_the_picture_and_that_of_the_message_replied_to(scene: Scene) -> None:
    async with scene.assistant(ai_vision=True):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        cat = await scene.ben.type("", scene.lounge, files={"cat.png": PNG})
        await scene.ada.type("what is that?", scene.lounge, reply_to=cat, files={"dog.png": PNG, "a.txt": b"text"})
        await scene.lounge.wait_for_message(lambda message: message.content == "You said what is that?.", 20)
        (request,) = scene.model.requests
        text, *pictures = request.body["messages"][-1]["content"]
        told = json.loads(text["text"])
        assert [file["name"] for file in told["attachments"]] == ["dog.png", "a.txt"]
        assert [file["name"] for file in told["replies_to"]["attachments"]] == ["cat.png"]
        assert [base64.b64decode(each["image_url"]["url"].partition(",")[2]) for each in pictures] == [PNG, PNG]

        scene.model.order(Status(400, message="image_url is only supported by certain models"))
        await scene.ada.type("and that?", scene.lounge, files={"dog.png": PNG})
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and that?.", 20)
        assert "dog.png" in scene.model.requests[-1].body["messages"][-1]["content"]
