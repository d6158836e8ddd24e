"""English without a network: Moonshine's tiny model, which its wheel contains, in a separate process."""

from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.domain.errors import (
    RecognitionBusy,
    RecognitionTimeout,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.domain.transcript import Transcript
from assistant.util.worker_process import WorkerAnswerTooLong, WorkerDied, WorkerHung, WorkerProcess

_NAME: Final = "moonshine"
PACKAGE: Final = "moonshine-voice==0.1.0"
"""What has to be installed. Later versions fetch their model at run time."""
_TIMEOUT: Final = 15.0
"""Seconds. A turn takes a tenth of its length on an idle machine; the first one takes a second longer, for loading."""
_IDLE_SECONDS: Final = 60.0
"""How long the process stays behind the last turn."""
_MOST_WAITING: Final = 6
"""How many turns may wait for it: with a turn of 5 s each, the last one's text comes some three seconds late."""
_MOST_BYTES: Final = 10_000
"""Bytes of a text: ten times as many as half a minute of speech has."""
_PROGRAM: Final = Path(__file__).with_name("moonshine_worker.py")


class MoonshineEngine:
    """moonshine-voice 0.1.0. Its process is started by `warm` or with the first turn, and goes when nobody speaks."""

    name = _NAME
    host = ""

    def __init__(self) -> None:
        self.timeout = _TIMEOUT
        self._worker = WorkerProcess(_PROGRAM, _NAME, idle_seconds=_IDLE_SECONDS)
        self._waiting = 0

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

    @staticmethod
    def is_installed() -> bool:
        """Whether the package is there, which has wheels for some machines only."""
        return find_spec("moonshine_voice") is not None

    def understands(self, language: str) -> bool:
        """See `RecognitionEngine.understands`. What is not known is taken for English."""
        return language.partition("-")[0] in ("", "en")

    async def warm(self) -> None:
        """Start the process, which has loaded the model about a second later."""
        if self.is_installed():
            await self._worker.warm()

    async def transcribe(self, pcm: bytes, language: str) -> Transcript:  # noqa: ARG002 - it has only one
        """See `RecognitionEngine.transcribe`. Recognizes one turn at a time."""
        if not self.is_installed():
            raise RecognitionUnreachable(engine=_NAME, detail=f"{PACKAGE} is not installed")
        if self._waiting > _MOST_WAITING:
            raise RecognitionBusy(engine=_NAME, detail=f"{self._waiting} turns wait already")
        self._waiting += 1
        try:
            text = await self._worker.ask({"bytes": len(pcm)}, pcm, limit=_MOST_BYTES, timeout=self.timeout)
        except WorkerHung as error:
            raise RecognitionTimeout(engine=_NAME, detail=str(error), seconds=self.timeout) from error
        except WorkerDied as error:
            raise RecognitionUnreachable(engine=_NAME, detail=str(error)) from error
        except WorkerAnswerTooLong as error:
            raise RecognitionUnreadable(engine=_NAME, detail=str(error)) from error
        finally:
            self._waiting -= 1
        return Transcript(text=text.decode(errors="replace"), language="en", engine=_NAME)
