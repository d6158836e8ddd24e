from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import discord.http
import pytest

from tests.end_to_end.scene import Scene, make_scene

SceneMaker = Callable[..., AbstractAsyncContextManager[Scene]]


@pytest.fixture(autouse=True)
def original_api_address() -> Iterator[None]:
    """py-cord has one address for the whole process: put it back."""
    address = discord.http.Route.API_BASE_URL
    yield
    discord.http.Route.API_BASE_URL = address


@pytest.fixture
def open_scene(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SceneMaker:
    """`async with open_scene(...) as scene`, for tests that need a scene of their own kind."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    return partial(make_scene, partial(monkeypatch.setenv, "HTTPS_PROXY"), tmp_path)


@pytest.fixture
async def scene(open_scene: SceneMaker) -> AsyncIterator[Scene]:
    """The usual scene; afterwards, nothing may have been refused by the sandbox as not implemented."""
    async with open_scene() as scene:
        yield scene
    assert not list(scene.discord.refusals)
