"""Nobody is heard who has not said yes: not a packet of theirs is opened, also in the middle of a word."""

import asyncio

import numpy as np
import pytest

from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene
from tests.support.spoken_calls import (
    ABBEY,
    EASY,
    GLAD,
    answers,
    captions,
    decoded,
    listening,
    opened,
    panel_says,
    posted,
    received,
    until_decoded,
)

pytestmark = pytest.mark.usefixtures("nothing_left")

TALK = "Talk to Molly"


async def test_words_are_heard_from_the_moment_of_a_yes_to_the_moment_of_a_no_also_inside_of_a_sentence(
    scene: Scene,
) -> None:
    known = KnownRecordings(GLAD, EASY, ABBEY)
    async with listening(scene, known) as recognition:
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await scene.ben.speak(EASY.at_48_khz()[:24_000])
        assert received(scene.ben) > 20
        assert (opened(scene.ben), decoded(scene.ben)) == (0, 0), "not asked yet"

        sentence = np.concatenate([each.at_48_khz() for each in (EASY, GLAD, ABBEY)])
        speaking = asyncio.create_task(scene.ben.speak(sentence))
        await asyncio.sleep(EASY.seconds)
        assert opened(scene.ben) == 0
        await scene.ben.click(panel, TALK)  # yes, in the middle of a sentence
        await speaking
        await posted(scene.text, "Northanger abbey")
        assert "Easy going" not in "".join(captions(scene.text)), "said before the yes"
        await eventually(lambda: "Northanger abbey" in "".join(answers(scene.text)))
        heard = captions(scene.text)
        before = len(recognition.requests)

        by_then = decoded(scene.ben)
        speaking = asyncio.create_task(scene.ben.speak(np.tile(ABBEY.at_48_khz(), 2)))
        await until_decoded(scene.ben, by_then + 20)
        await scene.ben.click(panel, TALK)  # no, in the middle of a sentence
        opened_by_then, came_by_then = opened(scene.ben), received(scene.ben)
        await speaking
        assert received(scene.ben) > came_by_then + 10
        assert (opened(scene.ben), decoded(scene.ben)) == (opened_by_then, 0)
        await panel_says(panel, "I hear Ada.")

        await scene.ada.type("typed", scene.text)
        await posted(scene.text, "You said typed")
        assert len(recognition.requests) == before, "what was said before the no was sent to somebody"
        assert captions(scene.text) == heard


async def test_what_waits_to_be_recognized_when_consent_is_taken_back_is_given_to_nobody(scene: Scene) -> None:
    may_answer = asyncio.Event()

    async def recognize(_: object) -> str:
        await may_answer.wait()
        return "Who is there?"

    async with listening(scene, recognize, timeout=20.0, speculate=False) as recognition:
        await scene.begin_call()
        for _ in range(2):
            await scene.ada.speak(EASY.at_48_khz())
        await asyncio.sleep(1.0)  # the silence that ends the second turn
        await scene.ada.command("my_voice", scene.text, {"take_back": "this server"})
        may_answer.set()
        await scene.ada.type("typed", scene.text)
        await posted(scene.text, "You said typed")
        assert len(recognition.requests) == 1, "the second turn"
        assert captions(scene.text) == []


async def test_bots_are_never_heard_and_everyone_else_is_where_the_owner_said_so(scene: Scene) -> None:
    music = scene.guild.add_bot("Music")
    async with listening(scene, KnownRecordings(EASY, ABBEY), listening="everyone"):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await music.join(scene.lounge)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(music.speak(ABBEY.at_48_khz()))
            tasks.create_task(scene.ben.speak(EASY.at_48_khz()))
        await posted(scene.text, "You said Easy going")
        assert captions(scene.text) == ["Ben: Easy going."]
        assert received(music) > 50
        assert opened(music) == 0
        shown = await scene.ben.command("my_voice", scene.text, {"take_back": "everywhere"})
        assert "changes nothing for now" in shown.content


async def test_with_listening_off_nobody_is_heard_who_once_said_yes(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(EASY)):
        await scene.begin_call()
        await scene.ada.speak(EASY.at_48_khz())
        await posted(scene.text, "You said Easy going")
    async with listening(scene, KnownRecordings(EASY), listening="off") as recognition:
        await scene.text.wait_for_message(lambda message: " is in " in message.content, 10)
        before = opened(scene.ada), decoded(scene.ada)
        await scene.ada.speak(EASY.at_48_khz())
        assert opened(scene.ada) <= before[0]
        assert decoded(scene.ada) <= before[1]
        assert not recognition.requests
        assert len(answers(scene.text)) == 1
