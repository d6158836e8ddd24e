"""Hosted recognition on loopback: OpenAI's POST /v1/audio/transcriptions, by a script, with faults on order."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections import deque
from collections.abc import Awaitable, Callable, Container
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final, Self

from aiohttp import BodyPartReader, web

from sandbox.standins.faults import (
    Body,
    CutAfter,
    Drip,
    EmptyBody,
    EndlessText,
    GzipBomb,
    Hang,
    HangAfter,
    HostedRecognitionFault,
    HtmlPage,
    PromptEcho,
    Says,
    Slow,
    Status,
    Sureness,
)
from sandbox.standins.hostile_answers import drip, gzip_bomb, send_for_ever
from sandbox.standins.loopback_site import LoopbackSite
from sandbox.standins.openai_http import abort, check_key, client_port, headers_to_keep, refusal
from sandbox.standins.recognition.answer_form import EVENTS, verbose_json
from sandbox.standins.recognition.recognition_form import FORMATS, LARGEST, refuse
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest

Recognize = Callable[[HostedRecognitionRequest], str | Awaitable[str]]
"""What is heard in a request."""

_HTML_PAGE: Final = "<!doctype html><html><body><h1>Please sign in to this network</h1></body></html>"
_ENDLESS: Final = b" and so on"
_OTHERS_THAN_WHISPER: Final = ("json", "text")


def script(*texts: str) -> Recognize:
    """Hears these texts, one a request and the last one for ever, whatever the sound is."""
    left = deque(texts)
    return lambda _: left.popleft() if len(left) > 1 else left[0]


class HostedRecognition:
    """An OpenAI-compatible server on 127.0.0.1. Use it as an async context manager."""

    def __init__(
        self,
        recognize: Recognize,
        *,
        model: str = "sandbox-stt",
        api_key: str | None = None,
        formats: Container[str] | None = None,
        unknown_fields: Container[str] = (),
        events: str | None = "openai",
        language: str = "english",
    ) -> None:
        """Describe the service.

        Args:
            recognize: hears; it may be a coroutine function.
            model: the only model there is. Whisper, by its name, does not stream, and tells how sure it is.
            api_key: the key that is asked for; None accepts any key and none.
            formats: the values of `response_format` that are taken; None: those of OpenAI's models of that kind.
            unknown_fields: fields that are refused as unknown, as some servers do.
            events: whose events a streamed answer has, one of EVENTS; None: `stream` is ignored.
            language: what the answers call the language, where their form has one.
        """
        self.requests: list[HostedRecognitionRequest] = []
        """Every request so far, oldest first."""
        self.outage: HostedRecognitionFault | None = None
        """How every request goes wrong for which nothing else is ordered, until this is None again."""
        is_whisper = "whisper" in model
        self._recognize = recognize
        self._model = model
        self._api_key = api_key
        self._formats = formats if formats is not None else FORMATS if is_whisper else _OTHERS_THAN_WHISPER
        self._unknown_fields = unknown_fields
        self._events = None if is_whisper else events
        self._language = language
        self._faults: deque[HostedRecognitionFault] = deque()
        self._site = LoopbackSite([web.post("/v1/audio/transcriptions", self._create_transcription)])
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self._site.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._site.stop()

    @property
    def base_url(self) -> str:
        """What stands before /audio/transcriptions."""
        return f"{self._site.url}/v1"

    def order(self, *faults: HostedRecognitionFault) -> None:
        """Let the next requests go wrong, one fault each, in this order; then comes what `outage` says."""
        self._faults.extend(faults)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have come, of those ever made."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    def down(self) -> AbstractAsyncContextManager[None]:
        """While inside, nothing listens at the address and open connections are gone."""
        return self._site.down()

    async def _create_transcription(self, request: web.Request) -> web.StreamResponse:
        record = await _record_of(request)
        if record is None:
            return refusal(400, "the body is no form with a file")
        async with self._arrived:
            self.requests.append(record)
            self._arrived.notify_all()
        refused = check_key(request, self._api_key) or refuse(
            record, model=self._model, formats=self._formats, unknown_fields=self._unknown_fields
        )
        return refused or await self._answer(request, record)

    async def _answer(self, request: web.Request, record: HostedRecognitionRequest) -> web.StreamResponse:
        fault = self._faults.popleft() if self._faults else self.outage
        match fault:
            case Status(status, retry_after, message):
                return refusal(status, message, retry_after)
            case EmptyBody():
                return web.Response(content_type="application/json")
            case HtmlPage():
                return web.Response(text=_HTML_PAGE, content_type="text/html")
            case Body(content_type, body, status):
                headers = {"Content-Type": content_type} if content_type else {}
                return web.Response(body=body, status=status, headers=headers)
            case Hang():
                await asyncio.Event().wait()
            case Slow(delay):
                await asyncio.sleep(delay)
        sureness = Sureness()
        match fault:
            case Says(text, said_sureness):
                sureness = said_sureness or sureness
            case PromptEcho():
                text = record.prompt
            case _:
                heard = self._recognize(record)
                text = await heard if inspect.isawaitable(heard) else heard
        return await self._send(request, record, fault, text, sureness)

    async def _send(
        self,
        request: web.Request,
        record: HostedRecognitionRequest,
        fault: HostedRecognitionFault | None,
        text: str,
        sureness: Sureness,
    ) -> web.StreamResponse:
        if self._events is not None and record.is_streamed:
            pieces, content_type = list(EVENTS[self._events](text)), "text/event-stream"
        else:
            whole = self._whole_answer(record, text, sureness)
            assert isinstance(whole.body, bytes)
            pieces, content_type = [whole.body], whole.headers["Content-Type"]
        body = b"".join(pieces)
        match fault:
            case Drip(seconds, is_head_too):
                return await drip(request, content_type, body, seconds=seconds, is_head_too=is_head_too)
            case EndlessText():
                return await send_for_ever(request, content_type, body[: len(body) // 2], _ENDLESS * 1000)
            case GzipBomb(megabytes):
                return await asyncio.to_thread(gzip_bomb, content_type, body, _ENDLESS, megabytes=megabytes)
        part = fault.fraction if isinstance(fault, HangAfter | CutAfter) else 1.0
        response = web.StreamResponse(headers={"Content-Type": content_type})
        await response.prepare(request)
        for piece in pieces if part == 1.0 else [body[: int(len(body) * part)]]:
            await response.write(piece)
        match fault:
            case HangAfter():
                await asyncio.Event().wait()
            case CutAfter():
                abort(request)
        return response

    def _whole_answer(self, record: HostedRecognitionRequest, text: str, sureness: Sureness) -> web.Response:
        match record.format:
            case "text":
                return web.Response(text=f"{text}\n", content_type="text/plain")
            case "verbose_json":
                seconds = len(record.pcm) / 32_000
                return web.json_response(
                    verbose_json(text, language=self._language, duration=seconds, sureness=sureness)
                )
            case _:
                return web.json_response({"text": text})


async def _record_of(request: web.Request) -> HostedRecognitionRequest | None:
    """The request, read to its end; None if it is no form."""
    arrived = time.monotonic()
    if request.content_type != "multipart/form-data":
        return None
    fields, file, file_name = dict[str, str](), b"", ""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            return None
        content = bytes(await part.read())
        if part.name == "file":
            file, file_name = content[: LARGEST + 1], part.filename or ""
        else:
            fields[part.name] = content.decode(errors="replace")
    return HostedRecognitionRequest(
        fields=fields,
        file=file,
        file_name=file_name,
        headers=headers_to_keep(request),
        arrived=arrived,
        client_port=client_port(request),
    )
