"""People speak over an answer, as it is heard by those in the call."""

import asyncio

import pytest

from bench.common.pitch_coded_audio import LONG, SECOND, pitch_coded_voice
from bench.faults.heard_audio import HeardAudio
from tests.support.eventually import eventually
from tests.support.recorded_speech import recording
from tests.support.scene import Scene, SceneMaker
from tests.support.spoken_calls import EASY, GLAD, captions, listening, posted
from tests.support.spoken_over import SOFT, Says, answering, asked

pytestmark = pytest.mark.usefixtures("nothing_left")

LAUGH = recording("noise-laugh-evil")


async def test_people_interrupt_an_answer_as_they_interrupt_each_other(open_scene: SceneMaker) -> None:
    says = Says()
    async with (
        open_scene(responder=answering, voice=pitch_coded_voice) as scene,
        listening(scene, says, listening="everyone", addressing="auto"),
    ):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await what_is_nothing_costs_no_frame(scene, says)
        await neighbors_do_nothing_and_words_for_her_make_way(scene, says)
        await stop_ends_it_and_is_no_question(scene, says)


async def what_is_nothing_costs_no_frame(scene: Scene, says: Says) -> None:
    answer = await asked(scene)
    says.text = "Ha ha ha."
    laughing = asyncio.create_task(scene.ada.speak(LAUGH.at_48_khz()[: 48 * 1500]))
    await answer.is_soft()
    await laughing
    await eventually(lambda: answer.levels[-1] > SOFT)
    says.text = "Oh but I am"
    speaking = asyncio.create_task(scene.ada.speak(GLAD.at_48_khz()))
    await answer.waits()
    says.text = "Mhm."
    await speaking
    await answer.heard_for(0.5)
    await answer.is_over()
    audio = HeardAudio.of(answer.frames)
    assert audio.was_spoken(LONG)
    assert (audio.lost(LONG), audio.doubled) == (0, 0)
    assert captions(scene.text) == []


async def neighbors_do_nothing_and_words_for_her_make_way(scene: Scene, says: Says) -> None:
    answer = await asked(scene)
    says.text = "I could eat a horse."
    await scene.ben.speak(EASY.at_48_khz())
    await answer.heard_for(0.5)
    assert min(answer.levels[5:]) > SOFT
    says.text = SECOND.message
    await scene.ada.speak(GLAD.at_48_khz())
    await posted(scene.text, SECOND.text)
    await answer.heard_for(0.5)
    await answer.is_over()
    audio = HeardAudio.of(answer.frames)
    assert audio.lost(LONG) > 100
    assert audio.was_spoken(SECOND)
    assert captions(scene.text) == [f"Ada: {SECOND.message}"]
    told = [str(message["content"]) for message in scene.model.requests[-1].body["messages"]]
    assert '"answer_interrupted_by": "Ada"' in told[-3]
    assert told[-2].startswith("This is the")
    assert told[-2].endswith(" … (interrupted)")


async def stop_ends_it_and_is_no_question(scene: Scene, says: Says) -> None:
    answer, requests = await asked(scene), len(scene.model.requests)
    says.text = "Molly, stop."
    await scene.ben.speak(EASY.at_48_khz())
    await asyncio.sleep(1.5)
    await answer.is_over()
    assert HeardAudio.of(answer.frames).lost(LONG) > 100
    assert len(scene.model.requests) == requests
    assert len(captions(scene.text)) == 1, "that was Ada's question"
