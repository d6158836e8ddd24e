"""Programs that start in a hundredth of the time: each is a copy of a process that has imported already what they need.

What a program does once it runs is the same. How it starts is not: for that, and for what it imports, start it anew.
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, Final

_IMPORTED: Final = [
    __name__,
    "discord.ext.bridge",
    "assistant.runtime.main",
    "assistant.runtime.runner",
    "cogs.voice_conversation",
    "cogs.voice_settings",
    "cogs.my_voice",
]
_LOOK_SECONDS: Final = 0.02


class ForkedProgram:
    """A program that runs, with what `asyncio.subprocess.Process` has."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process's id."""
        if self._process.pid is None:
            raise RuntimeError("the program was not started")
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, negative after a signal; None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    async def wait(self) -> int:
        """Wait until it has ended; return the exit status."""
        while (status := self.returncode) is None:  # noqa: ASYNC110 - it does not tell by itself
            await asyncio.sleep(_LOOK_SECONDS)
        return status


async def start_forked(program: Path, environment: Mapping[str, str], log: IO[bytes]) -> ForkedProgram:
    """What `BotProcess.start` does, quickly. The first one of this process takes as long as any other start."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    process = context.Process(target=_run, args=(program, dict(environment), Path(log.name)), daemon=True)
    await asyncio.to_thread(process.start)
    return ForkedProgram(process)


def _run(program: Path, environment: Mapping[str, str], log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(program.parent)
    sys.argv = [str(program)]
    runpy.run_path(str(program), run_name="__main__")
