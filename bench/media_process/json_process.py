"""A program of the bench in a process of its own: it answers each line of JSON with one."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

_LONGEST_LINE: Final = 1 << 24
_ANSWER_SECONDS: Final = 180.0
_END_SECONDS: Final = 10.0


class JsonProcess:
    """A running program. Its errors go where ours go."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._process.pid

    async def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request; return what it answers.

        Raises:
            EOFError: the process ended.
            TimeoutError: it does not answer.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        async with asyncio.timeout(_ANSWER_SECONDS):
            line = await self._process.stdout.readline()
        if not line:
            raise EOFError(f"the process ended with {await self._process.wait()} at {[*request]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def open_json_process(module: str, environment: Mapping[str, str]) -> AsyncIterator[JsonProcess]:
    """Run a module of the bench; at the end its input is closed, and it has to end by itself or is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=PIPE,
        stdout=PIPE,
        limit=_LONGEST_LINE,
        env={**os.environ, **environment},
    )
    try:
        yield JsonProcess(process)
    finally:
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.communicate(b"")  # closes its input, too
        except TimeoutError:
            process.kill()
            await process.wait()


async def requests() -> AsyncIterator[dict[str, Any]]:
    """In such a program: what it is asked, until its input is closed."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield json.loads(line)


def reply(answer: Mapping[str, Any]) -> None:
    """In such a program: answer the request that was read last."""
    print(json.dumps(answer), flush=True)
