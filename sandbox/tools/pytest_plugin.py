"""Fixtures for tests of bots: `discord` is a Discord on loopback, `run_bot` starts a bot that meets it.

    async def test_greeting(discord, run_bot):
        guild = discord.add_guild("Club")
        text, ada = guild.add_text_channel("general"), guild.add_member("Ada")
        async with run_bot("my_bot.py"):
            await discord.wait_until_ready()
            reply = await ada.command("hello", text)
        assert reply.content == "Hello Ada!"

Options of `Sandbox` are given by the marker `discord`: `@pytest.mark.discord(rate_limits=False)`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import pytest

from sandbox.launch.bot_environment import bot_environment
from sandbox.loopback_discord import Sandbox
from sandbox.tools.bot_process import BotProcess

Fixture = TypeVar("Fixture", bound=Callable[..., Any])
RunBot = Callable[..., BotProcess]

# Whoever has the package for its command only, and pytest for other things, need not have pytest-asyncio.
_fixture: Callable[[Fixture], Fixture] = import_module(
    "pytest_asyncio" if find_spec("pytest_asyncio") else "pytest"
).fixture


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "discord(**options): options of `Sandbox` for the fixture `discord`")


@_fixture
async def discord(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """A Discord on loopback. The test fails if the bot asked for something that it lacks; see `Sandbox.refusals`."""
    marker = request.node.get_closest_marker("discord")
    async with Sandbox(**(marker.kwargs if marker else {})) as sandbox:
        yield sandbox
    if sandbox.refusals:
        pytest.fail("\n".join(f"{each.method} {each.route}: {each.what}" for each in sandbox.refusals), pytrace=False)


@_fixture
async def run_bot(discord: Sandbox, tmp_path: Path) -> RunBot:
    """Starts a bot: `async with run_bot("my_bot.py", TOKEN="x") as bot: …`; what it prints is `bot.log`.

    The program is looked for where pytest was started. More variables for it are given by name.
    """

    def start(program: str | os.PathLike[str], **variables: str) -> BotProcess:
        environment = {**bot_environment(discord), **variables}
        return BotProcess(Path(program).absolute(), environment, tmp_path / f"{Path(program).stem}.log")

    return start
