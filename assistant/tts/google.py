"""Google's speech through gTTS: many languages, no key, a network and some luck needed."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

import requests
from aiolimiter import AsyncLimiter
from gtts import gTTS, gTTSError
from gtts.lang import tts_langs

from assistant.audio.decoders import Mp3Decoder
from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)
from assistant.tts.google_accents import ACCENTS
from assistant.tts.voice import Voice
from assistant.util.backoff import retry_after_seconds

_NAME: Final = "gtts"
_WORKERS: Final = 64
"""Threads that wait for Google; each costs little while it waits."""
_RATIONED_SECONDS: Final = 0.5
"""How long a sentence may wait for its turn, until another engine is better."""


class GoogleEngine:
    """gTTS 2.5. It opens a connection for every sentence and holds no state, so threads may share it."""

    name = _NAME
    form = Mp3Decoder

    def __init__(self, *, accent: str, timeout: float, per_minute: int) -> None:
        """`accent` is one of ACCENTS and speaks first; Google is asked at most `per_minute` times a minute."""
        self._request_timeout = timeout
        # requests applies its timeout to the connection and to each read, so the whole may take longer.
        self.timeout = timeout + 1.0
        self.voices = tuple(_voice(domain) for domain in sorted(ACCENTS, key=lambda domain: domain != accent))
        self._bucket = AsyncLimiter(per_minute, 60.0)
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="gtts")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Waiting happens off the loop: a hanging request ends with its own timeout.
        await asyncio.to_thread(self._workers.shutdown, wait=True, cancel_futures=True)

    async def warm(self) -> None:
        """Nothing: gTTS keeps no connection."""

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """See `SpeechEngine.speak`. Google gives the audio of a sentence whole."""
        try:
            async with asyncio.timeout(_RATIONED_SECONDS):
                await self._bucket.acquire()
        except TimeoutError:
            detail = f"more than {self._bucket.max_rate:g} requests a minute"
            raise SpeechRationed(engine=_NAME, detail=detail) from None
        loop = asyncio.get_running_loop()
        yield await loop.run_in_executor(self._workers, self._request, text, voice.name, language)

    def _request(self, text: str, domain: str, language: str) -> bytes:
        try:
            speech = gTTS(text, tld=domain, lang=language, timeout=self._request_timeout)
        except ValueError as error:
            raise LanguageUnsupported(engine=_NAME, detail=str(error), language=language) from error
        except AssertionError as error:  # gTTS asserts that there is a text
            raise SpeechEmpty(engine=_NAME, detail="nothing to speak in this text") from error
        try:
            audio = b"".join(speech.stream())
        except gTTSError as error:
            raise self._typed(error) from error
        except (AssertionError, TypeError, ValueError) as error:
            # AssertionError: only punctuation; TypeError and ValueError: an answer that is not base64.
            raise SpeechEmpty(engine=_NAME, detail=f"{type(error).__name__}: {error}") from error
        if not audio:  # an answer 200 without an audio line is no error to gTTS
            raise SpeechEmpty(engine=_NAME, detail="an answer without audio")
        return audio

    def _typed(self, error: gTTSError) -> SpeechError:
        """gTTS has one error for everything; what happened is in the answer, or in the error under it."""
        detail = str(error.__context__ or error)[:200]
        if error.rsp is None:
            if isinstance(error.__context__, requests.Timeout):
                return SpeechTimeout(engine=_NAME, detail=detail, seconds=self._request_timeout)
            return SpeechUnreachable(engine=_NAME, detail=detail)
        if error.rsp.status_code == requests.codes.ok:
            return SpeechEmpty(engine=_NAME, detail=detail)
        retry_after = retry_after_seconds(error.rsp.headers.get("Retry-After"))
        return SpeechRefused(engine=_NAME, detail=detail, status=error.rsp.status_code, retry_after=retry_after)


def _voice(domain: str) -> Voice:
    languages, label = ACCENTS[domain]
    return Voice(engine=_NAME, name=domain, label=label, languages=frozenset(languages.split() or tts_langs()))
