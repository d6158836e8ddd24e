"""Turns sentences into Opus frames, with the first engine that can."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.audio.pauses import CLAUSE_PAUSE, PHRASE_PAUSE, SENTENCE_PAUSE
from assistant.domain.engine_failures import EngineFailures
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import LanguageUnsupported, NoVoice, SpeechBroken, SpeechError, SpeechUnavailable
from assistant.text.sentence import Sentence
from assistant.tts.background_tasks import BackgroundTasks
from assistant.tts.cache import SpeechCache
from assistant.tts.engine import SpeechEngine
from assistant.tts.monitored_engine import MonitoredEngine, Sink
from assistant.tts.voice import Voice

_logger = logging.getLogger(__name__)

_SLOW_SECONDS: Final = 1.0
"""After this many seconds without a sound the next engine warms up, so that nobody has to wait for both."""
_PATIENCE_SECONDS: Final = 2.0
"""How long a sentence waits for the first sound of an engine whose breaker is open."""
_ENCODERS: Final = 2
"""Threads that encode. More would not be faster, and would delay the frame clock."""


class Synthesizer:
    """The chain of engines, with the speech cache. Use it as an async context manager."""

    def __init__(
        self,
        engines: Sequence[SpeechEngine],
        cache: SpeechCache,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`engines` are tried in this order."""
        self._encoders = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="opus")
        self._engines = tuple(MonitoredEngine(engine, self._encoders, now) for engine in engines)
        self._cache = cache
        self._background = BackgroundTasks()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.push_async_callback(asyncio.to_thread, self._encoders.shutdown, wait=True, cancel_futures=True)
            for monitored in self._engines:
                await opening.enter_async_context(monitored.engine)
            await opening.enter_async_context(self._background)
            self._open = opening.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices of all engines, in the order of the engines."""
        return tuple(voice for monitored in self._engines for voice in monitored.engine.voices)

    @property
    def health(self) -> tuple[EngineHealth, ...]:
        """The health of the engines, the first choice first."""
        return tuple(monitored.health for monitored in self._engines)

    async def speak(self, sentence: Sentence, folder: Path, sink: Sink, preferred: Voice | None = None) -> None:
        """Speak one sentence: `sink` gets its Opus frames in order, as they are encoded.

        A new recording is written in `folder`, whose owner removes it. `preferred` is used if it speaks the language.

        Raises:
            NoVoice: no engine speaks the language. Nothing was heard.
            SpeechUnavailable: no engine could speak it. Nothing was heard.
            SpeechBroken: the engine failed after part of the sentence was heard, so it must not be repeated.
        """
        choices = self._choices(sentence.language, preferred)
        tried: list[SpeechError] = []
        resting: list[tuple[MonitoredEngine, Voice]] = []
        for monitored, voice in choices:
            if await self._replay(sentence, voice, sink):
                monitored.replayed += 1
                return
            if monitored.breaker.is_open:
                self._background.probe(monitored, voice, sentence)
                resting.append((monitored, voice))
                continue
            warming = self._warm_later(choices, monitored)
            try:
                if await self._ask(monitored, voice, sentence, folder, sink, tried=tried):
                    return
            finally:
                warming.cancel()
        for monitored, voice in resting:  # no engine is healthy, but one of them may be again
            if await self._ask(monitored, voice, sentence, folder, sink, tried=tried, patience=_PATIENCE_SECONDS):
                return
        if tried:
            _logger.warning("Speech: %s; no other engine is left", EngineFailures(tried))
        if all(isinstance(error, LanguageUnsupported) for error in tried) and len(tried) == len(choices):
            raise NoVoice(tried=tuple(tried), language=sentence.language)
        raise SpeechUnavailable(tried=tuple(tried), language=sentence.language)

    async def _ask(
        self,
        monitored: MonitoredEngine,
        voice: Voice,
        sentence: Sentence,
        folder: Path,
        sink: Sink,
        *,
        tried: list[SpeechError],
        patience: float | None = None,
    ) -> bool:
        """Return True if the engine spoke; otherwise add its error to `tried`.

        Raises:
            SpeechBroken: it failed after part of the sentence was heard.
        """
        try:
            frames = await monitored.speak(
                sentence.said, voice, sentence.language, sink, patience=patience, pause=_pause_behind(sentence)
            )
        except SpeechError as error:
            tried.append(error)
            if not sink.restart():
                _logger.warning("Speech: %s, in the middle of a sentence", error)
                raise SpeechBroken(error=error) from error
            return False
        if tried:
            _logger.warning("Speech: %s; %s speaks instead", EngineFailures(tried), monitored.engine.name)
        await self._record(sentence, voice, frames, folder)
        return True

    def load(self) -> None:
        """Load what the engines need in this process, before anything is heard. Blocks."""
        for monitored in self._engines:
            monitored.engine.load()

    def warm(self, language: str, preferred: Voice | None = None) -> None:
        """Warm up the first choice for a language whose sentences will come soon; `preferred` is as for `speak`."""
        for monitored, _ in self._choices(language, preferred)[:1]:
            self._background.warm(monitored)

    def _warm_later(
        self, choices: Sequence[tuple[MonitoredEngine, Voice]], asked: MonitoredEngine
    ) -> asyncio.TimerHandle:
        monitored_engines = [monitored for monitored, _ in choices]
        behind = monitored_engines[monitored_engines.index(asked) + 1 :][:1]
        return asyncio.get_running_loop().call_later(_SLOW_SECONDS, lambda: [*map(self._background.warm, behind)])

    def _choices(self, language: str, preferred: Voice | None) -> list[tuple[MonitoredEngine, Voice]]:
        """The engines that speak a language, each with its voice; the preferred voice's engine comes first."""
        first = [
            monitored for monitored in self._engines if preferred is not None and preferred in monitored.engine.voices
        ]
        others = [monitored for monitored in self._engines if monitored not in first]
        voiced = ((monitored, monitored.voice_for(language, preferred)) for monitored in (*first, *others))
        return [(monitored, voice) for monitored, voice in voiced if voice is not None]

    async def _replay(self, sentence: Sentence, voice: Voice, sink: Sink) -> bool:
        if not self._cache.is_enabled:
            return False
        loop = asyncio.get_running_loop()
        frames = await loop.run_in_executor(self._encoders, self._cache.find, voice, sentence.language, sentence.said)
        for frame in frames or ():
            sink.append(frame)
        return frames is not None

    async def _record(self, sentence: Sentence, voice: Voice, frames: tuple[bytes, ...], folder: Path) -> None:
        if self._cache.is_enabled:
            store = self._cache.store
            await asyncio.get_running_loop().run_in_executor(
                self._encoders, store, voice, sentence.language, sentence.said, frames, folder
            )


def _pause_behind(sentence: Sentence) -> float:
    """How many seconds of the silence that a voice leaves behind a piece are heard at most."""
    if not sentence.goes_on:
        return SENTENCE_PAUSE
    return PHRASE_PAUSE if sentence.said[-1].isalnum() else CLAUSE_PAUSE
