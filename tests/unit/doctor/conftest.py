"""A Discord to be asked, and the settings of a bot in it."""

from collections.abc import AsyncIterator

import pytest

from assistant.config.settings import Settings
from sandbox import Sandbox


@pytest.fixture
async def discord(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """A sandbox; options for it come by indirect parametrization. In the end it must have refused nothing."""
    async with Sandbox(bot_name="Molly", **getattr(request, "param", {})) as sandbox:
        yield sandbox
    assert not sandbox.refusals


@pytest.fixture
def settings(discord: Sandbox) -> Settings:
    """Those of a bot in it."""
    return Settings(discord_token=discord.bot.token, discord_api_url=discord.api_url, discord_ca_file=discord.ca_file)
