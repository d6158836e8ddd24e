import tempfile
import threading
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import discord.http
import pytest

from tests.support.quick_starts import bots_start_quickly
from tests.support.scene import Scene, SceneMaker, call_folders, make_scene

_LAST_LINES: Final = 60


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows the end of what its bots have logged: some fail on another machine only."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and isinstance(folder, Path):
        for log in sorted(folder.glob("*.log")):
            lines = log.read_text("utf-8", errors="replace").splitlines()
            report.sections.append((log.name, "\n".join(lines[-_LAST_LINES:])))
    return report


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No audio file, frame clock or voice heartbeat may outlive the assistant."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other assistants on this machine have theirs
    yield
    assert not call_folders()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(("frame-clock", "speech"))]


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

    def use(environment: Mapping[str, str]) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return partial(make_scene, use, tmp_path)


@pytest.fixture
async def scene(open_scene: SceneMaker) -> AsyncIterator[Scene]:
    """The usual scene; afterwards, nothing may have been refused by the sandbox as not implemented."""
    async with open_scene() as scene:
        yield scene
    assert not list(scene.discord.refusals)


@pytest.fixture
def quick_starts() -> Iterator[None]:
    """Bots start in a moment: for tests that start several, and test something else."""
    with bots_start_quickly():
        yield
