"""Programs that start in a hundredth of the time: each is a copy of a process that has imported already what they need.

What a program does once it runs is the same. How it starts is not: for that, and for what it imports, start it anew.
"""

import asyncio
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory
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
    output = Path(log.name)
    process = _forked([str(program)], environment, output, output)
    await asyncio.to_thread(process.start)
    return ForkedProgram(process)


def run_forked(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program, with its arguments, until it ends by itself; return what it printed. Blocks."""
    with TemporaryDirectory() as folder:
        printed = [Path(folder, name) for name in ("output", "errors")]
        for path in printed:
            path.touch()
        process = _forked(command, environment, *printed)
        process.start()
        process.join()
        output, errors = (path.read_text("utf-8") for path in printed)
        return subprocess.CompletedProcess(command, process.exitcode or 0, output, errors)


def _forked(command: Sequence[str], environment: Mapping[str, str], output: Path, errors: Path) -> ForkServerProcess:
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context.Process(target=_run, args=(command, dict(environment), output, errors), daemon=True)


def _run(command: Sequence[str], environment: Mapping[str, str], output: Path, errors: Path) -> None:
    for stream, path in ((sys.stdout, output), (sys.stderr, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(Path(command[0]).parent)
    sys.argv = [*command]
    runpy.run_path(command[0], run_name="__main__")
