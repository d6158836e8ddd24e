"""Fixtures for tests in which a bot lives in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from sandbox import Sandbox


@pytest.fixture
async def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A running sandbox, to which py-cord's requests go. In the end it must have refused nothing.

    Options for the sandbox come by indirect parametrization.
    """
    async with Sandbox(**getattr(request, "param", {})) as sandbox:
        monkeypatch.setattr(discord.http.Route, "API_BASE_URL", sandbox.api_url)
        yield sandbox
    assert sandbox.refusals == []
