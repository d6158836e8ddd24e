"""Each refusal of /voice_chat: one plain sentence for the caller alone, and no call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tests.support.scene import HASTE, Scene


async def not_in_voice(scene: Scene) -> None:
    await scene.ada.leave()


async def hidden(scene: Scene) -> None:
    scene.lounge.deny(scene.discord.bot, "view_channel")


async def closed(scene: Scene) -> None:
    scene.lounge.deny(scene.discord.bot, "connect")


async def mute(scene: Scene) -> None:
    scene.lounge.deny(scene.discord.bot, "speak")


async def full(scene: Scene) -> None:
    small = scene.guild.add_voice_channel("Small", user_limit=1)
    await scene.ada.move(small)


async def stage(scene: Scene) -> None:
    await scene.ada.move(scene.guild.add_stage_channel("Stage"))


async def no_writing(scene: Scene) -> None:
    scene.text.deny(scene.discord.bot, "send_messages")


async def no_writing_for_the_caller(scene: Scene) -> None:
    scene.text.deny(scene.ada.user, "send_messages")


@pytest.mark.parametrize(
    ("arrange", "sentence"),
    [
        (not_in_voice, "Join a voice channel first"),
        (hidden, "I can't see your voice channel"),
        (closed, "I can't join"),
        (mute, "I can't speak in"),
        (full, "is full"),
        (stage, "is a stage channel"),
        (no_writing, "I can't write in"),
        (no_writing_for_the_caller, "You can't write in"),
    ],
)
async def test_a_call_that_cannot_be_is_refused_in_one_sentence(
    scene: Scene, arrange: Callable[[Scene], Awaitable[None]], sentence: str
) -> None:
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        await arrange(scene)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert sentence in reply.content
        assert "\n" not in reply.content
        assert reply.ephemeral
        assert reply.answered_after is not None
        assert reply.answered_after < 3
        assert not scene.text.messages
        assert scene.discord.bot.id not in {user.id for user in scene.lounge.occupants}


async def test_a_second_call_in_the_same_guild_is_refused(scene: Scene) -> None:
    other = scene.guild.add_voice_channel("Other")
    async with scene.assistant():
        await scene.begin_call()
        await scene.ben.join(other)
        reply = await scene.ben.command("voice_chat", scene.text)
        assert f"I'm already in a call in <#{scene.lounge.id}>" in reply.content
        assert reply.ephemeral


async def test_two_members_calling_at_the_same_moment_get_one_call(scene: Scene) -> None:
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        await scene.ben.join(scene.lounge)
        replies = await asyncio.gather(
            scene.ada.command("voice_chat", scene.text), scene.ben.command("voice_chat", scene.text)
        )
        assert sorted(reply.content[:11] for reply in replies) == ["I'm already", "I'm joining"]


async def test_end_call_without_a_call_says_so(scene: Scene) -> None:
    async with scene.assistant():
        reply = await scene.ada.command("end_call", scene.text)
        assert "I'm not in a call here" in reply.content
        assert reply.ephemeral


async def test_the_command_is_answered_in_time_while_discord_is_slow_to_join(scene: Scene) -> None:
    scene.discord.faults.delay_event("VOICE_SERVER_UPDATE", 1.0, times=1)
    async with scene.assistant():
        await scene.ada.join(scene.lounge)
        reply = await scene.ada.command("voice_chat", scene.text)
        assert reply.answered_after is not None
        assert reply.answered_after < 1.0
        await scene.text.wait_for_message(lambda message: "is in" in message.content, 10)


async def test_a_join_that_times_out_is_tried_three_times_and_then_explained(scene: Scene) -> None:
    scene.discord.faults.withhold_event("VOICE_SERVER_UPDATE", times=3)
    async with scene.assistant(replace(HASTE, join_timeout=0.3)):
        await scene.ada.join(scene.lounge)
        panel = await scene.call_assistant("has ended")
        assert "I couldn't join the voice channel" in panel.content
        await scene.begin_call()


async def test_a_join_that_times_out_once_succeeds_at_the_next_try(scene: Scene) -> None:
    scene.discord.faults.withhold_event("VOICE_SERVER_UPDATE", times=1)
    async with scene.assistant(replace(HASTE, join_timeout=0.5)):
        await scene.begin_call()
        assert (await scene.answer_to("hello")).content == "You said hello."
