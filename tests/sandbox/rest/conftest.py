"""Fixtures for tests of the REST API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Guild, Sandbox
from tests.sandbox.rest.client import RestClient


@pytest.fixture
async def rest(server: Sandbox) -> AsyncIterator[RestClient]:
    """A client with the bot's token."""
    async with aiohttp.ClientSession() as session:
        yield RestClient(session, server)


@pytest.fixture
def guild(server: Sandbox) -> Guild:
    """A guild with the bot in it."""
    return server.add_guild("Reading club")
