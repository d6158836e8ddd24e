"""The main gateway failing during a call: voice goes on, and nothing that Discord delivers is lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.gateway_faults import drop, drop_for_good, invalidate
from tests.support.scene import HASTE, Scene


@pytest.mark.timeout(180)
@pytest.mark.parametrize("fault", [drop, drop_for_good, invalidate], ids=lambda fault: fault.__name__)
async def test_a_gateway_that_goes_and_comes_back_does_not_end_the_call(
    scene: Scene, fault: Callable[[Scene], Awaitable[None]]
) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        await fault(scene)
        await scene.ada.type("typed meanwhile", scene.lounge)
        await scene.discord.wait_until_connected(60)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said typed meanwhile.", 30)
        await assert_all_was_heard(scene)
        assert (await scene.answer_to("and now")).content == "You said and now."
        # Everything that comes over the gateway works on the new session, too.
        reply = await scene.ada.command("voice_status", scene.text)
        assert "live" in reply.content
        study = scene.guild.add_voice_channel("Study")
        await scene.ada.move(study)
        await scene.guild.move_bot(study)
        await panel.wait_for(lambda message: f"<#{study.id}>" in message.content, 10)
        await scene.ada.type("over here", study)
        await study.call.wait_for_frames(10)
        await scene.ada.click(panel, "End Call")
        await panel.wait_for(lambda message: "Ada ended it." in message.content, 10)


async def test_the_status_tells_what_the_call_has_been_through(scene: Scene) -> None:
    async with scene.assistant():
        assert "not in a call here" in (await scene.ada.command("voice_status", scene.text)).content
        await scene.begin_call()
        assert "never lost" in (await scene.ada.command("voice_status", scene.text)).content
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
        told = await scene.ada.command("voice_status", scene.text)
        assert told.ephemeral
        assert f"**live** in <#{scene.lounge.id}>" in told.content
        assert "Recovered 1 time (closed 4006: 1)" in told.content
        assert "Last connection loss: closed 4006" in told.content


async def test_voice_and_gateway_cut_at_once_come_back_without_waiting_for_a_try_to_run_out(scene: Scene) -> None:
    async with scene.assistant(replace(HASTE, recovery_timeout=20.0)):
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        scene.discord.voice.faults.abort(scene.lounge.id)
        await scene.discord.faults.drop_gateway(code=4000, resumable=True)
        await assert_all_was_heard(scene, 5.0)
