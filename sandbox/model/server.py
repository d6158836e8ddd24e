"""A language model's endpoint on loopback: OpenAI-compatible, at a chosen pace, with faults on order."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from sandbox.model.completion_stream import CompletionStream, completion, error_object, tokens_of
from sandbox.model.faults import (
    Body,
    CutAfter,
    Empty,
    EndAfter,
    ErrorAfter,
    Hang,
    HangAfter,
    ModelFault,
    Reset,
    Slow,
    Status,
    WholeAnswer,
)
from sandbox.model.responder import respond

Responder = Callable[[list[dict[str, str]]], str]
"""Answers the messages of a request; it is called on the event loop, so it must be quick."""

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what OpenAI accepts as a message's `name`


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
        self._responder = responder
        self._model = model
        self._api_key = api_key
        self._faults: deque[ModelFault] = deque()
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._answering = 0
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def base_url(self) -> str:
        """What the bot is given as AI_BASE_URL."""
        return f"http://127.0.0.1:{self._port}/v1"

    def order(self, *faults: ModelFault) -> None:
        """Let the next requests go wrong, one fault each, in this order; the ones after them go well."""
        self._faults.extend(faults)

    async def wait_for_requests(self, count: int) -> None:
        """Wait until `count` requests have come, of those ever made."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.requests) >= count)

    async def wait_until_idle(self) -> None:
        """Wait until no request is being answered; one whose client has left is not answered any longer."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._answering)

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """While inside, nothing listens at the address and open connections are gone."""
        await self._stop()
        try:
            yield
        finally:
            await self._start()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._list_models)
        # Handlers are cancelled when their client leaves: a hung one has nothing else to wake it.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _list_models(self, request: web.Request) -> web.Response:
        if refusal := self._check_key(request):
            return refusal
        model = {"id": self._model, "object": "model", "created": 0, "owned_by": "sandbox"}
        return web.json_response({"object": "list", "data": [model]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        try:
            body = await request.json()
        except ValueError:
            return _refuse(400, "the body is not JSON")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if "authorization" in headers:
            headers["authorization"] = "(not kept)"
        record = ModelRequest(body, headers, arrived, _client_port(request))
        async with self._changed:
            self.requests.append(record)
            self._changed.notify_all()
        if refusal := self._check_key(request) or self._check(body):
            return refusal
        fault = self._faults.popleft() if self._faults else None
        self._answering += 1
        try:
            return await self._answer(request, record, fault)
        finally:
            self._answering -= 1
            async with self._changed:
                self._changed.notify_all()

    def _check_key(self, request: web.Request) -> web.Response | None:
        if self._api_key is None or request.headers.get("Authorization") == f"Bearer {self._api_key}":
            return None
        return _refuse(401, "Incorrect API key provided")

    def _check(self, body: object) -> web.Response | None:
        """Refuse what real endpoints refuse."""
        match body:
            case {"model": str(model), "messages": [*messages]} if messages:
                pass
            case _:
                return _refuse(400, "model and messages are required")
        if model != self._model:
            return _refuse(404, f"The model `{model}` does not exist")
        for message in messages:
            match message:
                case {"role": "system" | "user" | "assistant", "content": str(), **others}:
                    name = others.pop("name", "nobody")
                    valid = not others and isinstance(name, str) and _NAME.fullmatch(name)
                case _:
                    valid = False
            if not valid:
                return _refuse(400, f"Invalid message: {message}")
        return None

    async def _answer(self, request: web.Request, record: ModelRequest, fault: ModelFault | None) -> web.StreamResponse:
        match fault:
            case Status(status, retry_after, message):
                return _refuse(status, message, retry_after)
            case Body(content_type, content):
                return web.Response(body=content, content_type=content_type)
            case Reset():
                _abort(request)
                return web.Response()
            case Hang():
                await asyncio.Event().wait()
        text = "" if isinstance(fault, Empty) else self._responder(record.body["messages"])
        if isinstance(fault, WholeAnswer) or not record.body.get("stream"):
            writing = max(0, len(tokens_of(text)) - 1) / self.tokens_per_second
            await asyncio.sleep(record.arrived + self.first_token_seconds + writing - time.monotonic())
            return web.json_response(completion(self._model, text))
        return await self._stream(request, record, text, fault)

    async def _stream(
        self, request: web.Request, record: ModelRequest, text: str, fault: ModelFault | None
    ) -> web.StreamResponse:
        first, pace = self.first_token_seconds, self.tokens_per_second
        if isinstance(fault, Slow):
            first, pace = fault.first_token_seconds, fault.tokens_per_second
        stream = CompletionStream(self._model, record.tokens)
        await stream.begin(request)
        limit = fault.tokens if isinstance(fault, HangAfter | CutAfter | EndAfter | ErrorAfter) else None
        await stream.say(text, first_token_at=record.arrived + first, tokens_per_second=pace, limit=limit)
        match fault:
            case HangAfter():
                await asyncio.Event().wait()
            case CutAfter():
                _abort(request)
            case EndAfter():
                pass
            case ErrorAfter(_, code):
                await stream.send(error_object("ordered by the test", code))
            case _:
                await stream.finish()
        return stream.response


def _refuse(status: int, message: str, retry_after: str | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return web.json_response(error_object(message, None), status=status, headers=headers)


def _client_port(request: web.Request) -> int:
    address = request.transport and request.transport.get_extra_info("peername")
    return int(address[1]) if address else 0


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
