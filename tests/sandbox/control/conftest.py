"""A sandbox with a control API, and a client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.control import ControlServer
from tests.sandbox.control.control_client import ControlClient


@pytest.fixture
async def control(server: Sandbox) -> AsyncIterator[ControlClient]:
    """A client of the control API of `server`."""
    async with ControlServer(server) as running, aiohttp.ClientSession() as session:
        yield ControlClient(session, running)
