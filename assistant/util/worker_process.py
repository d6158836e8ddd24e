"""A process of its own for work that would hold up this one: its frames would be late."""

import asyncio
import json
import logging
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.util.child_environment import environment_without_secrets
from assistant.util.timeouts import LenientTimeout

_logger = logging.getLogger(__name__)

_LENGTH: Final = struct.Struct(">I")


class WorkerError(Exception):
    """A worker gave no answer. It is started anew with the next request."""


class WorkerHung(WorkerError):
    """It took too long, and was killed."""


class WorkerDied(WorkerError):
    """It died, or could not be started."""


class WorkerAnswerTooLong(WorkerError):
    """It tells of more bytes than its request can be worth, and was killed."""


class WorkerProcess:
    """Runs a program that answers requests with bytes, one after the other.

    A request is a line of JSON, and bytes behind it if it has any. Before each answer stand four bytes, its length
    (unsigned, big-endian). The process is started when it is first needed, and again after it hangs or dies. Use it as
    an async context manager: its end kills the process.
    """

    def __init__(self, program: Path, name: str, *, idle_seconds: float | None = None) -> None:
        """Start nothing yet.

        Args:
            program: the Python program.
            name: what it is called in the log.
            idle_seconds: after how many seconds without a request the process is ended; None: it is kept.
        """
        self._program = program
        self._name = name
        self._idle_seconds = idle_seconds
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._exchanging: asyncio.Task[bytes] | None = None
        self._tasks = asyncio.TaskGroup()
        self._retiring: asyncio.Task[None] | None = None
        self._is_started = asyncio.Event()
        self._used_at = 0.0

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        if self._idle_seconds is not None:
            retiring = self._retire_when_idle(self._idle_seconds)
            self._retiring = self._tasks.create_task(retiring, name=f"{self._name} retires")
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._retiring is not None:
            self._retiring.cancel()
        await self._tasks.__aexit__(None, None, None)
        if self._exchanging is not None:
            self._exchanging.cancel()
            await asyncio.wait([self._exchanging])
        await self._kill()

    async def warm(self) -> None:
        """Start the process, unless it runs. Where that fails, it is logged."""
        try:
            await self._start()
        except OSError as error:
            _logger.warning("Couldn't start %s's process: %s", self._name, error)

    async def ask(self, request: Mapping[str, object], payload: bytes = b"", *, limit: int, timeout: float) -> bytes:
        """The answer to a request. Requests are answered in turn, also one that nobody waits for any more.

        Args:
            request: what is sent, as JSON.
            payload: the bytes behind it.
            limit: the most bytes that its answer may have.
            timeout: seconds that it may take, once it is its turn.

        Raises:
            WorkerError: there is no answer.
        """
        sent = json.dumps(request).encode() + b"\n" + payload
        async with self._turn:
            if self._exchanging is not None:  # whoever asked last was cancelled
                await asyncio.wait([self._exchanging])
            self._exchanging = asyncio.create_task(self._exchange(sent, limit, timeout), name=f"{self._name} works")
            # A process that is killed whenever an answer is not wanted would have to load again and again.
            return await asyncio.shield(self._exchanging)

    async def _exchange(self, sent: bytes, limit: int, timeout: float) -> bytes:
        is_answered = False
        try:
            async with LenientTimeout(timeout):
                answer = await self._answer_to(sent, limit)
            is_answered = True
        except TimeoutError:
            raise WorkerHung("its process hangs") from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WorkerDied(f"its process died: {error}") from error
        finally:
            self._used()
            if not is_answered:  # the next request would get this one's answer
                await self._kill()
        return answer

    async def _answer_to(self, sent: bytes, limit: int) -> bytes:
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(sent)
        await process.stdin.drain()
        (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
        if length > limit:
            raise WorkerAnswerTooLong(f"{length} bytes")
        return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        async with self._starting:
            self._used()
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-P",
                    str(self._program),
                    stdin=PIPE,
                    stdout=PIPE,
                    start_new_session=True,
                    env=environment_without_secrets(),
                )
                self._is_started.set()
            return self._process

    def _used(self) -> None:
        self._used_at = asyncio.get_running_loop().time()

    async def _retire_when_idle(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._is_started.wait()
            await asyncio.sleep(self._used_at + seconds - loop.time())
            if self._exchanging is not None and not self._exchanging.done():
                await asyncio.wait([self._exchanging])
            elif loop.time() >= self._used_at + seconds:
                # A task of its own: this one may be cancelled, and the process would not be waited for.
                await asyncio.shield(self._tasks.create_task(self._kill(), name=f"{self._name} goes"))

    async def _kill(self) -> None:
        process, self._process = self._process, None
        self._is_started.clear()
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()  # closes its pipes, too
