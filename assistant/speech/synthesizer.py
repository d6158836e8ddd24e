"""Sentences to Opus frames: in worker threads, by the first engine that can."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assistant.errors import (
    AudioUnreadable,
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechTimeout,
    SpeechUnavailable,
)
from assistant.opus import opus_frames
from assistant.speech.engine import SpeechEngine
from assistant.speech.phrases import Phrase, PhraseCache
from assistant.spoken.sentence import Sentence

_log = logging.getLogger(__name__)

COOL_DOWN: Final = 30.0
"""Seconds an engine is left alone after it failed, so that an outage costs one timeout and not one a sentence."""
_WORKERS: Final = 64
"""Threads that wait for engines; each costs little while it waits."""
_ENCODERS: Final = 2
"""Threads that encode. More would not make it faster, and would keep the frame clock from its turn."""


class Synthesizer:
    """The engines, the threads they block, and which of them is being left alone just now."""

    def __init__(
        self,
        engines: Sequence[SpeechEngine],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """The first engine is the first choice."""
        self._engines = tuple(engines)
        self._now = now
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="speech")
        self._encoders = ThreadPoolExecutor(_ENCODERS, thread_name_prefix="opus")
        self._phrases = PhraseCache()
        self._resting_until: dict[str, float] = {}
        self._slow: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Waiting happens off the loop: a hanging request ends with its own timeout.
        for threads in (self._workers, self._encoders):
            await asyncio.to_thread(threads.shutdown, wait=True, cancel_futures=True)

    async def speak(self, sentence: Sentence, folder: Path, heard: Callable[[bytes], None]) -> None:
        """Speak one sentence: `heard` gets its Opus frames in order, as they are made, mostly from a worker thread.

        The audio file is made inside `folder`, whose owner removes it.

        :raises SpeechUnavailable: no engine could; `heard` was not called then, so that no sentence is
            ever spoken twice or by halves.
        """
        tried: list[SpeechError] = []
        for engine in self._awake():
            phrase = Phrase(engine.name, sentence.language, sentence.said)
            if (frames := self._phrases.get(phrase)) is not None:
                for frame in frames:
                    heard(frame)
                return
            try:
                frames = await self._speak_with(engine, sentence, folder, heard)
            except SpeechError as error:
                _log.warning("Speech engine %s failed: %s", engine.name, error)
                self._rest(engine, error)
                tried.append(error)
            else:
                self._phrases.said(phrase, frames)
                return
        raise SpeechUnavailable(tried=tuple(tried))

    def _awake(self) -> list[SpeechEngine]:
        """The engines worth asking now.

        When all are being left alone, those that had failed quickly are asked all the same: a try costs little
        then, and silence costs more.
        """
        now = self._now()
        awake = [engine for engine in self._engines if self._resting_until.get(engine.name, 0.0) <= now]
        return awake or [engine for engine in self._engines if engine.name not in self._slow]

    def _rest(self, engine: SpeechEngine, error: SpeechError) -> None:
        # A text that it cannot speak says nothing about the engine's health.
        if isinstance(error, LanguageUnsupported | SpeechEmpty):
            return
        self._resting_until[engine.name] = self._now() + COOL_DOWN
        if isinstance(error, SpeechTimeout):
            self._slow.add(engine.name)
        else:
            self._slow.discard(engine.name)

    async def _speak_with(
        self, engine: SpeechEngine, sentence: Sentence, folder: Path, heard: Callable[[bytes], None]
    ) -> tuple[bytes, ...]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(engine.timeout):
                audio = await loop.run_in_executor(
                    self._workers, engine.synthesize, sentence.said, sentence.language, folder
                )
        except TimeoutError as error:
            raise SpeechTimeout(engine=engine.name, detail="no answer", seconds=engine.timeout) from error
        try:
            return await loop.run_in_executor(self._encoders, _encode, audio, heard)
        except AudioUnreadable as error:
            raise SpeechEmpty(engine=engine.name, detail=str(error)) from error


def _encode(audio: Path, heard: Callable[[bytes], None]) -> tuple[bytes, ...]:
    frames = []
    for frame in opus_frames(audio):
        heard(frame)
        frames.append(frame)
    return tuple(frames)
