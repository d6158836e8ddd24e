"""What people can do about an answer: skip it, type during it, have only its beginning spoken."""

import asyncio
import json
import time
import wave
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.discord_io.wording import NOTHING_TO_SKIP, REST_IN_CHAT, not_in_call
from assistant.reply.history import NOTHING_SAID
from sandbox.state.message import Message
from tests.support.eventually import eventually
from tests.support.scene import Scene, SceneMaker, echo

pytestmark = pytest.mark.usefixtures("nothing_left")

SENTENCES = [f"Sentence number {number} of this long story goes on for quite a while." for number in range(12)]
STORY = " ".join(SENTENCES)
"""Some 17 s of humming."""
LATE = 0.4
"""Seconds from a click to the last frame; 0.1 is the aim, and the machines on which tests run are busy."""
PAUSE = 0.6
"""Seconds that the model thinks, so that two answers can be told apart."""


def storyteller(messages: Sequence[Any]) -> str:
    """A model that tells a story when it is asked for one, and otherwise says what it was told."""
    return STORY if "story" in json.loads(messages[-1]["content"])["message"] else echo(messages)


async def skip_by_button(scene: Scene, panel: Message) -> None:
    reply = await scene.ada.click(panel, "Skip")
    assert not reply.failed
    assert not reply.content


async def skip_by_command(scene: Scene, _: Message) -> None:
    reply = await scene.ada.command("skip", scene.text)
    assert reply.ephemeral
    assert "Skipped" in reply.content


async def story_begun(scene: Scene, frames: int = 50) -> None:
    """Ask for a story, and return in the middle of it."""
    await scene.ada.type("a story please", scene.lounge)
    await scene.call.wait_for_frames(frames)


def utterances(scene: Scene) -> list[list[float]]:
    """The arrivals of the frames of speech, parted where it paused: with silence, not just for a busy machine."""
    frames = scene.call.speech()
    parts = [[frame.arrival] for frame in frames[:1]]
    for before, now in pairwise(frames):
        if now.arrival - before.arrival > PAUSE / 2 and now.sequence != (before.sequence + 1) % 2**16:
            parts.append([])
        parts[-1].append(now.arrival)
    return parts


def answers(scene: Scene) -> list[str]:
    """What the assistant wrote beside the call."""
    return [message.content for message in scene.lounge.messages if message.author.bot]


def remembered(scene: Scene) -> str:
    """The answer before, as the model was reminded of it in the last request."""
    return str(scene.model.requests[-1].body["messages"][-2]["content"])


def last_pitch(scene: Scene, folder: Path) -> float:
    """The pitch in Hz of the last thing that was hummed."""
    scene.call.write_wav(folder / "call.wav")
    with wave.open(str(folder / "call.wav"), "rb") as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    end = int(np.flatnonzero(np.abs(samples) > 1000)[-1]) - rate // 20
    spectrum = np.abs(np.fft.rfft(samples[end - rate // 5 : end]))
    return float(np.argmax(spectrum)) * 5


@pytest.mark.parametrize("skip", [skip_by_button, skip_by_command])
async def test_a_skipped_answer_is_silent_at_once_and_the_next_question_is_answered(
    open_scene: SceneMaker,
    caplog: pytest.LogCaptureFixture,
    skip: Callable[[Scene, Message], Awaitable[None]],
    record_property: Callable[[str, object], None],
) -> None:
    caplog.set_level("INFO")
    async with open_scene(responder=storyteller) as scene, scene.assistant():
        scene.google.delay = 0.3
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        await story_begun(scene)
        scene.model.first_token_seconds = PAUSE
        await scene.ben.type("who are you", scene.lounge)
        clicked = time.monotonic()
        await skip(scene, panel)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said who are you.", 5)
        await eventually(lambda: "✅ Done speaking" in caplog.text)
        story, answer = utterances(scene)
        seconds = story[-1] - clicked
        record_property("seconds from the click to the last frame", seconds)
        print(f"the last frame came {seconds * 1000:.0f} ms after the click")  # noqa: T201 - for whoever runs with -s
        assert seconds < LATE
        assert answer[0] - clicked < 3
        assert len(answer) < 40, "more was heard than the next answer"
        assert [text.partition(" ")[0] for text in answers(scene)] == ["Sentence", "You"]
        assert answers(scene)[0] == STORY, "the text was posted before the skip, and stays"

        heard, _, mark = remembered(scene).partition(" … ")
        assert mark == "(interrupted)"
        assert STORY.startswith(heard)
        assert 0 < len(heard) <= len(story)
        made = [request.text for request in scene.google.requests]
        assert SENTENCES[-1] not in made, "the whole story was made into speech"
    lines = [record.getMessage() for record in caplog.records if record.name == "assistant.reply.turn"]
    assert lines.index("⏭️ Skipped by Ada") < lines.index("✅ Done speaking")
    assert lines.count("✅ Done speaking") == 1


async def test_a_skip_while_the_model_writes_ends_its_writing_and_nothing_more_of_it_is_posted(
    open_scene: SceneMaker,
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant():
        scene.model.tokens_per_second = 40
        panel = await scene.begin_call()
        await story_begun(scene, 20)
        clicked = time.monotonic()
        await skip_by_button(scene, panel)
        async with asyncio.timeout(2):
            await scene.model.wait_until_idle()
        (beginning,) = answers(scene)
        assert STORY.startswith(beginning)
        assert len(beginning) < len(STORY)
        await asyncio.sleep(2)
        assert answers(scene) == [beginning]
        assert scene.call.speech()[-1].arrival - clicked < LATE
        await scene.answer_to("go on")
        assert remembered(scene).endswith(" … (interrupted)")
        assert '"answer_interrupted_by": "Ada"' in scene.model.requests[-1].body["messages"][-3]["content"]
        assert STORY.startswith(remembered(scene).partition(" … ")[0])
        await scene.heard_to_the_end()


@pytest.mark.parametrize("moment", ["model", "synthesis"])
async def test_of_an_answer_that_was_skipped_before_any_sound_nothing_was_heard(
    open_scene: SceneMaker, moment: str
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant():
        panel = await scene.begin_call()
        if moment == "model":
            scene.model.first_token_seconds = 30.0
        else:
            scene.google.delay = 3.0
        await scene.ada.type("a story please", scene.lounge)
        await scene.model.wait_for_requests(1)
        if moment == "synthesis":
            await scene.google.wait_for_requests(1)
            await scene.lounge.wait_for_message(lambda message: message.content == STORY, 5)
        await skip_by_button(scene, panel)
        async with asyncio.timeout(2):
            await scene.model.wait_until_idle()
        scene.model.first_token_seconds = scene.google.delay = 0.0
        await scene.ada.type("and now", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and now.", 5)
        assert remembered(scene) == NOTHING_SAID
        await scene.heard_to_the_end()
        assert len(utterances(scene)) == 1, "something of the skipped answer was heard"
        assert answers(scene) == [*([STORY] if moment == "synthesis" else []), "You said and now."]


async def test_where_nothing_is_being_answered_a_skip_says_so_to_the_one_who_asked(scene: Scene) -> None:
    async with scene.assistant():
        reply = await scene.ada.command("skip", scene.text)
        assert reply.ephemeral
        assert "not in a call" in reply.content
        panel = await scene.begin_call()
        await scene.ben.join(scene.lounge)
        for _ in range(2):
            for reply in (await scene.ada.command("skip", scene.text), await scene.ben.click(panel, "Skip")):
                assert reply.ephemeral
                assert reply.content == NOTHING_TO_SKIP
            await scene.answer_to("hello")
            await scene.heard_to_the_end()
        assert remembered(scene) == "You said hello."


async def test_a_call_that_ends_during_a_skip_leaves_nothing(open_scene: SceneMaker) -> None:
    def of_answers() -> set[str]:
        names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
        return {
            name
            for name in names
            if name.startswith(("TurnLoop", "Turn", "ReplyWriter", "ReplyPoster", "PlaybackProgress", "SpeechProducer"))
        }

    async with open_scene(responder=storyteller) as scene, scene.assistant():
        scene.model.tokens_per_second = 200
        await scene.ben.join(scene.lounge)
        for _ in range(3):
            panel = await scene.begin_call()
            scene.google.delay = 0.0
            await story_begun(scene, len(scene.call.speech()) + 10)
            scene.google.delay = 3.0  # speech is in the making, and the model is still writing
            await asyncio.sleep(0.2)
            assert of_answers()
            await asyncio.gather(scene.ada.click(panel, "Skip"), scene.ben.click(panel, "End Call"))
            await scene.everybody_left(panel, "Ben ended it.")
            assert not of_answers()


async def test_a_click_on_skip_of_an_earlier_run_is_answered(scene: Scene) -> None:
    async with scene.assistant():
        panel = await scene.begin_call()
        scene.discord.faults.fail_route("PATCH", "/channels/*/messages/*", status=500, times=20)
    assert panel.components, "the farewell must have failed, as when a process is killed"
    async with scene.assistant(database_url=f"{scene.settings.database_url}.lost"):
        reply = await scene.ada.click(panel, "Skip")
        assert not reply.failed
        await panel.wait_for(lambda message: "already ended" in message.content, 5)
        assert not panel.components


async def test_in_replace_mode_a_message_interrupts_speech_and_is_answered_after_those_that_wait(
    open_scene: SceneMaker,
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant(during_speech="replace"):
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        scene.model.first_token_seconds = PAUSE
        await scene.ada.type("a story please", scene.lounge)
        await scene.model.wait_for_requests(1)
        await scene.ada.type("first", scene.lounge)  # nothing is heard yet: it waits
        await scene.call.wait_for_frames(30)
        typed = time.monotonic()
        await scene.ben.type("second", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said second.", 10)
        await eventually(lambda: len(utterances(scene)) == 3)
        await scene.heard_to_the_end(1.0)
        assert answers(scene) == [STORY, "You said first.", "You said second."]
        story, *others = utterances(scene)
        assert story[-1] - typed < LATE
        assert len(story) >= 30
        assert len(others) == 2
        told = [message["content"] for message in scene.model.requests[-1].body["messages"]]
        assert told[2].endswith(" … (interrupted)")
        assert '"answer_interrupted_by": "Ben"' in told[1]
        assert told[4] == "You said first.", "it was heard to its end"


@pytest.mark.parametrize("where", ["in no channel", "in another channel"])
async def test_who_is_not_in_the_call_neither_skips_nor_ends_nor_interrupts_it_and_is_answered_in_writing(
    open_scene: SceneMaker, where: str
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant(during_speech="replace"):
        if where == "in another channel":
            await scene.ben.join(scene.guild.add_voice_channel("Other"))
        panel = await scene.begin_call()
        await story_begun(scene)
        replies = (
            await scene.ben.click(panel, "Skip"),
            await scene.ben.command("skip", scene.text),
            await scene.ben.click(panel, "End Call"),
            await scene.ben.command("end_call", scene.text),
        )
        for reply in replies:
            assert reply.ephemeral
            assert reply.content == not_in_call(scene.lounge.mention)
        await scene.ben.type("and me", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and me.", 30)
        await scene.lounge.wait_for_message(lambda message: "only answer you in writing" in message.content, 10)
        assert len(scene.call.speech()) >= len(STORY) * 0.9, "the story was interrupted"
        await scene.heard_to_the_end()
        assert "You said and me." not in {request.text for request in scene.google.requests}
        assert not [message for message in scene.lounge.messages if "🔇" in message.content]


@pytest.mark.parametrize("why", ["may move members", "the server lets everyone"])
async def test_who_may_move_members_controls_the_call_and_everyone_where_the_server_wants_that(
    open_scene: SceneMaker, why: str
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant():
        if why == "may move members":
            scene.ben.roles.append(scene.guild.add_role("Ushers", "move_members"))
        else:
            scene.ada.roles.append(scene.guild.add_role("Keepers", "manage_guild"))
            reply = await scene.ada.command("voice_settings", scene.text, {"control": "everyone"})
            assert "hears answers: everyone" in reply.content
        panel = await scene.begin_call()
        await story_begun(scene)
        assert not (await scene.ben.click(panel, "Skip")).content
        await scene.ben.type("and me", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and me.", 10)
        await scene.heard_to_the_end()
        assert "You said and me." in {request.text for request in scene.google.requests}
        assert (await scene.ben.command("end_call", scene.text)).content == "The call has ended."
        await scene.everybody_left(panel, "Ben ended it.")


async def test_who_types_and_skips_all_day_is_told_once_until_when_they_have_to_wait(scene: Scene) -> None:
    async with scene.assistant(member_tokens_per_day=400):
        panel = await scene.begin_call()
        scene.model.first_token_seconds = 30.0
        for number in range(12):
            await scene.ada.type(f"question {number}", scene.lounge)
            await asyncio.sleep(0.3)
            await scene.ada.click(panel, "Skip")
        told = await scene.lounge.wait_for_message(lambda message: "again <t:" in message.content, 5)
        assert int(told.content.partition("<t:")[2].partition(":R>")[0]) > time.time() + 80_000
        assert len(scene.model.requests) < 8
        scene.model.first_token_seconds = 0.0
        known = len(scene.model.requests)
        await scene.ben.join(scene.lounge)
        await scene.ben.type("and me", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said and me.", 10)
        assert len(scene.model.requests) == known + 1
        assert len([m for m in scene.lounge.messages if "again <t:" in m.content]) == 1
        await scene.heard_to_the_end()


async def test_in_queue_mode_a_message_during_speech_waits_for_the_end_of_it(open_scene: SceneMaker) -> None:
    async with open_scene(responder=lambda messages: echo(messages) * 5) as scene, scene.assistant():
        await scene.begin_call()
        await scene.ben.join(scene.lounge)
        scene.model.first_token_seconds = PAUSE
        await scene.ada.type("hello", scene.lounge)
        await scene.call.wait_for_frames(10)
        await scene.ben.type("good day", scene.lounge)
        await eventually(lambda: len(answers(scene)) == 2 and len(utterances(scene)) == 2)
        await scene.heard_to_the_end(1.0)
        first, second = utterances(scene)
        assert len(first) >= len("You said hello." * 5)
        assert len(second) >= len("You said good day." * 5)
        assert remembered(scene) == "You said hello." * 5


async def test_of_a_long_answer_only_as_much_is_spoken_as_there_is_time_for_and_the_chat_has_all(
    open_scene: SceneMaker, tmp_path: Path
) -> None:
    async with open_scene(responder=storyteller) as scene, scene.assistant(spoken_seconds=6.0):
        await scene.begin_call()
        await scene.ada.type("a story please", scene.lounge)
        await scene.heard_to_the_end(1.0)
        assert 4.0 < len(scene.call.speech()) * 0.02 <= 6.0
        assert answers(scene) == [STORY]
        made = [request.text for request in scene.google.requests]
        assert REST_IN_CHAT in made
        assert SENTENCES[7] not in made, "speech was made for which there was no time"
        assert abs(last_pitch(scene, tmp_path) - (200 + sum(map(ord, REST_IN_CHAT)) % 400)) < 10

        assert (await scene.answer_to("good day")).content == "You said good day."
        assert remembered(scene) == STORY
        await scene.heard_to_the_end()
