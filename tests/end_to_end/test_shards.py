"""Several processes of one bot, each with its shards: every guild is served by exactly one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sandbox import GuildHandle, Sandbox
from sandbox.state.intents import Intent
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, run_app, variables
from tests.support.eventually import eventually
from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.gateway_faults import drop, drop_for_good
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("quick_starts")


def shard_of(guild: GuildHandle) -> int:
    """The shard of two to which a guild belongs."""
    return (guild.id >> 22) % 2


async def guild_of_the_other_shard(scene: Scene) -> GuildHandle:
    """A guild that belongs to another shard than the scene's: the millisecond of its making decides."""
    while True:
        guild = scene.discord.add_guild("Chess club")
        if shard_of(guild) != shard_of(scene.guild):
            return guild
        await asyncio.sleep(0.001)


@pytest.mark.timeout(180)
async def test_two_processes_with_a_shard_each_answer_every_message_once(scene: Scene, tmp_path: Path) -> None:
    other = await guild_of_the_other_shard(scene)
    text, lounge, cleo = other.add_text_channel("general"), other.add_voice_channel("Board"), other.add_member("Cleo")
    bots = [
        BotProcess(APP, variables(scene, SHARD_COUNT="2", SHARD_IDS=str(shard)), tmp_path / f"{shard}.log")
        for shard in range(2)
    ]
    async with bots[0] as zero, bots[1] as one:
        await eventually(lambda: "Ready as" in zero.log and "Ready as" in one.log, 60)
        await scene.begin_call()
        await cleo.join(lounge)
        await cleo.command("voice_chat", text)
        await text.wait_for_message(lambda message: "**Molly**" in message.content, 10)

        await cleo.type("good day", lounge)
        await scene.answer_to("hello")
        await lounge.wait_for_message(lambda message: message.content == "You said good day.", 20)
        await scene.heard_to_the_end()
        await lounge.call.wait_for_frames(1)
        await lounge.call.wait_until_quiet(1.0, 20)

        assert answers(scene.lounge.messages) == ["You said hello."]
        assert answers(lounge.messages) == ["You said good day."]
        for guild, channel in ((scene.guild, scene.lounge), (other, lounge)):
            logs = [bot.log for bot in bots]
            assert f"Joining {channel.name}" in logs[shard_of(guild)]
            assert f"Joining {channel.name}" not in logs[1 - shard_of(guild)]
        assert [await bot.stop() for bot in bots] == [0, 0]
        assert "Traceback" not in zero.log + one.log


@pytest.mark.timeout(180)
async def test_one_process_may_hold_all_the_shards(scene: Scene, tmp_path: Path) -> None:
    other = await guild_of_the_other_shard(scene)
    text, cleo = other.add_text_channel("general"), other.add_member("Cleo")
    async with BotProcess(APP, variables(scene, SHARD_COUNT="2"), tmp_path / "bot.log") as bot:
        await eventually(lambda: f"in {len(scene.discord.guilds)} server" in bot.log, 60)
        await scene.begin_call()
        assert (await scene.answer_to("hello")).content == "You said hello."
        assert "not in a call here" in (await cleo.command("voice_status", text)).content
        assert await bot.stop() == 0
        assert "Traceback" not in bot.log


async def test_a_bot_with_shards_says_what_it_lacks_as_any_other(scene: Scene) -> None:
    async with Sandbox(privileged_intents=Intent(0)) as strict:
        environment = variables(
            scene,
            DISCORD_TOKEN=strict.bot.token,
            DISCORD_API_URL=strict.api_url,
            DISCORD_CA_FILE=str(strict.ca_file),
            SHARD_COUNT="4",
            SHARD_IDS="2",
        )
        result = await asyncio.to_thread(run_app, environment)
    assert result.returncode == 2
    assert "Message Content Intent" in result.stderr
    assert "Traceback" not in result.stderr


def answers(messages: list[Message]) -> list[str]:
    """What the bot has written."""
    return [message.content for message in messages if message.author.bot]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("fault", [drop, drop_for_good], ids=lambda fault: fault.__name__)
async def test_a_call_of_a_bot_with_shards_outlives_its_gateways(
    scene: Scene, fault: Callable[[Scene], Awaitable[None]]
) -> None:
    async with scene.assistant(shard_count=2, shard_ids=(shard_of(scene.guild),)):
        panel = await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        await scene.call.wait_for_frames(10)
        await fault(scene)
        await scene.ada.type("typed meanwhile", scene.lounge)
        await scene.lounge.wait_for_message(lambda message: message.content == "You said typed meanwhile.", 60)
        await assert_all_was_heard(scene)
        await scene.ada.click(panel, "End Call")
        await scene.everybody_left(panel, "Ada ended it.")
