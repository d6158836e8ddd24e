"""On what our own program runs."""

import asyncio
import sys

import pytest

from assistant.runtime import event_loop


async def loops_module() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop")
def test_the_program_runs_on_uvloop() -> None:
    pytest.importorskip("uvloop")
    assert event_loop.run(loops_module()).partition(".")[0] == "uvloop"


def test_without_uvloop_it_runs_on_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert event_loop.run(loops_module()).partition(".")[0] == "asyncio"


def test_an_error_is_raised_where_it_is_run() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        event_loop.run(fail())
