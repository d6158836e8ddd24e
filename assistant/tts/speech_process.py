"""The process of a voice that would hold up this one: its frames would be late."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.domain.errors import SpeechEmpty, SpeechTimeout, SpeechTooLong, SpeechUnreachable
from assistant.util.worker_process import WorkerAnswerTooLong, WorkerDied, WorkerHung, WorkerProcess

_IDLE_SECONDS: Final = 600.0
"""So long after its last word it is ended: a voice takes up to 180 MB, and a second to load again."""


class SpeechProcess:
    """A worker whose answers are audio. Use it as an async context manager: its end kills the process."""

    def __init__(self, program: Path, engine: str) -> None:
        """`engine` is the engine's name, for errors. Starts nothing."""
        self._engine = engine
        self._worker = WorkerProcess(program, engine, idle_seconds=_IDLE_SECONDS)

    async def __aenter__(self) -> Self:
        await self._worker.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._worker.__aexit__(exc_type, exc, traceback)

    async def warm(self) -> None:
        """Start the process, unless it runs. Where that fails, it is logged."""
        await self._worker.warm()

    async def ask(self, request: Mapping[str, object], *, limit: int, timeout: float) -> bytes:
        """The audio that answers a request, of at most `limit` bytes, within `timeout` seconds of its turn.

        Raises:
            SpeechTimeout: it hangs. The process is killed.
            SpeechUnreachable: it died, or can't be started.
            SpeechTooLong: it tells of more than `limit` bytes. The process is killed.
            SpeechEmpty: there is nothing to say.
        """
        try:
            audio = await self._worker.ask(request, limit=limit, timeout=timeout)
        except WorkerHung as error:
            raise SpeechTimeout(engine=self._engine, detail=str(error), seconds=timeout) from error
        except WorkerDied as error:
            raise SpeechUnreachable(engine=self._engine, detail=str(error)) from error
        except WorkerAnswerTooLong as error:
            raise SpeechTooLong(engine=self._engine, detail=str(error)) from error
        if not audio:
            raise SpeechEmpty(engine=self._engine, detail="no sound for this text")
        return audio
