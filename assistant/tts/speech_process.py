"""A process of its own for a voice that would hold up this one: its frames would be late."""

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

from assistant.domain.errors import SpeechEmpty, SpeechTimeout, SpeechTooLong, SpeechUnreachable
from assistant.util.child_environment import environment_without_secrets
from assistant.util.timeouts import lenient_timeout

_logger = logging.getLogger(__name__)

_LENGTH: Final = struct.Struct(">I")


class SpeechProcess:
    """Runs a program that answers lines of JSON with audio, one after the other.

    Before each answer stand four bytes, its length (unsigned, big-endian). The process is started when it first has to
    speak, and again after it hangs or dies. Use it as an async context manager: its end kills the process.
    """

    def __init__(self, program: Path, engine: str) -> None:
        """`engine` is the engine's name, for errors. Starts nothing."""
        self.program = program
        """The Python program."""
        self._engine = engine
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._exchanging: asyncio.Task[bytes] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._exchanging is not None:
            self._exchanging.cancel()
            await asyncio.wait([self._exchanging])
        await self._kill()

    @property
    def process_id(self) -> int | None:
        """The process's id; None while there is none."""
        return None if self._process is None else self._process.pid

    async def warm(self) -> None:
        """Start the process, unless it runs. Where that fails, it is logged."""
        try:
            await self._start()
        except OSError as error:
            _logger.warning("Speech: couldn't start %s's process: %s", self._engine, error)

    async def ask(self, request: Mapping[str, object], *, limit: int, timeout: float) -> bytes:
        """The audio that answers a request. Requests are answered in turn, also one that nobody waits for any more.

        Args:
            request: what is sent, as JSON.
            limit: the most bytes that its answer may have.
            timeout: seconds that it may take, once it is its turn.

        Raises:
            SpeechTimeout: it hangs. The process is killed.
            SpeechUnreachable: it died, or can't be started.
            SpeechTooLong: it tells of more than `limit` bytes. The process is killed.
            SpeechEmpty: there is nothing to say.
        """
        line = json.dumps(request).encode() + b"\n"
        async with self._turn:
            if self._exchanging is not None:  # whoever asked last was cancelled
                await asyncio.wait([self._exchanging])
            self._exchanging = asyncio.create_task(self._exchange(line, limit, timeout), name=f"{self._engine} speaks")
            # A process that is killed at each skip would have to load its voice again and again.
            audio = await asyncio.shield(self._exchanging)
        if not audio:
            raise SpeechEmpty(engine=self._engine, detail="no sound for this text")
        return audio

    async def _exchange(self, line: bytes, limit: int, timeout: float) -> bytes:
        is_answered = False
        try:
            async with lenient_timeout(timeout):
                audio = await self._answer_to(line, limit)
            is_answered = True
        except TimeoutError:
            raise SpeechTimeout(engine=self._engine, detail="its process hangs", seconds=timeout) from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise SpeechUnreachable(engine=self._engine, detail=f"its process died: {error}") from error
        finally:
            if not is_answered:  # the next request would get this one's answer
                await self._kill()
        return audio

    async def _answer_to(self, line: bytes, limit: int) -> bytes:
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        await process.stdin.drain()
        (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
        if length > limit:
            raise SpeechTooLong(engine=self._engine, detail=f"{length} bytes")
        return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        async with self._starting:
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-P",
                    str(self.program),
                    stdin=PIPE,
                    stdout=PIPE,
                    start_new_session=True,
                    env=environment_without_secrets(),
                )
            return self._process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()  # closes its pipes, too
