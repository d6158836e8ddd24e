"""What else happens while an answer is interrupted, held back, or begun before its question is over."""

import asyncio

import numpy as np
import pytest

from bench.common.pitch_coded_audio import LONG, SECOND, THIRD, pitch_coded_voice
from sandbox.standins.faults import Status
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import Scene, SceneMaker
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
from tests.support.spoken_over import SOFT, Answer, Says, answering, asked

pytestmark = pytest.mark.usefixtures("nothing_left")

TALK = "Talk to Molly"


class SaysBy:
    """A recognizer that hears in two recordings what the test wants, and otherwise what `Says` does."""

    def __init__(self) -> None:
        self.says = Says()
        self.by_recording: dict[str, str] = {}
        self._known = KnownRecordings(GLAD, EASY)

    def __call__(self, request: HostedRecognitionRequest) -> str:
        if not self.by_recording:
            return self.says(request)
        return self.by_recording.get(self._known(request), "")


async def speaking_over(scene: Scene, hears: SaysBy) -> tuple[Answer, asyncio.Task[None]]:
    """An answer that waits while Ada speaks."""
    answer = await asked(scene)
    hears.says.text = "Oh but I am"
    speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
    await answer.waits()
    return answer, speaking


async def test_whatever_else_happens_while_an_answer_waits_it_goes_on_or_makes_way_once(open_scene: SceneMaker) -> None:
    hears = SaysBy()
    async with (
        open_scene(responder=answering, voice=pitch_coded_voice) as scene,
        listening(scene, hears, addressing="auto"),
    ):
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await scene.ben.click(panel, TALK)
        await an_echo_and_the_name_alone_neither_stop_it_nor_ask(scene, hears)
        await a_no_lets_it_go_on_and_what_is_typed_comes_behind_it(scene, hears, panel)
        await a_skip_ends_it_and_what_is_said_is_asked(scene, hears, panel)
        await two_who_interrupt_at_once_are_answered_in_turn(scene, hears)
        await the_call_ends_at_once(scene, hears, panel)


async def an_echo_and_the_name_alone_neither_stop_it_nor_ask(scene: Scene, hears: SaysBy) -> None:
    answer = await asked(scene)
    await answer.heard_for(0.5)
    hears.says.text = "This is the"
    await scene.ada.speak(ABBEY.at_48_khz())
    await asyncio.sleep(0.7)
    hears.says.text = "Molly?"
    await scene.ben.speak(EASY.at_48_khz())
    audio = await answer.is_heard_out(LONG)
    assert (audio.lost(LONG), audio.doubled, captions(scene.text)) == (0, 0, [])
    assert sum(level < SOFT for level in answer.levels[5:-5]) < 120, "it was soft for long"


async def a_no_lets_it_go_on_and_what_is_typed_comes_behind_it(scene: Scene, hears: SaysBy, panel: Message) -> None:
    answer, speaking = await speaking_over(scene, hears)
    await scene.ben.type(SECOND.message, scene.text)
    await scene.ada.command("ask", scene.text, {"question": THIRD.message})
    await scene.ada.click(panel, TALK)  # no, in the middle of it
    await answer.heard_for(0.1)
    assert not speaking.done()
    hears.says.text = "Mhm."
    await scene.ada.click(panel, TALK)
    audio = await answer.is_heard_out(LONG, SECOND, THIRD)
    assert (audio.lost(LONG), audio.doubled) == (0, 0)
    await speaking


async def a_skip_ends_it_and_what_is_said_is_asked(scene: Scene, hears: SaysBy, panel: Message) -> None:
    answer, speaking = await speaking_over(scene, hears)
    await scene.ada.click(panel, "Skip")
    hears.says.text = SECOND.message
    await speaking
    await eventually(lambda: captions(scene.text) == [f"Ada: {SECOND.message}"])
    audio = await answer.is_heard_out(SECOND)
    assert (audio.was_spoken(LONG), audio.doubled) == (False, 0)


async def two_who_interrupt_at_once_are_answered_in_turn(scene: Scene, hears: SaysBy) -> None:
    answer = await asked(scene)
    hears.by_recording = {
        GLAD_TEXT: SECOND.message,
        "Easy going.": f"Molly, {THIRD.message}",
    }
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scene.ada.speak(GLAD.at_48_khz()))
        tasks.create_task(scene.ben.speak(EASY.at_48_khz()))
    await eventually(lambda: len(captions(scene.text)) == 3)
    hears.by_recording = {}
    audio = await answer.is_heard_out(SECOND, THIRD)
    assert (audio.was_spoken(LONG), audio.doubled) == (False, 0)


async def the_call_ends_at_once(scene: Scene, hears: SaysBy, panel: Message) -> None:
    _, speaking = await speaking_over(scene, hears)
    await scene.ada.click(panel, "End Call")
    await scene.everybody_left(panel, "Ada", timeout=3.0)
    speaking.cancel()


async def test_speech_waits_or_interrupts_as_what_is_typed_does_where_that_is_the_rule(open_scene: SceneMaker) -> None:
    says = Says()
    async with (
        open_scene(responder=answering, voice=pitch_coded_voice) as scene,
        listening(scene, says, during_speech="queue"),
    ):
        await scene.begin_call()
        answer = await asked(scene)
        says.text = "Mhm."
        await scene.ada.speak(EASY.at_48_khz())
        await asyncio.sleep(0.3)
        says.text = SECOND.message
        await scene.ada.speak(GLAD.at_48_khz())
        audio = await answer.is_heard_out(LONG, SECOND)
        assert (audio.lost(LONG), audio.doubled) == (0, 0)
        assert captions(scene.text) == [f"Ada: {SECOND.message}"]
        scene.ada.roles.append(scene.guild.add_role("Keepers", "manage_guild"))
        options = {"during_speech": "replace", "scope": "server"}
        told = await scene.ada.command("voice_settings", scene.text, options)
        assert "Saved" in told.content
        answer = await asked(scene)
        says.text = THIRD.message
        await scene.ada.speak(GLAD.at_48_khz())
        audio = await answer.is_heard_out(THIRD)
        assert (audio.was_spoken(LONG), audio.doubled) == (False, 0)


async def test_what_is_held_back_or_begun_unheard_is_answered_once_or_not_at_all(scene: Scene) -> None:
    async with listening(scene, KnownRecordings(GLAD, EASY, ABBEY)):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await who_goes_on_and_leaves_is_answered(scene)
        await a_deleted_message_that_is_held_back_is_not_answered(scene)
        await an_answer_begun_in_another_language_is_not_used(scene)
        await a_draft_that_fails_is_one_answer(scene)


async def who_goes_on_and_leaves_is_answered(scene: Scene) -> None:
    scene.model.first_token_seconds = 1.5
    speaking = asyncio.create_task(scene.ada.speak(with_a_pause(GLAD, 0.6, EASY)))
    await posted(scene.text, f"Ada: {GLAD_TEXT}")
    await asyncio.sleep(0.6)
    await scene.ada.leave()
    await posted(scene.text, f"You said {GLAD_TEXT}")
    await scene.heard_to_the_end()
    await speaking
    await scene.ada.join(scene.lounge)
    assert len(answers(scene.text)) == 1
    scene.text.purge(*scene.text.messages[-2:])


async def a_deleted_message_that_is_held_back_is_not_answered(scene: Scene) -> None:
    before = answers(scene.text)
    speaking = asyncio.create_task(scene.ada.speak(with_a_pause(ABBEY, 0.6, GLAD)))
    caption = await posted(scene.text, "Ada: Northanger abbey.")
    await asyncio.sleep(0.6)
    scene.text.purge(caption)
    await speaking
    await scene.ada.type("last", scene.text)
    await posted(scene.text, "You said last")
    assert answers(scene.text) == [*before, "You said last."]
    await scene.heard_to_the_end()


async def an_answer_begun_in_another_language_is_not_used(scene: Scene) -> None:
    requests = len(scene.model.requests)
    scene.model.first_token_seconds = 0.0
    scene.discord.faults.delay_route("POST", f"/channels/{scene.text.id}/messages", 0.5)
    silence = np.zeros(48_000, np.int16)  # as of an open microphone: else the turn would be over with the words
    speaking = asyncio.create_task(scene.ada.speak(np.concatenate([EASY.at_48_khz(), silence])))
    await scene.model.wait_for_requests(requests + 1)
    await scene.ada.command("voice_settings", scene.text, {"language": "fr"})
    await speaking
    await posted(scene.text, "You said Easy going.")
    await scene.heard_to_the_end()
    assert [question_of(each) for each in scene.model.requests[requests:]] == ["Easy going."] * 2
    assert scene.google.requests[-1].language == "fr"


async def a_draft_that_fails_is_one_answer(scene: Scene) -> None:
    scene.model.order(Status(401))
    known, requests = len(scene.text.messages), len(scene.model.requests)
    await scene.ada.speak(np.concatenate([ABBEY.at_48_khz(), np.zeros(48_000, np.int16)]))
    await scene.heard_to_the_end()
    shown = [message.content for message in scene.text.messages[known:] if not message.deleted]
    assert len(shown) == 1, shown
    assert len(scene.model.requests) == requests + 1
