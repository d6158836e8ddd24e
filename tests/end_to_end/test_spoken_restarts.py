"""What was said to one process is answered by the next one: once, and in the words that were said."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.runtime.bot import run
from assistant.stt.recognition_settings import RecognitionSettings
from bench.restarts.restart_test_bed import until_ready
from sandbox.standins.faults import Slow
from sandbox.standins.recognition.hosted_recognition import HostedRecognition
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.eventually import eventually
from tests.support.known_recordings import KnownRecordings
from tests.support.scene import HASTE, Scene
from tests.support.spoken_calls import ABBEY, EASY, GLAD, MARRY, answers, captions, listening, posted, until_decoded
from tests.support.stored_questions import waiting_questions

pytestmark = pytest.mark.usefixtures("quick_starts")

_LONG_TO_ANSWER = 60.0
"""Seconds, in which the process that was asked has ended."""


@pytest.mark.timeout(120)
async def test_a_question_that_was_said_before_a_stop_or_a_kill_is_answered_once_by_the_next_process(
    scene: Scene, tmp_path: Path
) -> None:
    async with HostedRecognition(KnownRecordings(EASY, GLAD)) as recognition:
        environment = variables(scene, STT_ENGINE="hosted", STT_BASE_URL=recognition.base_url, STT_MODEL="sandbox-stt")
        async with BotProcess(APP, environment, tmp_path / "first.log") as first:
            await scene.discord.wait_until_ready(30)
            await scene.begin_call()
            scene.model.first_token_seconds = _LONG_TO_ANSWER
            await scene.ada.speak(EASY.at_48_khz())
            await scene.model.wait_for_requests(1)
            assert await first.stop() == 0
        scene.model.first_token_seconds = 0.0
        async with BotProcess(APP, environment, tmp_path / "second.log") as second:
            await until_ready(second)
            await posted(scene.text, "You said Easy going", 30)
            await scene.heard_to_the_end()
            scene.model.first_token_seconds = _LONG_TO_ANSWER
            asked = len(scene.model.requests)
            await scene.ada.speak(GLAD.at_48_khz())
            await scene.model.wait_for_requests(asked + 1)  # it may be begun before the question is over
            await eventually(lambda: waiting_questions(scene.settings) == 1, 10)
            await second.stop(signal.SIGKILL)
        scene.model.first_token_seconds = 0.0
        async with BotProcess(APP, environment, tmp_path / "third.log") as third:
            await until_ready(third)
            await posted(scene.text, "You said Oh but i'm glad", 30)
            await scene.heard_to_the_end()
        assert answers(scene.text) == ["You said Easy going..", "You said Oh but i'm glad to get this place mowed.."]
        assert captions(scene.text) == ["Ada: Easy going.", "Ada: Oh but i'm glad to get this place mowed."]
        assert "Easy going" in str(scene.model.requests[-1].body["messages"]), "the next process remembers it"


@pytest.mark.usefixtures("nothing_left")
async def test_who_is_speaking_when_the_process_is_to_stop_is_heard_out_and_answered_by_the_next_one(
    scene: Scene,
) -> None:
    known = KnownRecordings(GLAD)
    async with listening(scene, known) as recognition:
        panel = await scene.begin_call()
        recognition.outage = Slow(0.5)
        speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
        await until_decoded(scene.ada, 50)
    await speaking
    assert captions(scene.text) == ["Ada: Oh but i'm glad to get this place mowed."]
    assert known.parts[GLAD.name] > 0.5, "they had said less than that when it was to stop"
    assert answers(scene.text) == []
    async with listening(scene, known):
        await posted(scene.text, "You said Oh but i'm glad")
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.heard_to_the_end()
    assert len(answers(scene.text)) == 1


@pytest.mark.usefixtures("nothing_left")
async def test_what_is_said_while_a_newer_process_takes_the_call_over_is_written_down_and_answered_once(
    scene: Scene,
) -> None:
    said = (EASY, GLAD, ABBEY, MARRY)
    stop = asyncio.Event()
    async with HostedRecognition(KnownRecordings(*said)) as recognition, asyncio.TaskGroup() as tasks:
        hosted = RecognitionSettings(engine=("hosted",), base_url=recognition.base_url, model="sandbox-stt")
        settings = replace(scene.settings, recognition=hosted)
        tasks.create_task(run(settings, stop, HASTE))
        await scene.discord.wait_until_ready(20)
        await scene.begin_call()
        tasks.create_task(run(settings, stop, HASTE))
        for recording in said:
            await scene.ada.speak(recording.at_48_khz())
            await asyncio.sleep(0.8)  # the silence that ends a turn
        await scene.discord.until(lambda: len(scene.call.connections) == 2, 20)
        await eventually(lambda: len(answers(scene.text)) == len(captions(scene.text)) >= 3)
        heard = captions(scene.text)
        stop.set()
    assert len(set(heard)) == len(heard), "written down twice"
    assert sorted(answers(scene.text)) == sorted(f"You said {each.removeprefix('Ada: ')}." for each in heard)
