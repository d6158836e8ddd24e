"""One process after the other on the same database; tests/end_to_end/test_restarts.py has real processes."""

import asyncio
import gc

import pytest

from assistant.discord_io import wording
from assistant.runtime.bot import run
from tests.support.eventually import eventually
from tests.support.scene import HASTE, Scene, SceneMaker

LONG = " ".join(f"This is sentence {number} of the answer." for number in range(6))


async def test_the_next_process_goes_on_on_the_same_panel_and_remembers(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.answer_to("my name is Ada")
        await scene.heard_to_the_end()
    assert "restarting, back in a moment" in panel.content
    assert scene.lounge.status is None
    async with scene.assistant():
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.answer_to("what is my name?")
        await scene.heard_to_the_end()
        await eventually(lambda: scene.lounge.status is not None)
        asked = str(scene.model.requests[-1].body["messages"])
        assert "my name is Ada" in asked
        assert "You said my name is Ada." in asked
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
    assert len([message for message in scene.text.messages if "**Molly**" in message.content]) == 1


async def test_what_was_typed_while_no_process_ran_is_answered_once_and_what_was_deleted_is_not(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.answer_to("hello")
        await scene.heard_to_the_end()
    await scene.ada.type("one", scene.lounge)
    two = await scene.ada.type("two", scene.text)
    await scene.ada.type("three", scene.text)
    await scene.ada.delete(two)
    async with scene.assistant():
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said one.", 10)
        await scene.text.wait_for_message(lambda message: message.content == "You said three.", 10)
        await scene.heard_to_the_end()
    written = [message.content for message in [*scene.lounge.messages, *scene.text.messages] if message.author.bot]
    assert sorted(line for line in written if line.startswith("You said")) == [
        "You said hello.",
        "You said one.",
        "You said three.",
    ]


async def test_the_rest_of_an_answer_is_said_by_the_next_process(open_scene: SceneMaker) -> None:
    async with open_scene(responder=lambda _: LONG) as scene:
        async with scene.assistant():
            await scene.begin_call()
            await scene.answer_to("tell me")
            await scene.heard_to_the_end(0.6)
            whole = len(scene.call.speech())
            await scene.ada.type("tell me again", scene.lounge)
            await scene.call.wait_for_frames(whole + 60)
        heard = len(scene.call.speech())
        assert heard < 2 * whole - 60
        async with scene.assistant():
            await scene.call.wait_for_frames(2 * whole - 9, 20)
            await scene.call.wait_until_quiet(0.6, 20)
        assert abs(len(scene.call.speech()) - 2 * whole) < 10
        assert len([message for message in scene.lounge.messages if message.author.bot]) == 2


async def test_a_call_that_everybody_has_left_meanwhile_is_over(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
    await scene.ada.leave()
    async with scene.assistant():
        await scene.everybody_left(panel, "everybody left.")
        await scene.begin_call()


async def test_a_call_whose_channel_was_deleted_meanwhile_leaves_room_for_another(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
    await scene.guild.delete_channel(scene.lounge)
    scene.lounge = scene.guild.add_voice_channel("Attic")
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        while "I'm restarting" in (await scene.ada.command("voice_chat", scene.text)).content:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await scene.text.wait_for_message(lambda message: " is in " in message.content, 10)


async def test_a_call_whose_text_channel_was_deleted_meanwhile_goes_on_in_the_voice_channels_chat(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
    await scene.guild.delete_channel(scene.text)
    async with scene.assistant():
        await scene.lounge.wait_for_message(lambda message: " is in " in message.content, 10)
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()


async def test_a_button_that_is_clicked_while_two_processes_run_is_served_by_one(scene: Scene) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(scene.settings, stop, HASTE))
        await scene.discord.wait_until_ready(20)
        panel = await scene.begin_call()
        tasks.create_task(run(scene.settings, stop, HASTE))
        await scene.discord.until(lambda: scene.discord.identifies == 2, 20)
        skipped = await scene.ada.click(panel, "Skip")
        assert skipped.content == wording.NOTHING_TO_SKIP
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        await eventually(lambda: scene.lounge.status is None)
        stop.set()


async def test_what_is_typed_into_an_option_while_two_processes_run_is_completed_by_one(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(scene.settings, stop, HASTE))
        await scene.discord.wait_until_ready(20)
        await scene.begin_call()
        tasks.create_task(run(scene.settings, stop, HASTE))
        await scene.discord.until(lambda: len(scene.call.connections) == 2, 20)
        offered = await scene.ada.autocomplete("voice_settings", scene.text, option="language", typed="ger")
        assert [choice.value for choice in offered] == ["de"]
        await asyncio.sleep(3.5)  # so long py-cord's own handler would keep to itself that Discord refused its answer
        gc.collect()
        stop.set()
    assert not [record for record in caplog.records if record.levelname == "ERROR"], "both answered"


async def test_a_process_serves_again_when_the_newer_one_is_gone(scene: Scene) -> None:
    stop, newer_stops = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(scene.settings, stop, HASTE))
        await scene.discord.wait_until_ready(20)
        panel = await scene.begin_call()
        newer = tasks.create_task(run(scene.settings, newer_stops, HASTE))
        await scene.discord.until(lambda: len(scene.call.connections) == 2, 20)
        newer_stops.set()
        await newer
        await panel.wait_for(lambda message: " is in " in message.content, 10)
        await scene.answer_to("are you there?")
        await scene.heard_to_the_end()
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        stop.set()
