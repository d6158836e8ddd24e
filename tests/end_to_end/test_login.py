"""A Discord that refuses the login, or is not there: the process stays, and comes in as soon as it may."""

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest

from sandbox.discord_faults import DiscordFaults
from sandbox.tools.bot_process import BotProcess
from tests.support.assistant_process import APP, run_app, variables
from tests.support.eventually import eventually
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("quick_starts")

RETRY = "Trying again in"


def limited(faults: DiscordFaults) -> None:
    faults.fail_route("GET", "/users/@me", retry_after=1.0, times=2)


def limited_at_the_gateway(faults: DiscordFaults) -> None:
    faults.fail_route("GET", "/gateway", retry_after=1.0, times=2)


def blocked_by_cloudflare(faults: DiscordFaults) -> None:
    faults.block_route("GET", "/users/@me", retry_after=1.0, times=2)


def broken(faults: DiscordFaults) -> None:
    faults.fail_route("GET", "/users/@me", status=503, times=2)


@pytest.mark.parametrize("refuse", [limited, limited_at_the_gateway, blocked_by_cloudflare, broken])
async def test_a_login_that_is_refused_twice_is_granted_to_the_same_process(
    scene: Scene, tmp_path: Path, refuse: Callable[[DiscordFaults], None]
) -> None:
    refuse(scene.discord.faults)
    async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        assert await bot.stop() == 0
        log = bot.log
    tries = [line for line in log.splitlines() if RETRY in line]
    assert len(tries) == 2
    assert all("Discord answered" in line for line in tries)
    assert "Traceback" not in log
    assert scene.discord.identifies == 1


async def test_sigterm_ends_a_wait_of_23_hours_at_once_with_exit_status_0(scene: Scene, tmp_path: Path) -> None:
    scene.discord.faults.fail_route("GET", "/users/@me", retry_after=82_800.0)
    async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
        await eventually(lambda: RETRY in bot.log, 30)
        assert "in 23 h" in bot.log
        assert "don't restart the bot" in bot.log
        begun = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - begun < 3
    assert not scene.discord.identifies


async def test_a_discord_that_cannot_be_reached_is_waited_for(scene: Scene, tmp_path: Path) -> None:
    with closing(socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/v10"
        environment = variables(scene, DISCORD_API_URL=address)
        async with BotProcess(APP, environment, tmp_path / "bot.log") as bot:
            await eventually(lambda: bot.log.count(RETRY) == 2, 30)
            assert await bot.stop() == 0
            log = bot.log
    assert "Discord can't be reached" in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("code", "said"),
    [(4004, "Discord doesn't accept DISCORD_TOKEN"), (4011, "Discord refuses the gateway connection")],
)
async def test_a_gateway_that_is_closed_for_good_is_one_clear_line_and_exit_status_2(
    scene: Scene, tmp_path: Path, code: int, said: str
) -> None:
    async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
        await scene.discord.wait_until_ready(30)
        ended = asyncio.create_task(bot.wait())
        while not ended.done():  # py-cord may lose the code, and come back
            await scene.discord.faults.drop_gateway(code)
            await asyncio.wait({ended}, timeout=1)
        assert await ended == 2
        log = bot.log
    assert log.count(said) == 1
    assert "Traceback" not in log


async def test_a_token_that_is_withdrawn_while_waiting_ends_the_wait_with_exit_status_2(scene: Scene) -> None:
    scene.discord.faults.fail_route("GET", "/users/@me", retry_after=0.5)
    result = await asyncio.to_thread(run_app, variables(scene, DISCORD_TOKEN="wrong.token.entirely"))
    assert result.returncode == 2
    assert RETRY in result.stderr
    assert "Discord doesn't accept DISCORD_TOKEN" in result.stderr
    assert "Traceback" not in result.stderr


async def test_commands_that_discord_fails_to_take_at_the_start_are_there_soon(scene: Scene, tmp_path: Path) -> None:
    scene.discord.faults.block_route("GET", "/applications/*/commands", retry_after=1.0, times=2)
    async with BotProcess(APP, variables(scene), tmp_path / "bot.log") as bot:
        await eventually(lambda: "Couldn't register the commands" in bot.log, 30)
        await eventually(lambda: not scene.discord.faults.route_faults_left, 30)
        await scene.begin_call()
        assert await bot.stop() == 0
        assert "Traceback" not in bot.log
