"""The bot as a whole, against a Discord on loopback."""

import gc

import discord
import pytest

from assistant.discord_io.rest_client import connector_to_discord
from assistant.pycord.api import close, log_in
from sandbox import Sandbox


async def test_a_login_that_failed_leaves_nothing_open_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Sandbox() as server:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", server.api_url)
        server.faults.block_route("GET", "/users/@me")
        bot = discord.Bot()  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
        first, second = connector_to_discord(server.ca_file), connector_to_discord(server.ca_file)
        assert first is not None
        with pytest.raises(discord.HTTPException):
            await log_in(bot, server.bot.token, first)
        assert first.closed
        await log_in(bot, server.bot.token, second)
        assert bot.user is not None
        await close(bot)
        assert second is not None
        assert second.closed
    gc.collect()  # what was left open would be warned of, and warnings are errors here
