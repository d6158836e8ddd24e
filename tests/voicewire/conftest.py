"""What holds for every test of a connection."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import voicewire

_PACKAGE = Path(voicewire.__file__).parent


@pytest.fixture(autouse=True)
async def nothing_is_left(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """No task of voicewire is left, and no error was logged."""
    caplog.set_level(logging.DEBUG, "voicewire")
    before = asyncio.all_tasks()
    yield
    await asyncio.sleep(0)
    left = [repr(task) for task in asyncio.all_tasks() - before]
    assert [task for task in left if f"{_PACKAGE}/" in task] == []
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors if record.name.split(".")[0] in ("asyncio", "voicewire")] == []
