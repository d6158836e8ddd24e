"""The bot as a whole, against a Discord on loopback; and what is cured of its way to connect."""

import asyncio
import gc
from typing import Any, cast

import discord
import pytest

from assistant.discord_io.rest_client import connector_to_discord
from assistant.pycord.api import close, log_in, stay_connected
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


async def passes(count: int) -> None:
    """Let the event loop go round so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


class OpenGateway:
    """A connection to the main gateway on which nothing comes."""

    async def poll_event(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize("connected_after", range(1, 4))
@pytest.mark.parametrize("stopped_after", range(1, 8))
async def test_a_stop_in_the_moment_in_which_the_gateway_connects_is_not_lost(
    connected_after: int, stopped_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def connect(*_: Any, **__: Any) -> OpenGateway:
        await passes(connected_after)
        return OpenGateway()

    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "from_client", connect)
    bot = discord.Bot()  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
    running = asyncio.ensure_future(stay_connected(bot))
    await passes(stopped_after)
    running.cancel()
    await asyncio.wait({running}, timeout=1)
    assert running.cancelled()
    assert len(asyncio.all_tasks()) == 1


class ReconnectingShard:
    """A shard that is told to connect again; as py-cord's, it takes a cancellation for the end of its try."""

    async def reconnect(self) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return


async def test_a_stop_while_a_shard_connects_again_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = discord.AutoShardedBot(shard_count=2)  # type: ignore[no-untyped-call] # as above

    async def launch_shards() -> None:
        event = discord.shard.EventItem(discord.shard.EventType.reconnect, cast(Any, ReconnectingShard()), None)
        cast(Any, bot)._AutoShardedClient__queue.put_nowait(event)

    monkeypatch.setattr(bot, "launch_shards", launch_shards)
    running = asyncio.ensure_future(stay_connected(bot))
    await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait({running}, timeout=1)
    assert running.cancelled()
    assert len(asyncio.all_tasks()) == 1
