"""Engines that were left alone are tried again, out of anybody's hearing."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from assistant.errors import SpeechError
from assistant.speech.link import Link
from assistant.speech.voice import Voice
from assistant.spoken.sentence import Sentence

_log = logging.getLogger(__name__)


class Probes:
    """The tasks of all probes. Use it as an async context manager; at its end they are cancelled."""

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
        for probe in self._running:
            probe.cancel()
        await self._tasks.__aexit__(exc_type, exc, traceback)

    def begin(self, link: Link, voice: Voice, sentence: Sentence) -> None:
        """Have an engine say a sentence which another one speaks, if it has rested long enough."""
        if link.breaker.begin_probe():
            probe = self._tasks.create_task(_probe(link, voice, sentence))
            self._running.add(probe)
            probe.add_done_callback(self._running.discard)


async def _probe(link: Link, voice: Voice, sentence: Sentence) -> None:
    try:
        await link.speak(sentence.said, voice, sentence.language, _Nobody())
    except SpeechError as error:
        _log.info("Speech: %s is still not well (%s)", link.engine.name, error)
    except Exception:  # noqa: BLE001 - a bug in an engine must not end the bot
        _log.exception("A probe of %s broke", link.engine.name)
    else:
        _log.info("Speech: %s speaks again", link.engine.name)
    finally:
        link.breaker.probe_given_up()


class _Nobody:
    """Hears nothing."""

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return True
