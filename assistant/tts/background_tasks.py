"""Background work on engines: warming them up, and probing those that failed."""

import logging
from types import TracebackType
from typing import Self

from assistant.domain.errors import SpeechError
from assistant.text.sentence import Sentence
from assistant.tts.monitored_engine import MonitoredEngine
from assistant.tts.voice import Voice
from assistant.util.background_group import BackgroundGroup

_logger = logging.getLogger(__name__)


class BackgroundTasks:
    """Owns the background tasks. Use it as an async context manager: its end cancels them."""

    def __init__(self) -> None:
        self._tasks = BackgroundGroup()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._tasks.__aexit__(exc_type, exc, traceback)

    def warm(self, monitored: MonitoredEngine) -> None:
        """Warm up an engine that may have to speak soon."""
        self._tasks.begin(_warm(monitored))

    def probe(self, monitored: MonitoredEngine, voice: Voice, sentence: Sentence) -> None:
        """Try a failed engine on a sentence that another one speaks, once its cooldown is over."""
        if monitored.breaker.begin_probe():
            self._tasks.begin(_probe(monitored, voice, sentence))


async def _warm(monitored: MonitoredEngine) -> None:
    try:
        await monitored.engine.warm()
    except Exception:
        _logger.exception("Speech: %s couldn't warm up", monitored.engine.name)


async def _probe(monitored: MonitoredEngine, voice: Voice, sentence: Sentence) -> None:
    try:
        await monitored.speak(sentence.said, voice, sentence.language, _NullSink())
    except SpeechError as error:
        _logger.info("Speech: %s still fails (%s)", monitored.engine.name, error)
    except Exception:
        _logger.exception("Speech: the probe of %s raised an error", monitored.engine.name)
    else:
        _logger.info("Speech: %s works again", monitored.engine.name)
    finally:
        monitored.breaker.abort_probe()


class _NullSink:
    """Discards the frames."""

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return True
