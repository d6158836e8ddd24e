"""LOG_TEXTS=off: what people type and what is answered is nowhere in the log, whatever fails."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.stt.recognition_settings import RecognitionSettings
from sandbox.standins.faults import EndAfterTokens, ErrorAfterTokens, Status
from sandbox.standins.recognition import HostedRecognition, script
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, variables
from tests.support.recorded_speech import recording
from tests.support.scene import Scene, SceneMaker

pytestmark = pytest.mark.usefixtures("quick_starts")

TYPED = ("aardvark", "badger", "camel", "dingo", "eland")
ANSWERED = "Xylophones"


def answer(messages: Sequence[Mapping[str, str]]) -> str:
    said = json.loads(messages[-1]["content"])["message"]
    return f"{ANSWERED} for {said}. And more of them."


async def whole_call(scene: Scene) -> None:
    """Answers, a model that quotes its prompt, broken speech, a skip, an end."""
    panel = await scene.begin_call()
    await scene.ben.join(scene.lounge)
    await scene.answer_to(TYPED[0])
    await scene.heard_to_the_end()
    scene.model.order(Status(400, message=f"unsafe prompt: {TYPED[1]}"))
    await scene.answer_to(TYPED[1])
    await scene.heard_to_the_end()
    scene.model.order(ErrorAfterTokens(3), EndAfterTokens(3))
    await scene.answer_to(TYPED[2])
    await scene.heard_to_the_end()
    scene.google.outage = Status(500)
    await scene.answer_to(TYPED[3])
    await scene.lounge.wait_for_message(lambda message: message.content.startswith("🔇"), 20)
    scene.google.outage = None
    known = len(scene.call.speech())
    await scene.answer_to(TYPED[4])
    await scene.call.wait_for_frames(known + 5, 20)
    await scene.ben.click(panel, "Skip")
    scene.discord.faults.fail_route("POST", "/channels/*/messages", 400, body={"message": TYPED[0], "code": 50035})
    await scene.ada.type("eland again", scene.lounge)
    await scene.text.wait_for_message(lambda message: "eland again" in message.content, 20)
    await scene.discord.faults.drop_gateway(4000)
    await scene.discord.wait_until_connected(30)
    await scene.ada.click(panel, "End Call")
    await panel.wait_for(lambda message: "has ended" in message.content, 20)


@pytest.mark.parametrize("shown", ["on", "off"])
async def test_the_log_of_a_whole_call_has_texts_and_names_only_where_they_are_wanted(
    open_scene: SceneMaker, tmp_path: Path, shown: str
) -> None:
    async with (
        open_scene(responder=answer) as scene,
        BotProcess(APP, variables(scene, LOG_TEXTS=shown), tmp_path / "bot.log") as bot,
    ):
        await scene.discord.wait_until_ready(30)
        await whole_call(scene)
        await bot.stop()
        log = bot.log
    texts = [*TYPED, ANSWERED, "And more", "Ada", "Ben", "Lounge"]
    found = {text for text in texts if text in log}
    if shown == "off":
        assert not found
        assert "📝 Processing message: [8 characters]" in log
        assert f"Joining {scene.lounge.id}" in log
        assert "ModelFailed" in log
    else:
        assert {"aardvark", "eland", ANSWERED, "Ada", "Ben", "Lounge"} <= found
    for line in ("✅ Voice connection complete", "✅ Done speaking", "🗑️ Cleaned up: /"):
        assert line in log


async def test_in_somebody_elses_bot_our_log_lines_have_no_texts_either(
    open_scene: SceneMaker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "assistant")
    async with open_scene(responder=answer) as scene, scene.assistant(log_texts=False):
        await scene.begin_call()
        await scene.answer_to(TYPED[0])
        await scene.heard_to_the_end()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("assistant"))
    assert "📝 Processing message: [8 characters]" in ours
    assert not [text for text in (TYPED[0], ANSWERED, "Lounge") if text in ours]


@pytest.mark.parametrize("is_shown", [True, False])
async def test_what_is_said_is_in_the_log_as_what_is_typed_is(
    open_scene: SceneMaker, caplog: pytest.LogCaptureFixture, is_shown: bool
) -> None:
    caplog.set_level("DEBUG", "assistant")
    said = recording("en-libri-237-134500-0005").at_48_khz()
    async with (
        HostedRecognition(script("Flamingos sing.", "Geckos sing.")) as service,
        open_scene(responder=answer) as scene,
    ):
        service.order(Status(500, message="no geckos sing here"), Status(500, message="no geckos sing here"))
        hosted = RecognitionSettings(engine=("hosted",), base_url=service.base_url, model="sandbox-stt")
        async with scene.assistant(log_texts=is_shown, recognition=hosted, speculate=False):
            await scene.begin_call()
            await scene.ada.speak(said)
            await scene.text.wait_for_message(lambda message: message.content.startswith("🙉"), 10)
            await asyncio.sleep(2.5)  # the service is left alone for a moment
            await scene.ada.speak(said)
            await scene.text.wait_for_message(lambda message: ANSWERED in message.content, 10)
            await scene.heard_to_the_end()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("assistant"))
    assert f"📝 Processing message: {'Flamingos sing.' if is_shown else '[15 characters]'}" in ours
    assert bool([text for text in ("Flamingos", ANSWERED, "Ada", "Lounge") if text in ours]) is is_shown
    assert "geckos" not in ours or is_shown
