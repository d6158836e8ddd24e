"""What engines do out of anybody's hearing: getting ready, and being tried again after they were left alone."""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from assistant.domain.errors import SpeechError
from assistant.text.sentence import Sentence
from assistant.tts.monitored_engine import MonitoredEngine
from assistant.tts.voice import Voice

_logger = logging.getLogger(__name__)


class BackgroundTasks:
    """The tasks of all that. Use it as an async context manager; at its end they are cancelled."""

    def __init__(self) -> None:
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._running:
            task.cancel()
        await self._tasks.__aexit__(exc_type, exc, traceback)

    def warm(self, monitored: MonitoredEngine) -> None:
        """Have an engine get ready, since it may have to speak soon."""
        self._begin(_warm(monitored))

    def probe(self, monitored: MonitoredEngine, voice: Voice, sentence: Sentence) -> None:
        """Have an engine say a sentence which another one speaks, if it has rested long enough."""
        if monitored.breaker.begin_probe():
            self._begin(_probe(monitored, voice, sentence))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _warm(monitored: MonitoredEngine) -> None:
    try:
        await monitored.engine.warm()
    except Exception:
        _logger.exception("%s could not get ready", monitored.engine.name)


async def _probe(monitored: MonitoredEngine, voice: Voice, sentence: Sentence) -> None:
    try:
        await monitored.speak(sentence.said, voice, sentence.language, _Nobody())
    except SpeechError as error:
        _logger.info("Speech: %s is still not well (%s)", monitored.engine.name, error)
    except Exception:
        _logger.exception("A probe of %s broke", monitored.engine.name)
    else:
        _logger.info("Speech: %s speaks again", monitored.engine.name)
    finally:
        monitored.breaker.probe_given_up()


class _Nobody:
    """Hears nothing."""

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return True
