"""A bot in a process of its own, with the sandbox for its Discord: the program that ships, unmodified."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self

_STOP_SECONDS: Final = 30.0
"""How long a bot may take to end after SIGTERM, as on the usual hosts, before it is killed."""


class RunningProgram(Protocol):
    """What is needed of `asyncio.subprocess.Process`."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int: ...


async def start_program(program: Path, environment: Mapping[str, str], log: IO[bytes]) -> RunningProgram:
    """Start a Python program in the folder that it is in; what it prints is written to `log`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env=environment,
        cwd=program.parent,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


class BotProcess:
    """Runs a Python program while the `async with` lasts, then stops it as a host would: with SIGTERM."""

    start = staticmethod(start_program)
    """How it is started: whoever starts hundreds may have a quicker way."""

    def __init__(self, program: Path, environment: Mapping[str, str], log: Path) -> None:
        """`environment` is added to this process's own; what the bot prints is written to `log`."""
        self._program = program
        self._environment = {**os.environ, **environment}
        self._log = log
        self._file: IO[bytes] | None = None
        self._process: RunningProgram | None = None
        self._restarting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._file = await asyncio.to_thread(self._log.open, "wb")
        self._process = await self.start(self._program, self._environment, self._file)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if self._file is not None:
            self._file.close()

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._running.pid

    @property
    def log(self) -> str:
        """What the bot has printed so far."""
        return self._log.read_text("utf-8", errors="replace")

    @property
    def log_file(self) -> Path:
        """Where that is."""
        return self._log

    async def wait(self) -> int:
        """Wait until the bot ends by itself; return its exit status."""
        while True:
            process = self._running
            status = await process.wait()
            async with self._restarting:
                if process is self._running:
                    return status

    async def restart(self, *, kills: bool = False) -> None:
        """Stop the bot, or kill it, and start it anew, as its host does; its log goes on."""
        async with self._restarting:
            if not kills:
                await self.stop()
            elif self._running.returncode is None:
                self._running.kill()
                await self._running.wait()
            assert self._file is not None
            self._process = await self.start(self._program, self._environment, self._file)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the bot to stop, and return its exit status; a bot that does not stop is killed (-9)."""
        process = self._running
        if process.returncode is None:
            process.send_signal(number)
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
        return await process.wait()

    @property
    def _running(self) -> RunningProgram:
        if self._process is None:
            raise RuntimeError("BotProcess is used outside its `async with`")
        return self._process
