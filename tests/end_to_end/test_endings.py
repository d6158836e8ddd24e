"""Each way in which a call ends: cleanly, said on the panel, and with nothing left."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.runtime.bot import run
from sandbox.state.message import Message
from sandbox.state.user import User
from tests.support.eventually import eventually
from tests.support.scene import HASTE, Scene, SceneMaker, call_folders

pytestmark = pytest.mark.usefixtures("nothing_left")


async def end_by_button(scene: Scene, panel: Message) -> None:
    await scene.ada.click(panel, "End Call")


async def end_by_command(scene: Scene, _: Message) -> None:
    await scene.ben.join(scene.lounge)
    reply = await scene.ben.command("end_call", scene.text)
    assert reply.ephemeral
    assert reply.content == "The call has ended."


async def kick(scene: Scene, _: Message) -> None:
    await scene.guild.disconnect_bot()


async def delete_channel(scene: Scene, _: Message) -> None:
    await scene.guild.delete_channel(scene.lounge)


async def everybody_leaves(scene: Scene, _: Message) -> None:
    await scene.ada.leave()


async def nobody_types(_: Scene, __: Message) -> None:
    """Just wait."""


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (end_by_button, "Ada ended it."),
        (end_by_command, "Ben ended it."),
        (kick, "I was disconnected from the voice channel."),
        (delete_channel, "the voice channel was deleted."),
        (everybody_leaves, "everybody left."),
        (nobody_types, "nobody wrote anything for a long time."),
    ],
)
async def test_a_call_ends_and_says_why(
    scene: Scene, end: Callable[[Scene, Message], Awaitable[None]], reason: str
) -> None:
    async with scene.assistant(alone_seconds=0.2, idle_minutes=0.02 if end is nobody_types else 10):
        panel = await scene.begin_call()
        await end(scene, panel)
        await panel.wait_for(lambda message: "has ended" in message.content, 10)
        assert reason in panel.content
        assert not panel.components
        assert scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}
        if end is not delete_channel:
            assert scene.lounge.status is None
            await scene.begin_call()  # the guild is free for another one


async def test_the_bot_being_stopped_leaves_the_channel_and_says_that_it_comes_back(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        await scene.answer_to("say something rather long before you are stopped")
        await scene.call.wait_for_frames(5)
    assert "restarting, back in a moment" in panel.content
    assert scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}


@pytest.mark.parametrize("moment", ["model", "synthesis", "speech"])
async def test_end_call_is_silent_at_once_whatever_was_going_on(open_scene: SceneMaker, moment: str) -> None:
    async with open_scene(responder=lambda _: "This sentence goes on and on and on for several seconds. " * 5) as scene:
        if moment == "model":
            scene.model.first_token_seconds = 30.0
        if moment == "synthesis":
            scene.google.delay = 3.0
        async with scene.assistant():
            panel = await scene.begin_call()
            await scene.ada.type("talk", scene.lounge)
            await scene.model.wait_for_requests(1)
            if moment == "synthesis":
                await scene.google.wait_for_requests(1)
            if moment == "speech":
                await scene.call.wait_for_frames(10)
            await scene.ada.click(panel, "End Call")
            clicked = time.monotonic()
            await scene.everybody_left(panel, "Ada ended it.")
            assert time.monotonic() - clicked < 5
            await asyncio.sleep(0.3)
            late = [frame.arrival - clicked for frame in scene.call.speech() if frame.arrival > clicked + 0.2]
            assert not late, f"speech {max(late):.3f} s after the click"


async def test_messages_that_wait_when_the_call_ends_are_named_to_their_authors(open_scene: SceneMaker) -> None:
    async with open_scene() as scene:
        scene.model.first_token_seconds = 30.0
        async with scene.assistant():
            panel = await scene.begin_call()
            for line in ("one", "two", "three"):
                await scene.ada.type(line, scene.lounge)
            await scene.model.wait_for_requests(1)
            await scene.ada.click(panel, "End Call")
            told = await scene.lounge.wait_for_message(lambda message: "before I could answer" in message.content, 10)
            assert "the 2 messages after it" in told.content, "the one that was being answered counts too"


async def test_until_the_goodbye_is_said_deletions_are_heard_and_clicks_are_answered(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.delay_route("PATCH", "/channels/*/messages/*", 2.0)
        await scene.ada.click(panel, "End Call")
        await eventually(lambda: scene.guild.bot_voice is None)
        await asyncio.sleep(0.2)
        for line in ("one", "two", "three"):
            await scene.ada.type(line, scene.lounge)
        await scene.ada.delete(scene.lounge.messages[0])
        again = await scene.ada.click(panel, "End Call")
        assert not again.failed
        told = await scene.lounge.wait_for_message(lambda message: "before I could answer" in message.content, 10)
        assert "and the 1 message after it" in told.content
        assert told.reference is not None
        await scene.everybody_left(panel, "Ada ended it.")


async def test_a_call_that_is_ended_while_it_is_being_suspended_does_not_come_back(scene: Scene) -> None:
    stop = asyncio.Event()
    bot = asyncio.create_task(run(scene.settings, stop, HASTE))
    await scene.discord.wait_until_ready(20)
    panel = await scene.begin_call()
    scene.discord.faults.delay_route("PATCH", "/channels/*/messages/*", 1.0)  # "I'm restarting" on the panel
    stop.set()
    await asyncio.sleep(0.3)
    click = await scene.ada.click(panel, "End Call")
    assert not click.failed
    await bot
    assert "Ada ended it." in panel.content
    async with scene.assistant():
        await scene.call_assistant()


async def test_a_call_can_be_ended_while_it_is_still_joining(scene: Scene) -> None:
    scene.discord.faults.withhold_event("VOICE_SERVER_UPDATE", times=10)
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        panel = await scene.call_assistant("is joining")
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")


async def test_a_panel_does_not_say_that_a_lost_call_is_there_before_it_says_that_it_has_ended(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        shown: list[str] = []
        scene.discord.voice.faults.ready_delay = 0.5
        await scene.discord.voice.faults.close(scene.lounge.id, 4006)
        await panel.wait_for(lambda message: "coming back" in message.content, 5)
        await asyncio.sleep(0.2)  # the websocket is open, and waits for READY
        await scene.guild.disconnect_bot()

        def note() -> bool:
            if panel.content not in shown[-1:]:
                shown.append(panel.content)
            return "has ended" in panel.content

        await eventually(note)
        assert not [text for text in shown if "is in" in text], shown


async def test_somebody_who_comes_back_in_time_keeps_the_call(scene: Scene) -> None:
    async with scene.assistant(alone_seconds=2.0):
        await scene.begin_call()
        await scene.ada.leave()
        await asyncio.sleep(0.2)
        await scene.ben.join(scene.lounge)
        await asyncio.sleep(2.5)
        assert scene.discord.bot.id in {user.id for user in scene.lounge.occupants}


async def test_a_bot_that_stays_behind_does_not_keep_a_call_that_was_taken_up_from_another_process(
    scene: Scene,
) -> None:
    jukebox = scene.guild.add_member(User(scene.ben.id + 1, "Jukebox", bot=True))
    await jukebox.join(scene.lounge)
    async with scene.assistant():
        panel = await scene.begin_call()
    async with scene.assistant(alone_seconds=1.0):
        await panel.wait_for(lambda message: "is in" in message.content, 10)
        await asyncio.sleep(1.5)  # Ada is there
        assert "is in" in panel.content
        await scene.ada.leave()
        await panel.wait_for(lambda message: "has ended" in message.content, 10)


async def test_a_call_that_is_dragged_to_another_channel_goes_along(scene: Scene) -> None:
    study = scene.guild.add_voice_channel("Study")
    async with scene.assistant(alone_seconds=5.0):
        panel = await scene.begin_call()
        await scene.guild.move_bot(study)
        await scene.ada.move(study)
        await panel.wait_for(lambda message: f"<#{study.id}>" in message.content, 5)
        await scene.ada.type("are you here", study)
        await study.wait_for_message(lambda message: message.content == "You said are you here.", 10)
        await study.call.wait_until_quiet(0.4)
        assert len(study.call.speech()) > 10
        await eventually(lambda: scene.lounge.status is None and study.status is not None)


async def test_a_call_whose_text_channel_is_deleted_has_its_panel_in_the_voice_channels_chat(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.guild.delete_channel(scene.text)
        panel = await scene.lounge.wait_for_message(lambda message: " is in " in message.content, 10)
        assert (await scene.answer_to("hello")).content == "You said hello."
        await scene.heard_to_the_end()
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")


async def test_a_click_on_a_panel_of_an_earlier_run_is_answered(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.fail_route("PATCH", "/channels/*/messages/*", status=500, times=20)
    assert panel.components, "the farewell must have failed, as when a process is killed"
    async with scene.assistant(database_url=f"{scene.settings.database_url}.lost"):
        reply = await scene.ada.click(panel, "End Call")
        assert not reply.failed
        await panel.wait_for(lambda message: "already ended" in message.content, 5)
        assert not panel.components


async def test_thirty_calls_leave_everything_where_it_was(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    def left() -> tuple[int, int, int, int]:
        tasks = len(asyncio.all_tasks())
        return tasks, threading.active_count(), len(list(Path("/proc/self/fd").iterdir())), len(call_folders())

    async def one_call() -> None:
        panel = await scene.begin_call()
        heard = len(scene.call.speech())
        await scene.ada.type("hello", scene.lounge)
        await scene.call.wait_for_frames(heard + 5)
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
        await eventually(lambda: not scene.call.sessions)

    async with scene.assistant():
        for _ in range(3):  # connection pools and worker threads are made when first needed, and stay
            await one_call()
        before = left()
        for _ in range(30):
            await one_call()

        def is_as_before() -> bool:
            # A pool of threads may have grown by one or two since; what a call leaves would show as thirty.
            return all(now <= then + 2 for then, now in zip(before, left(), strict=True))

        await eventually(is_as_before)
