"""Fixtures for a playground in which Ada plays."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.playground import Playground
from tests.support.page_client import PageClient, open_page


@pytest.fixture
def lounge(guild: GuildHandle) -> ChannelHandle:
    """A voice channel."""
    return guild.add_voice_channel("Lounge")


@pytest.fixture
async def playground(server: Sandbox, guild: GuildHandle, ada: MemberActor) -> AsyncIterator[Playground]:
    """A playground of the guild; `text` and `lounge` are its channels, where a test asks for them."""
    async with Playground(server, guild, ada) as playground:
        yield playground


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator[PageClient]:
    """Ada's page."""
    async with open_page(playground) as page:
        yield page
