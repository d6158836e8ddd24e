"""Google Translate's speech on loopback, as far as unmodified gTTS 2.5 knows it.

gTTS posts to https://translate.google.<tld>/_/TranslateWebserverUi/data/batchexecute. A process with the variables of
`GoogleSpeech.environment` speaks here: its proxy leads there, and it trusts the certificate. (gTTS itself verifies
none.) The form of request and answer is inferred from gTTS's own code, not captured from Google.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from sandbox.loopback_runner import close_runner
from sandbox.loopback_tls import make_loopback_tls
from sandbox.standins.faults import Drip, EndlessSpeech, GzipBomb, Hang, Slow, SpeechFault, Status
from sandbox.standins.google.batch_execute import FAULTY_BODIES, PATH, answer_body, read_request
from sandbox.standins.hibari_voice import HibariVoice, Synthesizer
from sandbox.standins.hostile_answers import drip, gzip_bomb, send_for_ever
from sandbox.standins.http_proxy import HttpProxy
from sandbox.standins.mp3 import encode_mp3
from sandbox.unimplemented import Unimplemented

_HOSTS: Final = re.compile(r"translate\.google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_DOMAINS: Final = (
    *("com", "co.uk", "com.au", "ca", "co.in", "ie", "co.za", "com.ng", "us"),
    *("fr", "com.br", "pt", "com.mx", "es"),
)
"""Those for which there is a certificate: https://gtts.readthedocs.io/en/latest/module.html#localized-accents."""
_TYPE: Final = "application/json"
_CACHED_SENTENCES: Final = 1024
_THREADS: Final = 2


@dataclass(slots=True)
class SpeechRequest:
    """One piece of text that was to be spoken."""

    text: str
    """The text."""
    language: str
    """The language's code."""
    slow: bool
    """Whether slow speech was asked for."""
    host: str
    """The host it was sent to, such as translate.google.co.uk."""
    arrived: float
    """When it came, by `time.monotonic`."""
    answered: float | None = None
    """When its answer was ready to be sent, by `time.monotonic`; None until then."""


class GoogleSpeech:
    """A TLS server and the proxy that leads to it, both on 127.0.0.1. Use it as an async context manager."""

    def __init__(
        self,
        synthesizer: Synthesizer | None = None,
        *,
        mp3: Callable[[str, str], bytes] | None = None,
        delay: float = 0.0,
        seconds_per_character: float = 0.0,
    ) -> None:
        """Describe the service.

        Args:
            synthesizer: the voice; None is hibari, English.
            mp3: speaks in its place, and gives the MP3 of a text in a language; called in threads.
            delay: seconds before each answer.
            seconds_per_character: seconds more for each character of the text.
        """
        self.requests: list[SpeechRequest] = []
        """Every request so far, oldest first."""
        self.refused: list[str] = []
        """What was asked for and is not implemented here; see `refused_hosts` for the proxy's part."""
        self.delay = delay
        """Seconds before each answer; may be changed at any time."""
        self.seconds_per_character = seconds_per_character
        """Seconds more for each character; may be changed at any time."""
        self.outage: SpeechFault | None = None
        """How every request goes wrong for which nothing else is ordered, until this is None again."""
        self.port = 0
        """Where the TLS server is, for a proxy of one's own; known once it listens."""
        self.spoils: Callable[[str], bool] = lambda _: True
        """Whether what was ordered is for a request to speak this text; what it is not for goes well."""
        self._synthesizer = synthesizer or HibariVoice()
        # A voice here must cost the machine as little as Google's does, or it would spoil what is measured.
        self._mp3 = mp3 or lru_cache(maxsize=_CACHED_SENTENCES)(self._make_mp3)
        self._faults: deque[SpeechFault] = deque()
        self._threads: ThreadPoolExecutor | None = None
        self._proxy: HttpProxy | None = None
        self._ca_file = Path()
        self._running = AsyncExitStack()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="google-speech")
            starting.callback(self._threads.shutdown, cancel_futures=True)
            folder = starting.enter_context(tempfile.TemporaryDirectory(prefix="google-speech-"))
            app = web.Application()
            app.router.add_post(PATH, self._batch_execute)
            # Handlers are cancelled when their client leaves: a hung one has nothing else to wake it.
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
            await runner.setup()
            starting.push_async_callback(close_runner, runner)
            hosts = [f"translate.google.{domain}" for domain in _DOMAINS]
            tls = await asyncio.to_thread(make_loopback_tls, Path(folder), hosts)
            self._ca_file = tls.ca_file
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server).start()
            self.port = runner.addresses[0][1]
            self._proxy = HttpProxy({_HOSTS: self.port})
            await starting.enter_async_context(self._proxy)
            self._running = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()

    @property
    def proxy_url(self) -> str:
        """What the bot's process is given as HTTPS_PROXY."""
        return self.proxy.url

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a process here and have it trust what it finds; loopback is reached as well."""
        return {"HTTPS_PROXY": self.proxy_url, "REQUESTS_CA_BUNDLE": str(self._ca_file)}

    @property
    def connections(self) -> int:
        """How many connections were opened so far; each took a TLS handshake."""
        return sum(_HOSTS.fullmatch(request.host) is not None for request in self.proxy.requests)

    @property
    def refused_hosts(self) -> list[str]:
        """The first line of each request to the proxy that was not for Google Translate."""
        return self.proxy.refused

    @property
    def proxy(self) -> HttpProxy:
        """The proxy that leads here, and to loopback."""
        if self._proxy is None:
            raise RuntimeError("GoogleSpeech is used outside its `async with`")
        return self._proxy

    def order(self, *faults: SpeechFault) -> None:
        """Let the next requests go wrong, one fault each, in this order; then comes what `outage` says."""
        self._faults.extend(faults)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have come, of those ever made."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    async def _batch_execute(self, request: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        form = await request.post()
        try:
            text, language, slow = read_request(str(form.get("f.req")))
        except ValueError as error:
            return web.Response(status=400, text=str(error))
        record = SpeechRequest(text, language, slow, request.host, arrived)
        async with self._arrived:
            self.requests.append(record)
            self._arrived.notify_all()
        fault = self._fault_for(record.text)
        # Begun before the wait, so that the voice's own time is part of it.
        speech = asyncio.get_running_loop().run_in_executor(self._threads, self._spoken, record, fault)
        match fault:
            case Hang():
                await asyncio.Event().wait()
            case Slow(delay):
                await asyncio.sleep(delay)
            case _:
                await asyncio.sleep(self.delay + self.seconds_per_character * len(text))
        try:
            return await self._answer(request, record, fault, await speech)
        except Unimplemented as error:
            self.refused.append(error.what)
            return web.Response(status=501, text=str(error))

    def _fault_for(self, text: str) -> SpeechFault | None:
        if not self.spoils(text):
            return None
        return self._faults.popleft() if self._faults else self.outage

    async def _answer(
        self, request: web.Request, record: SpeechRequest, fault: SpeechFault | None, mp3: bytes
    ) -> web.StreamResponse:
        if isinstance(fault, Status):
            return web.Response(status=fault.status, text="ordered by the test")
        if (faulty := FAULTY_BODIES.get(fault)) is not None:
            return web.Response(text=faulty)
        body = answer_body(mp3).encode()
        if fault is None or isinstance(fault, Slow):
            record.answered = time.monotonic()
            return web.Response(body=body, content_type=_TYPE)
        return await _spoil(request, fault, body)

    def _spoken(self, record: SpeechRequest, fault: SpeechFault | None) -> bytes:
        """The MP3 of a request, b"" where a fault is answered instead.

        Raises:
            Unimplemented: slow speech is asked for.
        """
        if isinstance(fault, Status) or fault in FAULTY_BODIES:
            return b""
        if record.slow:
            raise Unimplemented("slow speech")
        return self._mp3(record.text, record.language)

    def _make_mp3(self, text: str, language: str) -> bytes:
        """Speak `text`; b"" if the voice finds nothing in it to speak."""
        samples, sample_rate = self._synthesizer(text, language)
        return encode_mp3(samples, sample_rate) if len(samples) else b""


async def _spoil(request: web.Request, fault: SpeechFault, body: bytes) -> web.StreamResponse:
    begin, again = body[: len(body) // 2], b"A" * 60_000  # more base64, and so more audio
    match fault:
        case Drip(seconds, is_head_too):
            return await drip(request, _TYPE, body, seconds=seconds, is_head_too=is_head_too)
        case EndlessSpeech():
            return await send_for_ever(request, _TYPE, begin, again)
        case GzipBomb(megabytes):
            return await asyncio.to_thread(gzip_bomb, _TYPE, begin, again, megabytes=megabytes)
        case _:
            return await _send_half(request, body)


async def _send_half(request: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response
