"""Fixtures for tests in which a bot lives in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from tests.sandbox.bare_bot import Bot
from tests.sandbox.gateway.client import connected
from tests.sandbox.rest.client import RestClient


@pytest.fixture
async def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A running sandbox, to which py-cord's requests go. In the end it must have refused nothing.

    Options for the sandbox come by indirect parametrization. Rate limits are off unless they are asked for.
    """
    async with Sandbox(**{"rate_limits": False} | getattr(request, "param", {})) as sandbox:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", sandbox.api_url)
        yield sandbox
    assert sandbox.refusals == []


@pytest.fixture
async def bot(server: Sandbox, rest: RestClient) -> AsyncIterator[Bot]:
    """A bare bot, connected."""
    async with connected(server) as gateway:
        await gateway.identify()
        yield Bot(rest, gateway)


@pytest.fixture
async def rest(server: Sandbox) -> AsyncIterator[RestClient]:
    """A client with the bot's token."""
    async with aiohttp.ClientSession() as session:
        yield RestClient(session, server)


@pytest.fixture
def guild(server: Sandbox) -> GuildHandle:
    """A guild with the bot in it."""
    return server.add_guild("Reading club")


@pytest.fixture
def text(guild: GuildHandle) -> ChannelHandle:
    """A text channel."""
    return guild.add_text_channel("general")


@pytest.fixture
def ada(guild: GuildHandle) -> MemberActor:
    """A human."""
    return guild.add_member("Ada")
