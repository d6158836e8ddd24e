"""Discord takes no posts: the texts of answers wait for it, and nobody waits for the texts."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from assistant.discord_io import wording
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene
from tests.support.spoken_calls import EASY, captions, listening, posted

POSTS = "/channels/*/messages"
SOON = 8.0
"""Several times what a turn takes, and a fraction of what py-cord's own retries of one post do (25 s)."""


def fail(scene: Scene) -> None:
    scene.discord.faults.fail_route("POST", POSTS, 500, times=4)


def refuse_for_a_while(scene: Scene) -> None:
    scene.discord.faults.fail_route("POST", POSTS, retry_after=6.0, times=2)


def lie_for_a_while(scene: Scene) -> None:
    scene.discord.faults.delay_route("POST", POSTS, 12.0)


def be_an_error_page_for_a_while(scene: Scene) -> None:
    scene.discord.faults.block_route("POST", POSTS, 502, times=4)


def answers(scene: Scene) -> list[str]:
    return [message.content for message in scene.lounge.messages if message.author.bot]


def answering(line: str) -> Callable[[Message], bool]:
    return lambda message: message.content == f"You said {line}."


@pytest.mark.parametrize("fault", [fail, refuse_for_a_while, lie_for_a_while, be_an_error_page_for_a_while])
async def test_the_next_answer_is_heard_in_its_turn_and_all_texts_come_later_in_their_order(
    scene: Scene, fault: Callable[[Scene], None]
) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        fault(scene)
        await scene.ada.type("first", scene.lounge)
        await scene.google.wait_for_requests(1)
        await scene.ada.type("second", scene.lounge)
        await scene.ben.type("third", scene.lounge)
        async with asyncio.timeout(SOON):
            await scene.google.wait_for_requests(3)
        assert answers(scene) == [], "the fault was over too early to show anything"
        await scene.lounge.wait_for_message(answering("second"), 60)
        await scene.lounge.wait_for_message(answering("third"), 60)
    assert sorted(answers(scene)) == ["You said first.", "You said second.", "You said third."]
    mine = [text for text in answers(scene) if "third" not in text]
    assert mine == ["You said first.", "You said second."], "a member's answers have their order"


@pytest.mark.parametrize("fault", [fail, refuse_for_a_while, lie_for_a_while, be_an_error_page_for_a_while])
async def test_what_is_said_is_answered_aloud_meanwhile_and_once(scene: Scene, fault: Callable[[Scene], None]) -> None:
    async with listening(scene, KnownRecordings(EASY)):
        await scene.begin_call()
        fault(scene)
        await scene.ada.speak(EASY.at_48_khz())
        async with asyncio.timeout(SOON):
            await scene.google.wait_for_requests(1)
        assert captions(scene.text) == [], "the fault was over too early to show anything"
        await scene.heard_to_the_end()
        await posted(scene.text, "🗣️ Ada: Easy going.", 60)
        assert len(scene.model.requests) == 1


@pytest.mark.timeout(180)
async def test_a_text_that_discord_does_not_take_at_all_is_told_and_the_next_one_is_posted(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.discord.faults.fail_route("POST", POSTS, 500, times=15)
        await scene.ada.type("first", scene.lounge)
        await scene.google.wait_for_requests(1)
        await scene.ada.type("second", scene.lounge)
        async with asyncio.timeout(SOON):
            await scene.google.wait_for_requests(2)
        await scene.lounge.wait_for_message(answering("second"), 120)
    assert answers(scene) == [wording.NOT_POSTED, "You said second."]


async def test_a_text_that_was_not_posted_is_posted_once_by_the_next_process(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.fail_route("POST", POSTS, 500, times=1000)
        await scene.ada.type("first", scene.lounge)
        await scene.heard_to_the_end()
        await scene.ada.type("second", scene.lounge)
        await scene.heard_to_the_end()
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < SOON
    assert answers(scene) == []
    scene.discord.faults.mend_routes()
    async with scene.assistant():
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.lounge.wait_for_message(answering("second"), 20)
        await scene.answer_to("third")
        await scene.heard_to_the_end()
        asked: list[Any] = scene.model.requests[-1].body["messages"]
    assert answers(scene) == ["You said first.", "You said second.", "You said third."]
    replies = [each["content"] for each in asked if each["role"] == "assistant"]
    assert sorted(replies) == ["You said first.", "You said second."], "each is remembered once"
    assert sum("first" in each.text for each in scene.google.requests) == 1, "what was heard is not said again"


async def test_a_text_that_was_not_posted_when_the_call_is_ended_is_posted_after_it(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.fail_route("POST", POSTS, 500, times=3)
        await scene.ada.type("first", scene.lounge)
        await scene.heard_to_the_end()
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        await scene.lounge.wait_for_message(answering("first"), 30)
    assert answers(scene) == ["You said first."]


async def test_a_skipped_text_that_discord_has_not_taken_is_not_posted_later(scene: Scene) -> None:
    line = "a sentence that takes quite a few seconds to say out loud " * 3
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.fail_route("POST", POSTS, 500, times=2)
        await scene.ada.type(line, scene.lounge)
        await scene.call.wait_for_frames(10, 20)
        await eventually(lambda: scene.discord.faults.route_faults_left < 2)
        await scene.ada.click(panel, "Skip")
        await scene.ada.type("second", scene.lounge)
        await scene.lounge.wait_for_message(answering("second"), 20)
        await asyncio.sleep(1.0)
    assert answers(scene) == ["You said second."]
