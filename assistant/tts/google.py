"""Google's speech through gTTS: many languages and no key, but unofficial, and it needs the internet."""

import asyncio
import base64
import logging
import os
import ssl
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from aiolimiter import AsyncLimiter

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
    SpeechTooLong,
    SpeechUnreachable,
)
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.tts.google_accents import ACCENTS
from assistant.tts.sentence_limits import SentenceLimits
from assistant.tts.uncompressed import ASK_FOR_NO_COMPRESSION, refuse_compression
from assistant.tts.voice import Voice
from assistant.util.backoff import retry_after_seconds
from assistant.util.proxied_connector import ProxiedConnector
from assistant.util.timeouts import LenientTimeout

if TYPE_CHECKING:
    from requests import PreparedRequest

    from assistant.audio.decoders import Decoder

_logger = logging.getLogger(__name__)

_NAME: Final = "gtts"
_RATE_LIMIT_SECONDS: Final = 0.5
"""How long a sentence waits for our rate limit before another engine should speak it."""
_KEPT_SECONDS: Final = 120.0
"""How long an idle connection is kept; a new one costs a TLS handshake."""
_WARM_SECONDS: Final = 5.0
"""How long a connection may take that is opened before it is needed."""
_WARM_FOR_SECONDS: Final = 60.0
"""For so long after an answer, a connection is surely open."""
_ENVELOPE_BYTES: Final = 4096
"""How much Google may say around the audio."""
_DETAIL_BYTES: Final = 200
_AUDIO_BEGINS: Final = b'jQ1olc","[\\"'
_AUDIO_ENDS: Final = b'\\"]'
"""What stands around the audio in an answer, as gTTS 2.5 looks for it (`gtts/tts.py`)."""


class GoogleEngine:
    """gTTS 2.5 cuts the text and makes the requests, in a thread; they are sent by a session of our own.

    gTTS would send them itself, but without a look at the certificate, with a connection for each, and for as long as
    bytes drip in. Ours verifies, keeps its connections, and gives up in time. As with requests, REQUESTS_CA_BUNDLE
    says whom they trust; without it the machine's store does, with SSL_CERT_FILE and SSL_CERT_DIR, as for everything
    else the bot asks.
    """

    name = _NAME

    def __init__(self, *, accent: str, timeout: float, per_minute: int) -> None:
        """Describe the service; nothing is sent yet.

        Args:
            accent: one of ACCENTS, which speaks first.
            timeout: seconds until Google's answer is there.
            per_minute: how often Google is asked in a minute at most.
        """
        self._request_timeout = timeout
        self.timeout = timeout + _RATE_LIMIT_SECONDS + 0.5  # the engine's own timeout comes first, and says more
        self.voices = tuple(_voice(domain) for domain in sorted(ACCENTS, key=lambda domain: domain != accent))
        self._bucket = AsyncLimiter(per_minute, 60.0)
        # One is enough: it computes for less than a millisecond a sentence.
        self._workers = ThreadPoolExecutor(1, thread_name_prefix="gtts")
        self._trust: ssl.SSLContext | None = None
        self._session: aiohttp.ClientSession | None = None
        self._host = f"https://translate.google.{accent}/"
        self._answered = -_WARM_FOR_SECONDS
        self._is_warming = False

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=ProxiedConnector(keepalive_timeout=_KEPT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # see `_send`
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        await asyncio.to_thread(self._workers.shutdown, wait=True, cancel_futures=True)

    def load(self) -> None:
        """See `SpeechEngine.load`: gTTS, which imports requests, and the certificates, some 20 ms."""
        import gtts  # noqa: F401, PLC0415 - see WarmUp

        with suppress(OSError):  # a sentence will tell
            self._trust = self._trust or _trust()

    async def warm(self) -> None:
        """Open a connection before the first sentence needs it; that sentence will tell if there is none."""
        if self._is_warming or asyncio.get_running_loop().time() - self._answered < _WARM_FOR_SECONDS:
            return
        self._is_warming = True
        try:
            trust = await self._trusted()
            async with (
                asyncio.timeout(_WARM_SECONDS),
                self._open_session.head(self._host, ssl=trust, allow_redirects=False),
            ):
                self._answered = asyncio.get_running_loop().time()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _logger.debug("Couldn't open a connection to Google ahead of time: %s", type(error).__name__)
        finally:
            self._is_warming = False

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        assert self._session is not None, "the engine is used outside its `async with`"
        return self._session

    async def _trusted(self) -> ssl.SSLContext:
        """Whom to trust. It is read once, in a thread: beside speech, that would hold up everything for 20 ms.

        Raises:
            OSError: what the environment names can't be read.
        """
        if self._trust is None:
            self._trust = await asyncio.get_running_loop().run_in_executor(self._workers, _trust)
        return self._trust

    @staticmethod
    def make_decoder() -> "Decoder":
        """See `SpeechEngine.make_decoder`."""
        from assistant.audio.decoders import Mp3Decoder  # noqa: PLC0415 - see WarmUp

        return Mp3Decoder()

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """See `SpeechEngine.speak`. Google gives the audio of a sentence whole."""
        loop = asyncio.get_running_loop()
        requests = await loop.run_in_executor(self._workers, _prepare, text, voice.name, language)
        try:
            trust = await self._trusted()
        except OSError as error:
            raise SpeechUnreachable(engine=_NAME, detail=f"no certificates to trust: {error}") from error
        limit = SentenceLimits.of(text).size
        yield b"".join([await self._fetch(request, trust, limit) for request in requests])

    async def _fetch(self, request: "PreparedRequest", trust: ssl.SSLContext, limit: int) -> bytes:
        """The audio that answers one request, of at most `limit` bytes."""
        try:
            async with asyncio.timeout(_RATE_LIMIT_SECONDS):
                await self._bucket.acquire()
        except TimeoutError:
            detail = f"more than {self._bucket.max_rate:g} requests a minute"
            raise SpeechRationed(engine=_NAME, detail=detail) from None
        try:
            async with LenientTimeout(self._request_timeout):
                answer = await self._send(request, trust, limit * 4 // 3 + _ENVELOPE_BYTES)
        except TimeoutError as error:
            raise SpeechTimeout(engine=_NAME, detail="no whole answer", seconds=self._request_timeout) from error
        except (aiohttp.ClientError, OSError) as error:
            raise SpeechUnreachable(engine=_NAME, detail=f"{type(error).__name__}: {error}"[:_DETAIL_BYTES]) from error
        return _audio_of(answer)

    async def _send(self, request: "PreparedRequest", trust: ssl.SSLContext, limit: int) -> bytes:
        assert request.url is not None
        async with self._open_session.post(
            request.url,
            data=request.body,
            headers={**request.headers, **ASK_FOR_NO_COMPRESSION},
            ssl=trust,
            allow_redirects=False,  # it would lead to a page for people, with GET
        ) as response:
            if response.status != 200:
                said = (await response.content.read(_DETAIL_BYTES)).decode(errors="replace")
                retry_after = retry_after_seconds(response.headers.get("Retry-After"))
                raise SpeechRefused(engine=_NAME, detail=said, status=response.status, retry_after=retry_after)
            refuse_compression(response.headers, _NAME)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise SpeechTooLong(engine=_NAME, detail=f"an answer of more than {limit} bytes")
            self._answered = asyncio.get_running_loop().time()
            return bytes(body)


def _prepare(text: str, domain: str, language: str) -> Sequence["PreparedRequest"]:
    from gtts import gTTS  # noqa: PLC0415 - see `load`

    try:
        # Not public, but the only way to have gTTS make them and not send them.
        made: Sequence[PreparedRequest] = gTTS(text, tld=domain, lang=language)._prepare_requests()
    except ValueError as error:
        raise LanguageUnsupported(engine=_NAME, detail=str(error), language=language) from error
    except AssertionError as error:  # gTTS asserts that there is a text, and more than punctuation
        raise SpeechEmpty(engine=_NAME, detail="nothing to speak in this text") from error
    return made


def _audio_of(answer: bytes) -> bytes:
    _, _, rest = answer.partition(_AUDIO_BEGINS)
    encoded, _, _ = rest.partition(_AUDIO_ENDS)
    try:
        audio = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise SpeechEmpty(engine=_NAME, detail=f"{type(error).__name__}: {error}") from error
    if not audio:
        raise SpeechEmpty(engine=_NAME, detail="an answer without audio")
    return audio


def _trust() -> ssl.SSLContext:
    """Whom to trust: what the variables of requests name, else what OpenSSL trusts on this machine."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if not named:
        return ssl.create_default_context()
    is_folder = Path(named).is_dir()
    return ssl.create_default_context(cafile=None if is_folder else named, capath=named if is_folder else None)


def _voice(domain: str) -> Voice:
    languages, label = ACCENTS[domain]
    return Voice(engine=_NAME, name=domain, label=label, languages=frozenset(languages.split() or SPOKEN_LANGUAGES))
