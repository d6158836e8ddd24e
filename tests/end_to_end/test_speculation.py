"""An answer is begun while its speaker pauses; when they go on, nobody hears of it."""

import asyncio

import pytest

from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene
from tests.support.spoken_calls import (
    ABBEY,
    EASY,
    GLAD,
    GLAD_TEXT,
    answers,
    captions,
    listening,
    posted,
    question_of,
    with_a_pause,
)

pytestmark = pytest.mark.usefixtures("nothing_left")


async def test_who_pauses_is_answered_once_and_to_all_they_said(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(GLAD, EASY, ABBEY)):
        await scene.begin_call()
        scene.model.first_token_seconds = 2.5
        speaking = asyncio.create_task(scene.ada.speak(with_a_pause(EASY, 0.3, ABBEY)))
        await scene.model.wait_for_requests(1)
        assert not speaking.done()
        assert captions(scene.text) == [], "it was written down before it was said"
        await posted(scene.text, "You said Easy going. Northanger abbey.")
        assert captions(scene.text) == ["Ada: Easy going. Northanger abbey."]
        assert [question_of(each) for each in scene.model.requests] == ["Easy going.", "Easy going. Northanger abbey."]
        assert scene.model.requests[0].tokens == [], "the first one went on beside the second"
        await scene.heard_to_the_end()
        assert len(answers(scene.text)) == 1


async def test_what_was_cut_off_too_soon_is_one_question_with_what_comes_behind_it(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(GLAD, EASY), speculate=False):
        await scene.begin_call()
        scene.model.first_token_seconds = 1.5
        speaking = asyncio.create_task(scene.ada.speak(with_a_pause(GLAD, 0.6, EASY)))
        await posted(scene.text, f"🗣️ Ada: {GLAD_TEXT}")
        assert not speaking.done()
        await posted(scene.text, f"You said {GLAD_TEXT} Easy going.")
        assert captions(scene.text) == [f"Ada: {GLAD_TEXT} Easy going."]
        await scene.heard_to_the_end()
        assert len(answers(scene.text)) == 1
        assert [question_of(each) for each in scene.model.requests] == [GLAD_TEXT, f"{GLAD_TEXT} Easy going."]
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going.")
