"""Turns what somebody said into text, with the first engine that can."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from assistant.domain.engine_failures import EngineFailures
from assistant.domain.errors import LanguageNotUnderstood, RecognitionEngineError, RecognitionUnavailable
from assistant.domain.heard_by import HeardBy
from assistant.domain.recognition_health import RecognitionHealth
from assistant.domain.transcript import Transcript
from assistant.stt.engine import RecognitionEngine
from assistant.stt.monitored_engine import MonitoredEngine
from assistant.stt.plausible_text import plausible_text
from assistant.stt.voiced_time import VoicedTime
from assistant.telemetry.metrics import Metrics
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.util.background_group import BackgroundGroup

_logger = logging.getLogger(__name__)

_SLOW_SECONDS: Final = 1.0
"""After this many seconds without a text the next engine warms up, so that nobody has to wait for both."""
_PATIENCE_SECONDS: Final = 3.0
"""How long a turn waits for an engine whose breaker is open, where no other one is left."""
_LEAST_SOUND: Final = 0.1
"""Seconds. With less of it, nobody is asked."""
_MOST_GUESSES: Final = 32
"""Guesses that hosts are asked for at a time: a hundred calls in which somebody speaks have up to ten. Who is not
guessed is answered half a second later."""


class Recognizer:
    """The chain of engines. Use it as an async context manager."""

    def __init__(
        self,
        engines: Sequence[RecognitionEngine],
        metrics: Metrics,
        *,
        language: str = "",
        guesses_at_hosts: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet.

        Args:
            engines: they are tried in this order; none where recognition is off.
            metrics: counts what is recognized.
            language: the language of whoever chose none, as a code; "" when it is not known.
            guesses_at_hosts: whether `guess` may send sound to a host, which may cost money, too.
            now: returns seconds.
        """
        self._engines = tuple(MonitoredEngine(engine, now) for engine in engines)
        self._metrics = metrics
        self._language = language
        self._guesses_at_hosts = guesses_at_hosts
        self._background = BackgroundGroup()
        self._busy = 0
        """Turns that are being recognized, and guesses."""
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
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
    def health(self) -> tuple[RecognitionHealth, ...]:
        """The health of the engines, the first choice first."""
        return tuple(monitored.health for monitored in self._engines)

    @property
    def heard_by(self) -> HeardBy | None:
        """Who gets what is said; None where recognition is off."""
        if not self._engines:
            return None
        hosts = [monitored.engine.host for monitored in self._engines]
        others = {code.partition("-")[0] for code in SPOKEN_LANGUAGES} - {"en"}
        return HeardBy(
            is_local="" in hosts,
            hosts=tuple(dict.fromkeys(host for host in hosts if host)),
            is_english_only=not any(map(self.understands, others)),
        )

    def understands(self, language: str) -> bool:
        """Whether any engine understands a language, by its code; "" is that of whoever chose none."""
        return bool(self._choices(language))

    def warm(self, language: str, *, likely: str = "") -> None:
        """Somebody begins to speak: warm up what will recognize it, the first engine that is healthy."""
        choices = self._choices(language, likely)
        healthy = [monitored for monitored in choices if not monitored.breaker.is_open]
        for monitored in (healthy or choices)[:1]:
            self._background.begin(monitored.warm())

    async def guess(self, pcm: bytes, language: str, *, likely: str = "") -> Transcript | None:
        """Recognize what may not be the whole turn yet, where nobody has to wait for that.

        Returns None where others wait, where a host would get the sound that is not to get more than whole turns, and
        where it fails. It is counted as a turn only when it is used. The arguments are those of `transcribe`.
        """
        healthy = [monitored for monitored in self._choices(language, likely) if not monitored.breaker.is_open]
        time_of = VoicedTime.of(pcm)
        if not healthy or not self._is_free(healthy[0]) or time_of.sound < _LEAST_SOUND:
            return None
        self._metrics.guess_begun()
        self._busy += 1
        try:
            raw = await healthy[0].transcribe(pcm, language or self._language)
        except RecognitionEngineError as error:
            _logger.debug("Recognition: nothing was guessed: %s", error)
            return None
        finally:
            self._busy -= 1
        return replace(raw, text=plausible_text(raw.text, time_of.voiced))

    async def transcribe(
        self,
        pcm: bytes,
        language: str,
        *,
        likely: str = "",
        guess: Awaitable[Transcript | None] | None = None,
    ) -> Transcript:
        """Recognize one turn.

        Args:
            pcm: its sound: signed 16 bits, little-endian, 16 kHz, one channel; at most half a minute.
            language: its language as a code such as `en`; "" for that of whoever chose none.
            likely: where neither is known, the language that it probably has. An engine that does not understand that
                one is not asked, since it would make words of it all the same; the others are not told, and find out.
            guess: the result of `guess` for this turn, if all of its voice was in what was guessed at.

        Raises:
            LanguageNotUnderstood: no engine understands the language.
            RecognitionUnavailable: no engine could recognize it.
        """
        choices = self._choices(language, likely)
        if not choices:
            raise LanguageNotUnderstood(tried=(), language=language or self._language or likely)
        time_of = VoicedTime.of(pcm)
        if time_of.sound < _LEAST_SOUND:
            return Transcript("", "", "")
        begun = time.monotonic()
        try:
            guessed = None if guess is None else await self._guessed(guess, choices)
            raw = guessed or await self._first_of(choices, pcm, language or self._language)
        except RecognitionUnavailable:
            self._metrics.recognition_failed()
            raise
        text = plausible_text(raw.text, time_of.voiced)
        self._metrics.recognized(time.monotonic() - begun, is_empty=not text)
        return Transcript(text, raw.language, raw.engine)

    def _is_free(self, monitored: MonitoredEngine) -> bool:
        """Whether an engine can be asked for a guess now. One of this machine takes the time from whoever waits."""
        return self._guesses_at_hosts and self._busy < _MOST_GUESSES if monitored.engine.host else not self._busy

    async def _guessed(
        self, guess: Awaitable[Transcript | None], choices: Sequence[MonitoredEngine]
    ) -> Transcript | None:
        healthy = [monitored for monitored in choices if not monitored.breaker.is_open]
        warming = asyncio.get_running_loop().call_later(_SLOW_SECONDS, self._warm_all, healthy[1:2])
        try:
            guessed = await guess
        finally:
            warming.cancel()
        if guessed is not None:
            self._metrics.guess_used()
        return guessed

    async def _first_of(self, choices: Sequence[MonitoredEngine], pcm: bytes, language: str) -> Transcript:
        self._busy += 1
        try:
            return await self._ask_in_turn(choices, pcm, language)
        finally:
            self._busy -= 1

    async def _ask_in_turn(self, choices: Sequence[MonitoredEngine], pcm: bytes, language: str) -> Transcript:
        tried: list[RecognitionEngineError] = []
        healthy = [monitored for monitored in choices if not monitored.breaker.is_open]
        resting = [monitored for monitored in choices if monitored.breaker.is_open]
        for monitored in resting:
            if healthy and monitored.breaker.begin_probe():
                self._background.begin(_probe(monitored, pcm, language))
        for monitored in (*healthy, *resting):  # no engine may be healthy, but one of them may be again
            patience = _PATIENCE_SECONDS if monitored in resting else None
            behind = healthy[healthy.index(monitored) + 1 :][:1] if monitored in healthy else []
            warming = asyncio.get_running_loop().call_later(_SLOW_SECONDS, self._warm_all, behind)
            try:
                transcript = await monitored.transcribe(pcm, language, patience=patience)
            except RecognitionEngineError as error:
                tried.append(error)
                continue
            finally:
                warming.cancel()
            if tried:
                _logger.warning("Recognition: %s; %s listens instead", EngineFailures(tried), monitored.engine.name)
            return transcript
        _logger.warning("Recognition: %s; no other engine is left", EngineFailures(tried))
        raise RecognitionUnavailable(tried=tuple(tried), language=language)

    def _choices(self, language: str, likely: str = "") -> list[MonitoredEngine]:
        wanted = language or self._language or likely
        return [monitored for monitored in self._engines if monitored.engine.understands(wanted)]

    def _warm_all(self, engines: Sequence[MonitoredEngine]) -> None:
        for monitored in engines:
            self._background.begin(monitored.warm())


async def _probe(monitored: MonitoredEngine, pcm: bytes, language: str) -> None:
    """Try a failed engine on a turn that another one recognizes, once its cooldown is over."""
    try:
        await monitored.transcribe(pcm, language)
    except RecognitionEngineError as error:
        _logger.info("Recognition: %s still fails (%s)", monitored.engine.name, error)
    except Exception:
        _logger.exception("Recognition: the probe of %s raised an error", monitored.engine.name)
    else:
        _logger.info("Recognition: %s works again", monitored.engine.name)
    finally:
        monitored.breaker.abort_probe()
