"""An engine with retries, a circuit breaker and health counters; encodes its audio as Opus frames."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import aclosing
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from assistant.audio.pauses import SENTENCE_PAUSE
from assistant.domain.engine_health import EngineHealth
from assistant.domain.errors import (
    AudioUnreadable,
    SpeechEmpty,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechTooLong,
    SpeechUnreachable,
)
from assistant.tts.engine import SpeechEngine
from assistant.tts.failure_judgement import judge_speech_error
from assistant.tts.sentence_limits import SentenceLimits
from assistant.tts.speech_deadline import SpeechDeadline
from assistant.tts.voice import Voice
from assistant.util.circuit_breaker import CircuitBreaker

if TYPE_CHECKING:
    from assistant.audio.loudness import VoiceLevel

_TRIES: Final = 2
_FRAMES_A_TURN: Final = 25
"""Frames after which an encoder's thread serves the next piece: half a second, some 15 ms of work. Where many calls
speak at once, the first sound of one is not to wait for the last of another."""


class Sink(Protocol):
    """Where the frames of one sentence go."""

    def append(self, frame: bytes) -> None:
        """Take the next Opus frame. Called from a worker thread."""

    def restart(self) -> bool:
        """Drop the frames so far, since the sentence starts over. False if some of them may have been heard."""


class MonitoredEngine:
    """An engine, its circuit breaker, and the loudness of its voices."""

    def __init__(self, engine: SpeechEngine, encoders: Executor, now: Callable[[], float] = time.monotonic) -> None:
        """`encoders` are the threads that encode frames."""
        self.engine = engine
        """The engine itself."""
        self.breaker = CircuitBreaker(judge_speech_error, now)
        """Decides whether the engine is used."""
        self.replayed = 0
        """The number of its sentences that were played from the cache."""
        self._encoders = encoders
        self._levels: dict[str, VoiceLevel] = {}
        self._spoken = 0
        self._failures: Counter[type[SpeechError]] = Counter()

    @property
    def health(self) -> EngineHealth:
        """A snapshot of its health."""
        breaker = self.breaker
        return EngineHealth(
            name=self.engine.name,
            spoken=self._spoken,
            replayed=self.replayed,
            failures=dict(self._failures),
            last_error=breaker.last_error,
            cooldown_left=breaker.cooldown_left,
        )

    def voice_for(self, language: str, preferred: Voice | None) -> Voice | None:
        """The voice for a language: `preferred` if it speaks the language, else the first that does, else None."""
        if preferred is not None and preferred in self.engine.voices and language in preferred.languages:
            return preferred
        return next((voice for voice in self.engine.voices if language in voice.languages), None)

    async def speak(
        self,
        text: str,
        voice: Voice,
        language: str,
        sink: Sink,
        *,
        patience: float | None = None,
        pause: float = SENTENCE_PAUSE,
    ) -> tuple[bytes, ...]:
        """Speak one sentence into `sink`; return its frames.

        Args:
            text: the sentence.
            voice: who says it.
            language: one of the voice's.
            sink: gets the frames as they are made.
            patience: seconds until the first of them, where the engine's own timeout is too long to wait for.
            pause: how many seconds of the silence behind it are heard at most.

        Raises:
            SpeechError: it failed. `sink` may already have the beginning of the sentence.
        """
        try:
            frames = await self._try_twice(text, voice, language, sink, patience=patience, pause=pause)
        except SpeechError as error:
            self._failures[type(error)] += 1
            self.breaker.failed(error)
            raise
        self.breaker.succeeded()
        self._spoken += 1
        return frames

    async def _try_twice(
        self, text: str, voice: Voice, language: str, sink: Sink, *, patience: float | None, pause: float
    ) -> tuple[bytes, ...]:
        for tries_left in reversed(range(_TRIES)):
            deadline = SpeechDeadline(self.engine.timeout, patience)
            try:
                return await self._try(text, voice, language, sink, deadline=deadline, pause=pause)
            except SpeechError as error:
                if not tries_left or not _is_worth_retrying(error) or not sink.restart():
                    raise
        raise AssertionError("the last try returns or raises")

    async def _try(
        self, text: str, voice: Voice, language: str, sink: Sink, *, deadline: SpeechDeadline, pause: float
    ) -> tuple[bytes, ...]:
        from assistant.audio.loudness import VoiceLevel  # noqa: PLC0415 - see WarmUp
        from assistant.audio.speech_encoder import SpeechEncoder  # noqa: PLC0415

        limits, size = SentenceLimits.of(text), 0
        level = self._levels.setdefault(voice.name, VoiceLevel(voice.loudness))
        encoder = SpeechEncoder(self.engine.make_decoder, level, pause)
        frames: list[bytes] = []

        def give(made: Iterator[bytes]) -> bool:
            known = len(frames)
            for frame in islice(made, _FRAMES_A_TURN):
                if len(frames) == limits.frames:
                    raise SpeechTooLong(engine=self.engine.name, detail=f"more than {limits.frames} frames")
                sink.append(frame)
                frames.append(frame)
            deadline.made(len(frames) - known)
            return len(frames) - known == _FRAMES_A_TURN

        async def encode(made: Iterator[bytes]) -> None:
            while await loop.run_in_executor(self._encoders, give, made):
                pass

        loop = asyncio.get_running_loop()
        async with aclosing(self.engine.speak(text, voice, language)) as audio:
            while (chunk := await self._next(audio, deadline)) is not None:
                size += len(chunk)
                if size > limits.size:
                    raise SpeechTooLong(engine=self.engine.name, detail=f"more than {limits.size} bytes")
                await encode(encoder.encode(chunk))
        try:
            await encode(encoder.finish())
        except AudioUnreadable as error:
            raise SpeechEmpty(engine=self.engine.name, detail=str(error)) from error
        return tuple(frames)

    async def _next(self, audio: AsyncGenerator[bytes, None], deadline: SpeechDeadline) -> bytes | None:
        """The next piece of audio; None at the end."""
        seconds = deadline.seconds_left
        try:
            async with deadline.running():
                return await anext(audio, None)
        except TimeoutError as error:
            raise SpeechTimeout(engine=self.engine.name, detail="no audio", seconds=seconds) from error


def _is_worth_retrying(error: SpeechError) -> bool:
    """Whether an immediate retry may succeed: not after a refusal or a timeout."""
    return isinstance(error, SpeechUnreachable) or (isinstance(error, SpeechRefused) and error.status >= 500)
