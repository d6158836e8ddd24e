"""A language model's endpoint on loopback: OpenAI-compatible, at a chosen pace, with faults on order."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from sandbox.standins.faults import (
    Body,
    CutAfterTokens,
    Empty,
    EndAfterTokens,
    Endless,
    ErrorAfterTokens,
    Hang,
    HangAfterTokens,
    ModelFault,
    RefusedField,
    Reset,
    SlowHeaders,
    SlowTokens,
    Status,
    WholeAnswer,
)
from sandbox.standins.language_model.completion_stream import CompletionStream, completion, text_of, tokens_of, usage_of
from sandbox.standins.language_model.responder import respond
from sandbox.standins.loopback_site import LoopbackSite
from sandbox.standins.openai_http import abort, check_key, client_port, error_object, headers_to_keep, refusal

Responder = Callable[[list[dict[str, str]]], str]
"""Answers the messages of a request; it is called on the event loop, so it must be quick."""

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what OpenAI accepts as a message's `name`


@dataclass(slots=True)
class ModelRequest:
    """One request to POST /chat/completions."""

    body: dict[str, Any]
    """The JSON that came."""
    headers: dict[str, str]
    """Its headers by their names in lower case; the value of `authorization` is not kept."""
    arrived: float
    """When it came, by `time.monotonic`."""
    client_port: int
    """The TCP port it came from: the same one means the same connection."""
    tokens: list[tuple[float, str]] = field(default_factory=list)
    """The tokens streamed in answer, each with the `time.monotonic` of its sending."""


class LanguageModel:
    """An OpenAI-compatible server on 127.0.0.1. Use it as an async context manager."""

    def __init__(
        self,
        responder: Responder = respond,
        *,
        model: str = "sandbox-model",
        api_key: str | None = None,
        first_token_seconds: float = 0.0,
        tokens_per_second: float = float("inf"),
    ) -> None:
        """Describe the server.

        Args:
            responder: finds the answer to a conversation.
            model: the only model there is.
            api_key: the key that is asked for; None accepts any key and none.
            first_token_seconds: seconds from a request to the first token of its answer.
            tokens_per_second: the pace from there; a token is a piece of a word.
        """
        self.requests: list[ModelRequest] = []
        """Every request so far, oldest first."""
        self.first_token_seconds = first_token_seconds
        """Seconds from a request to its first token; may be changed at any time."""
        self.tokens_per_second = tokens_per_second
        """The pace of the tokens; may be changed at any time."""
        self.outage: ModelFault | None = None
        """How every request goes wrong for which nothing else is ordered, until this is None again."""
        self.spoils: Callable[[str], bool] = lambda _: True
        """Whether what was ordered is for a request with this last message; what it is not for goes well."""
        self.megabytes_of_models = 0
        """How long the list of models is, which is sent even where only its head is asked for; 0: as it should be."""
        self._responder = responder
        self._model = model
        self._api_key = api_key
        self._faults: deque[ModelFault] = deque()
        self._site = LoopbackSite(
            [web.post("/v1/chat/completions", self._complete), web.get("/v1/models", self._list_models)]
        )
        self._answering = 0
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self._site.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._site.stop()

    @property
    def base_url(self) -> str:
        """What the bot is given as AI_BASE_URL."""
        return f"{self._site.url}/v1"

    def order(self, *faults: ModelFault) -> None:
        """Let the next requests go wrong, one fault each, in this order; then comes what `outage` says."""
        self._faults.extend(faults)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have come, of those ever made."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.requests) >= count)

    async def wait_until_idle(self) -> None:
        """Wait until no request is being answered; one whose client has left is not answered any longer."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._answering)

    def down(self) -> AbstractAsyncContextManager[None]:
        """While inside, nothing listens at the address and open connections are gone."""
        return self._site.down()

    async def _list_models(self, request: web.Request) -> web.StreamResponse:
        if refused := check_key(request, self._api_key):
            return refused
        if self.megabytes_of_models:
            return await _send_much(request, self.megabytes_of_models)
        model = {"id": self._model, "object": "model", "created": 0, "owned_by": "sandbox"}
        return web.json_response({"object": "list", "data": [model]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        try:
            body = await request.json()
        except ValueError:
            return refusal(400, "the body is not JSON")
        record = ModelRequest(body, headers_to_keep(request), arrived, client_port(request))
        async with self._changed:
            self.requests.append(record)
            self._changed.notify_all()
        if refused := check_key(request, self._api_key) or self._check(body):
            return refused
        fault = self._fault_for(text_of(body["messages"][-1]["content"]))
        self._answering += 1
        try:
            return await self._answer(request, record, fault)
        finally:
            self._answering -= 1
            async with self._changed:
                self._changed.notify_all()

    def _fault_for(self, text: str) -> ModelFault | None:
        if not self.spoils(text):
            return None
        return self._faults.popleft() if self._faults else self.outage

    def _check(self, body: object) -> web.Response | None:
        """Refuse what real endpoints refuse."""
        match body:
            case {"model": str(model), "messages": [*messages]} if messages:
                pass
            case _:
                return refusal(400, "model and messages are required")
        if model != self._model:
            return refusal(404, f"The model `{model}` does not exist")
        for message in messages:
            match message:
                case {"role": "system" | "user" | "assistant", "content": content, **others} if _is_content(content):
                    name = others.pop("name", "nobody")
                    valid = not others and isinstance(name, str) and _NAME.fullmatch(name)
                case _:
                    valid = False
            if not valid:
                return refusal(400, f"Invalid message: {message}")
        return None

    async def _answer(  # noqa: PLR0911 - one for each kind of answer
        self, request: web.Request, record: ModelRequest, fault: ModelFault | None
    ) -> web.StreamResponse:
        match fault:
            case Status(status, retry_after, message):
                return refusal(status, message, retry_after)
            case Body():
                return await _send_body(request, fault)
            case Reset():
                abort(request)
                return web.Response()
            case Hang():
                await asyncio.Event().wait()
            case Endless(event, pause):
                return await _send_for_ever(request, event, pause)
            case SlowHeaders(pause):
                await _send_headers_for_ever(request, pause)
            case RefusedField() if fault.field in record.body:
                return _refuse_field(fault)
        told = [message | {"content": text_of(message["content"])} for message in record.body["messages"]]
        text = "" if isinstance(fault, Empty) else self._responder(told)
        if isinstance(fault, WholeAnswer) or not record.body.get("stream"):
            writing = max(0, len(tokens_of(text)) - 1) / self.tokens_per_second
            await asyncio.sleep(record.arrived + self.first_token_seconds + writing - time.monotonic())
            return web.json_response(completion(self._model, text, usage_of(record.body["messages"], text)))
        return await self._stream(request, record, text, fault)

    async def _stream(
        self, request: web.Request, record: ModelRequest, text: str, fault: ModelFault | None
    ) -> web.StreamResponse:
        first, pace = self.first_token_seconds, self.tokens_per_second
        if isinstance(fault, SlowTokens):
            first, pace = fault.first_token_seconds, fault.tokens_per_second
        asks = (record.body.get("stream_options") or {}).get("include_usage")
        usage = usage_of(record.body["messages"], text) if asks else None
        stream = CompletionStream(self._model, record.tokens, usage)
        await stream.begin(request)
        limit = (
            fault.tokens
            if isinstance(fault, HangAfterTokens | CutAfterTokens | EndAfterTokens | ErrorAfterTokens)
            else None
        )
        await stream.say(text, first_token_at=record.arrived + first, tokens_per_second=pace, limit=limit)
        match fault:
            case HangAfterTokens():
                await asyncio.Event().wait()
            case CutAfterTokens():
                abort(request)
            case EndAfterTokens():
                pass
            case ErrorAfterTokens(_, code):
                await stream.send(error_object("ordered by the test", code))
            case _:
                await stream.finish()
        return stream.response


def _is_content(content: object) -> bool:
    """Whether it has a form that endpoints with models that see take."""
    match content:
        case str():
            return True
        case [*parts] if parts:
            return all(map(_is_part, parts))
        case _:
            return False


def _is_part(part: object) -> bool:
    match part:
        case {"type": "text", "text": str(), **others} if not others:
            return True
        case {"type": "image_url", "image_url": {"url": str(url)}, **others} if not others:
            return re.match(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$", url) is not None
        case _:
            return False


async def _send_body(request: web.Request, body: Body) -> web.StreamResponse:
    response = web.StreamResponse(status=body.status, headers=dict(body.headers))
    response.headers["Content-Type"] = body.content_type
    response.content_length = len(body.body)
    await response.prepare(request)
    await response.write(body.body)
    return response


async def _send_for_ever(request: web.Request, event: bytes, pause: float) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    at_once = event if pause else event * max(1, (1 << 16) // len(event))
    with suppress(ConnectionError):
        while True:
            await response.write(at_once)
            await asyncio.sleep(pause)
    return response


async def _send_much(request: web.Request, megabytes: int) -> web.Response:
    transport = request.transport
    if transport is not None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {megabytes * 1_000_000}\r\n\r\n"
        transport.write(head.encode())
        for _ in range(megabytes):
            if transport.is_closing():
                break
            transport.write(b"[" * 1_000_000)
            await asyncio.sleep(0)
        transport.close()
    return web.Response()  # it reaches nobody any more


async def _send_headers_for_ever(request: web.Request, pause: float) -> None:
    """Until the client leaves."""
    transport = request.transport
    if transport is not None:
        transport.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            transport.write(b"x")
            await asyncio.sleep(pause)


def _refuse_field(fault: RefusedField) -> web.Response:
    message = fault.message or f"Unsupported parameter: '{fault.field}' is not supported with this model."
    refused = error_object(message, "unsupported_parameter")
    if fault.names_param:
        refused["error"]["param"] = fault.field
    return web.json_response(refused, status=400)
