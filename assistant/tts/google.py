"""Google's speech through gTTS: many languages and no key, but unofficial, and it needs the internet."""

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
"""Threads that wait for Google. A waiting thread costs little."""
_RATE_LIMIT_SECONDS: Final = 0.5
"""How long a sentence waits for our rate limit before another engine should speak it."""


class GoogleEngine:
    """gTTS 2.5. It opens a connection for each sentence and keeps no state, so threads can share it."""

    name = _NAME
    make_decoder = Mp3Decoder

    def __init__(self, *, accent: str, timeout: float, per_minute: int) -> None:
        """`accent`, one of ACCENTS, is the default voice. Makes at most `per_minute` requests a minute."""
        self._request_timeout = timeout
        # requests applies its timeout to the connection and to each read, so a request may take longer.
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
        # In a thread, since it blocks: a hanging request ends with its own timeout.
        await asyncio.to_thread(self._workers.shutdown, wait=True, cancel_futures=True)

    async def warm(self) -> None:
        """Do nothing: gTTS keeps no connection."""

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """See `SpeechEngine.speak`. Google sends the audio of a sentence in one piece."""
        try:
            async with asyncio.timeout(_RATE_LIMIT_SECONDS):
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
        except AssertionError as error:  # gTTS asserts that the text is not empty
            raise SpeechEmpty(engine=_NAME, detail="nothing to speak in this text") from error
        try:
            audio = b"".join(speech.stream())
        except gTTSError as error:
            raise self._typed_error(error) from error
        except (AssertionError, TypeError, ValueError) as error:
            # AssertionError: the text is only punctuation. TypeError, ValueError: the answer is not base64.
            raise SpeechEmpty(engine=_NAME, detail=f"{type(error).__name__}: {error}") from error
        if not audio:  # gTTS accepts a status 200 without audio
            raise SpeechEmpty(engine=_NAME, detail="an answer without audio")
        return audio

    def _typed_error(self, error: gTTSError) -> SpeechError:
        """gTTS raises one error for everything. The cause is in its response, or in the error below it."""
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
