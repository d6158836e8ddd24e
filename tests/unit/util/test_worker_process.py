"""A process that works for this one: it may die or hang, and goes when nobody needs it."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from assistant.util.worker_process import WorkerAnswerTooLong, WorkerDied, WorkerHung, WorkerProcess
from tests.support.child_processes import child_processes
from tests.support.eventually import eventually

PROGRAM = """
import json, os, struct, sys, time
for line in sys.stdin.buffer:
    request = json.loads(line)
    if "die" in request: sys.exit(1)
    if "hang" in request: time.sleep(60)
    size = request.get("payload", 0)
    text = sys.stdin.buffer.read(size) or str(os.environ.get("AI_API_KEY")).encode()
    sys.stdout.buffer.write(struct.pack(">I", request.get("length", len(text))) + text)
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "told_worker.py"
    path.write_text(PROGRAM)
    return path


def processes() -> list[psutil.Process]:
    """Children of ours that run the program."""
    return child_processes("told_worker")


async def test_bytes_behind_a_request_arrive_and_may_be_any(program: Path) -> None:
    sound = bytes(range(256)) * 4000
    async with WorkerProcess(program, "told") as worker:
        answers = await asyncio.gather(
            *(worker.ask({"payload": len(sound)}, sound, limit=len(sound), timeout=30.0) for _ in range(3))
        )
        assert answers == [sound] * 3
        assert len(processes()) == 1
    assert processes() == []


async def test_it_is_told_no_secret(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AI_API_KEY", "a-secret")
    async with WorkerProcess(program, "told") as worker:
        assert await worker.ask({}, limit=100, timeout=30.0) == b"None"


async def test_each_failure_has_its_error_and_the_next_request_is_answered(program: Path) -> None:
    async with WorkerProcess(program, "told") as worker:
        with pytest.raises(WorkerDied):
            await worker.ask({"die": 1}, limit=100, timeout=30.0)
        assert await worker.ask({}, limit=100, timeout=30.0)
        with pytest.raises(WorkerHung):
            await worker.ask({"hang": 1}, limit=100, timeout=0.2)
        with pytest.raises(WorkerAnswerTooLong):
            await worker.ask({"length": 101}, limit=100, timeout=30.0)
        assert await worker.ask({}, limit=100, timeout=30.0)


async def test_it_goes_when_nobody_has_needed_it_for_long_and_comes_again(program: Path) -> None:
    async with WorkerProcess(program, "told", idle_seconds=0.3) as worker:
        await worker.warm()
        assert len(processes()) == 1
        await eventually(lambda: not processes())
        for _ in range(2):
            assert await worker.ask({}, limit=100, timeout=30.0)
            await eventually(lambda: not processes())


async def test_it_does_not_go_while_it_works(program: Path) -> None:
    async with WorkerProcess(program, "told", idle_seconds=0.3) as worker:
        await worker.warm()
        (process,) = processes()
        process.send_signal(signal.SIGSTOP)
        working = asyncio.ensure_future(worker.ask({}, limit=100, timeout=30.0))
        await asyncio.sleep(1.0)
        os.kill(process.pid, signal.SIGCONT)
        assert await working


async def test_its_end_kills_a_process_that_nobody_asked(program: Path) -> None:
    async with WorkerProcess(program, "told", idle_seconds=60.0) as worker:
        await worker.warm()
    assert processes() == []


async def test_its_end_waits_for_a_process_that_is_just_going(program: Path) -> None:
    async with WorkerProcess(program, "told", idle_seconds=0.05) as worker:
        await worker.warm()
        process = worker._process
        assert process is not None
        while worker._process is not None:  # noqa: ASYNC110 - nothing tells it
            await asyncio.sleep(0)
        assert process.returncode is None
    assert process.returncode is not None


async def test_one_that_can_t_be_started_is_logged_when_warmed_and_an_error_when_asked(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    async with WorkerProcess(program, "told") as worker:
        await worker.warm()
        with pytest.raises(WorkerDied):
            await worker.ask({}, limit=100, timeout=30.0)
