"""The model and the speech failing, each in every way: it is told, nothing is lost, and the call goes on."""

import pytest

from sandbox.standins import faults as model_faults
from sandbox.standins import faults as speech_faults
from sandbox.standins.faults import ModelFault, SpeechFault
from tests.support.scene import Scene


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (model_faults.Status(401), "doesn't accept my key"),
        (model_faults.Status(403), "doesn't accept my key"),
        (model_faults.Status(404), "failed to answer"),
        (model_faults.Status(429, retry_after="60"), "too many questions"),
        (model_faults.Body("text/html", b"<html>hello</html>"), "give a usable answer"),
        (model_faults.Empty(), "give a usable answer"),
        (model_faults.Hang(), "too long to answer"),
    ],
    ids=str,
)
async def test_a_model_that_gives_no_answer_is_told_in_the_channel_and_aloud_and_the_call_goes_on(
    scene: Scene, fault: ModelFault, sentence: str
) -> None:
    async with scene.assistant(ai_read_timeout=0.5):
        await scene.begin_call()
        scene.model.order(fault)
        told = await scene.answer_to("hello")
        assert sentence in told.content
        await scene.heard_to_the_end()
        assert scene.google.requests[0].text.startswith("Sorry,"), "the failure was not said aloud"
        assert (await scene.answer_to("good day")).content == "You said good day."


async def test_a_model_that_cannot_be_reached_is_told_and_the_next_message_is_answered(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        async with scene.model.down():
            told = await scene.answer_to("hello")
            assert "can't reach my language model" in told.content
        assert (await scene.answer_to("good day")).content == "You said good day."


@pytest.mark.parametrize("fault", [model_faults.Status(500), model_faults.Status(503), model_faults.Reset()], ids=str)
async def test_a_passing_failure_of_the_model_is_not_noticed(scene: Scene, fault: ModelFault) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.model.order(fault)
        assert (await scene.answer_to("hello")).content == "You said hello."


@pytest.mark.parametrize(
    "fault",
    [model_faults.CutAfterTokens(3), model_faults.HangAfterTokens(3), model_faults.ErrorAfterTokens(3)],
    ids=str,
)
async def test_an_answer_that_breaks_off_is_kept_as_far_as_it_came_and_its_end_is_told(
    scene: Scene, fault: ModelFault
) -> None:
    async with scene.assistant(ai_read_timeout=0.5):
        await scene.begin_call()
        scene.model.order(fault)
        first = await scene.answer_to("one two three four five six seven")
        told = await scene.lounge.wait_for_message(lambda message: message.content.startswith("Sorry,"), 5)
        assert first.content.startswith("You said") or told is first
        assert (await scene.answer_to("good day")).content == "You said good day."


async def test_an_endpoint_that_does_not_stream_works_too(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        scene.model.order(model_faults.WholeAnswer())
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()


SPEECH_FAULTS = [
    speech_faults.Status(429),
    speech_faults.Status(500),
    speech_faults.EmptyBody(),
    speech_faults.NoAudioLine(),
    speech_faults.HtmlPage(),
    speech_faults.CorruptBase64(),
    speech_faults.CorruptMp3(),
    speech_faults.Truncated(),
    speech_faults.Hang(),
]


@pytest.mark.parametrize("fault", SPEECH_FAULTS, ids=str)
async def test_when_google_fails_the_offline_engine_speaks_the_sentence(scene: Scene, fault: SpeechFault) -> None:
    async with scene.assistant(speech=scene.speech(engine=("auto",), timeout=0.5)):
        await scene.begin_call()
        scene.google.outage = fault
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()
        seconds = len(scene.call.speech()) * 0.02
        assert 0.5 < seconds < 4, f"{seconds:.1f} s for three words: not spoken once"
        assert not any("🔇" in message.content for message in scene.lounge.messages)


@pytest.mark.parametrize("fault", SPEECH_FAULTS, ids=str)
async def test_when_no_engine_speaks_the_text_is_there_with_a_note_and_the_call_goes_on(
    scene: Scene, fault: SpeechFault
) -> None:
    async with scene.assistant(speech=scene.speech(engine=("gtts",), timeout=0.5)):
        await scene.begin_call()
        scene.google.outage = fault
        assert (await scene.answer_to("hello")).content == "You said hello."
        note = await scene.lounge.wait_for_message(lambda message: "🔇" in message.content, 10)
        assert "couldn't speak this answer" in note.content
        assert (await scene.answer_to("good day")).content == "You said good day."


async def test_a_broken_engine_costs_one_timeout_and_not_one_a_sentence(scene: Scene) -> None:
    async with scene.assistant(speech=scene.speech(engine=("auto",), timeout=1.0)):
        await scene.begin_call()
        scene.google.outage = speech_faults.Hang()
        for line in ("one", "two", "three"):
            await scene.answer_to(line)
        await scene.heard_to_the_end(1.5)
        assert len(scene.google.requests) == 1
