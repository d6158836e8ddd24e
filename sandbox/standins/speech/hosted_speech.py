"""Hosted speech on loopback: OpenAI's POST /v1/audio/speech, at a chosen pace, with faults on order."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import lru_cache
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from sandbox.standins.faults import (
    CorruptAudio,
    CutAfter,
    Drip,
    EmptyBody,
    EndlessSpeech,
    FramesBomb,
    GzipBomb,
    Hang,
    HangAfter,
    HostedSpeechFault,
    HtmlPage,
    Slow,
    Status,
)
from sandbox.standins.flac_bomb import flac_bomb
from sandbox.standins.hibari_voice import HibariVoice, Synthesizer
from sandbox.standins.hostile_answers import drip, gzip_bomb, send_for_ever
from sandbox.standins.loopback_site import LoopbackSite
from sandbox.standins.openai_http import abort, check_key, client_port, headers_to_keep, refusal
from sandbox.standins.speech.audio_format import FORMATS
from sandbox.standins.speech.audio_stream import stream_audio
from sandbox.standins.speech.request_form import VOICES, refuse
from sandbox.standins.speech.request_log import HostedSpeechRequest
from sandbox.unimplemented import Unimplemented

_LANGUAGE: Final = "en"  # the API does not tell the text's language
_CACHED_TEXTS: Final = 1024
_THREADS: Final = 2
_HTML_PAGE: Final = "<!doctype html><html><body><h1>Please sign in to this network</h1></body></html>"
_CORRUPT_AUDIO: Final = random.Random(0).randbytes(5000)


class HostedSpeech:
    """An OpenAI-compatible server on 127.0.0.1. Use it as an async context manager."""

    def __init__(
        self,
        voice: Synthesizer | None = None,
        *,
        encoded: Callable[[str, str], bytes] | None = None,
        model: str = "sandbox-tts",
        voices: tuple[str, ...] = VOICES,
        api_key: str | None = None,
        formats: Container[str] = FORMATS,
        content_type: str | None = None,
        first_byte_seconds: float = 0.0,
        seconds_per_character: float = 0.0,
        chunk_seconds: float = 0.1,
        realtime_factor: float = float("inf"),
    ) -> None:
        """Describe the service.

        Args:
            voice: speaks, whichever voice is asked for; None is hibari, English.
            encoded: speaks in its place, and gives a text in a `response_format`; called in threads.
            model: the only model there is.
            voices: the names of voices that are known.
            api_key: the key that is asked for; None accepts any key and none.
            formats: the values of `response_format` that are taken; others are refused, as by a server of FastAPI.
            content_type: what its answers are called, whatever they are; None: what they are.
            first_byte_seconds: seconds from a request to the first byte of its answer, or more if the voice is slower.
            seconds_per_character: and so many more for each character.
            chunk_seconds: how many seconds of sound come at once.
            realtime_factor: how many seconds of sound come in a second, from the first byte on.
        """
        self.requests: list[HostedSpeechRequest] = []
        """Every request so far, oldest first."""
        self.refused: list[str] = []
        """What was asked for and is not implemented here."""
        self.first_byte_seconds = first_byte_seconds
        """Seconds from a request to its first byte; may be changed at any time."""
        self.realtime_factor = realtime_factor
        """Seconds of sound in a second; may be changed at any time."""
        self.outage: HostedSpeechFault | None = None
        """How every request goes wrong for which nothing else is ordered, until this is None again."""
        self.spoils: Callable[[str], bool] = lambda _: True
        """Whether what was ordered is for a request to speak this text; what it is not for goes well."""
        self._voice = voice or HibariVoice()
        self._model = model
        self._voices = voices
        self._api_key = api_key
        self._formats = formats
        self._content_type = content_type
        self._seconds_per_character = seconds_per_character
        self._chunk_seconds = chunk_seconds
        # A voice here must cost the machine as little as one elsewhere does, or it would spoil what is measured.
        self._spoken = encoded or lru_cache(maxsize=_CACHED_TEXTS)(self._speak)
        self._faults: deque[HostedSpeechFault] = deque()
        self._threads: ThreadPoolExecutor | None = None
        self._site = LoopbackSite([web.post("/v1/audio/speech", self._create_speech)])
        self._running = AsyncExitStack()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="hosted-speech")
            starting.callback(self._threads.shutdown, cancel_futures=True)
            await self._site.start()
            starting.push_async_callback(self._site.stop)
            self._running = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()

    @property
    def base_url(self) -> str:
        """What stands before /audio/speech."""
        return f"{self._site.url}/v1"

    def order(self, *faults: HostedSpeechFault) -> None:
        """Let the next requests go wrong, one fault each, in this order; then comes what `outage` says."""
        self._faults.extend(faults)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have come, of those ever made."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    def down(self) -> AbstractAsyncContextManager[None]:
        """While inside, nothing listens at the address and open connections are gone."""
        return self._site.down()

    async def _create_speech(self, request: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return refusal(400, "the body is no JSON object")
        record = HostedSpeechRequest(body, headers_to_keep(request), arrived, client_port(request))
        async with self._arrived:
            self.requests.append(record)
            self._arrived.notify_all()
        try:
            refused = check_key(request, self._api_key) or refuse(body, model=self._model, voices=self._voices)
        except Unimplemented as error:
            self.refused.append(error.what)
            return refusal(501, str(error))
        if refused is None and record.format not in self._formats:
            refused = web.json_response({"detail": [{"loc": ["body", "response_format"]}]}, status=422)
        return refused or await self._answer(request, record)

    def _fault_for(self, text: str) -> HostedSpeechFault | None:
        if not self.spoils(text):
            return None
        return self._faults.popleft() if self._faults else self.outage

    async def _answer(self, request: web.Request, record: HostedSpeechRequest) -> web.StreamResponse:
        content_type = self._content_type or FORMATS[record.format].content_type
        fault = self._fault_for(record.text)
        match fault:
            case Status(status, retry_after, message):
                return refusal(status, message, retry_after)
            case EmptyBody():
                return web.Response(content_type=content_type)
            case HtmlPage():
                return web.Response(text=_HTML_PAGE, content_type="text/html")
            case CorruptAudio():
                return web.Response(body=_CORRUPT_AUDIO, content_type=content_type)
            case FramesBomb(minutes):
                body = await asyncio.to_thread(flac_bomb, minutes)
                return web.Response(body=body, content_type="audio/flac")
            case Hang():
                await asyncio.Event().wait()
        return await self._stream(request, record, fault)

    async def _stream(
        self, request: web.Request, record: HostedSpeechRequest, fault: HostedSpeechFault | None
    ) -> web.StreamResponse:
        form = FORMATS[record.format]
        loop = asyncio.get_running_loop()
        audio = await loop.run_in_executor(self._threads, self._spoken, record.text, record.format)
        match fault:
            case Drip(seconds, is_head_too):
                return await drip(request, form.content_type, audio, seconds=seconds, is_head_too=is_head_too)
            case EndlessSpeech():
                return await send_for_ever(request, form.content_type, audio, audio)
            case GzipBomb(megabytes):
                return await asyncio.to_thread(gzip_bomb, form.content_type, audio, audio, megabytes=megabytes)
        first_byte_seconds = fault.delay if isinstance(fault, Slow) else self.first_byte_seconds
        part = fault.fraction if isinstance(fault, HangAfter | CutAfter) else 1.0
        response = await stream_audio(
            request,
            self._content_type or form.content_type,
            audio[: int(len(audio) * part)],
            first_at=record.arrived + first_byte_seconds + self._seconds_per_character * len(record.text),
            chunk_bytes=max(1, int(form.bytes_per_second * self._chunk_seconds)),
            bytes_per_second=form.bytes_per_second * self.realtime_factor,
        )
        match fault:
            case HangAfter():
                await asyncio.Event().wait()
            case CutAfter():
                abort(request)
            case _:
                record.answered = time.monotonic()
        return response

    def _speak(self, text: str, form: str) -> bytes:
        """Speak `text`; b"" if the voice finds nothing in it to speak."""
        samples, sample_rate = self._voice(text, _LANGUAGE)
        return FORMATS[form].encode(samples, sample_rate) if len(samples) else b""
