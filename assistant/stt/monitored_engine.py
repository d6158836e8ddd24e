"""An engine with a deadline, a second try, a circuit breaker and health counters."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from assistant.domain.errors import (
    RecognitionBusy,
    RecognitionEngineError,
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.domain.recognition_health import RecognitionHealth
from assistant.domain.transcript import Transcript
from assistant.stt.engine import RecognitionEngine
from assistant.util.circuit_breaker import Blame, CircuitBreaker, Judgement
from assistant.util.timeouts import LenientTimeout

_logger = logging.getLogger(__name__)

_REQUEST_S_FAULT: Final = frozenset({400, 413, 422})
"""Statuses by which a service says that it can't do with this turn."""


class MonitoredEngine:
    """An engine and its circuit breaker."""

    def __init__(self, engine: RecognitionEngine, now: Callable[[], float] = time.monotonic) -> None:
        """Watch `engine`, which its owner opens. `now` returns seconds."""
        self.engine = engine
        """The engine itself."""
        self.breaker: CircuitBreaker[RecognitionEngineError] = CircuitBreaker(judge_recognition_error, now)
        """Decides whether the engine is used."""
        self._recognized = 0
        self._failures: Counter[type[RecognitionEngineError]] = Counter()

    @property
    def health(self) -> RecognitionHealth:
        """A snapshot of its health."""
        breaker = self.breaker
        return RecognitionHealth(
            name=self.engine.name,
            recognized=self._recognized,
            failures=dict(self._failures),
            last_error=breaker.last_error,
            cooldown_left=breaker.cooldown_left,
        )

    async def warm(self) -> None:
        """Warm the engine up. What goes wrong is logged."""
        try:
            await self.engine.warm()
        except Exception:
            _logger.exception("Recognition: %s couldn't warm up", self.engine.name)

    async def transcribe(self, pcm: bytes, language: str, *, patience: float | None = None) -> Transcript:
        """Recognize one turn; see `RecognitionEngine.transcribe`.

        `patience` is how many seconds it may take where the engine's own timeout is too long to wait for.

        Raises:
            RecognitionEngineError: it failed.
        """
        seconds = self.engine.timeout if patience is None else min(patience, self.engine.timeout)
        try:
            transcript = await self._try_in_time(pcm, language, seconds)
        except RecognitionEngineError as error:
            self._failures[type(error)] += 1
            self.breaker.failed(error)
            raise
        self.breaker.succeeded()
        self._recognized += 1
        return transcript

    async def _try_in_time(self, pcm: bytes, language: str, seconds: float) -> Transcript:
        try:
            async with LenientTimeout(seconds):
                return await self._try_twice(pcm, language)
        except TimeoutError as error:
            raise RecognitionTimeout(engine=self.engine.name, detail="no text", seconds=seconds) from error

    async def _try_twice(self, pcm: bytes, language: str) -> Transcript:
        try:
            return await self.engine.transcribe(pcm, language)
        except RecognitionEngineError as error:
            if not _is_worth_retrying(error):
                raise
        return await self.engine.transcribe(pcm, language)


def judge_recognition_error(error: RecognitionEngineError) -> Judgement:
    """What an error says about the engine that raised it."""
    match error:
        case RecognitionBusy():
            return Judgement(Blame.REQUEST)
        case RecognitionUnreadable():
            return Judgement(Blame.DOUBTFUL)
        case RecognitionRefused(status=status) if status in _REQUEST_S_FAULT:
            return Judgement(Blame.DOUBTFUL)
        case RecognitionRefused(retry_after=retry_after):
            return Judgement(cooldown=retry_after)
        case _:
            return Judgement()


def _is_worth_retrying(error: RecognitionEngineError) -> bool:
    """Whether another try at once may succeed: not after a refusal or a timeout."""
    return isinstance(error, RecognitionUnreachable) or (isinstance(error, RecognitionRefused) and error.status >= 500)
