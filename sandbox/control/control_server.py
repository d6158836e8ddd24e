"""The control API's HTTP server, on 127.0.0.1 only."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from sandbox.control.control_guard import ControlGuard
from sandbox.control.control_routes import ControlRoute, control_routes
from sandbox.control.lookup import Lookup, NotFound
from sandbox.control.request_reader import RequestReader, WrongField
from sandbox.loopback_discord import Sandbox
from sandbox.loopback_runner import close_runner
from sandbox.state.errors import ApiError, NotAllowed
from sandbox.state.json_types import Json

_logger = logging.getLogger(__name__)
_MOST_BYTES: Final = 64 * 1024 * 1024
"""Ten minutes of sound at 48 kHz."""
_STATUS: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (TimeoutError, 408),
    (RuntimeError, 409),
    (ValueError, 400),
    (ApiError, 400),
)
"""What an error of the sandbox is in HTTP; the first that fits."""


class ControlServer:
    """Lets programs in any language drive a sandbox, while the `async with` lasts.

    async with Sandbox() as sandbox, ControlServer(sandbox) as control:
        print(control.url, control.token)
    """

    def __init__(self, sandbox: Sandbox, *, port: int = 0, token: str | None = None) -> None:
        """`port` 0 is any that is free; without a `token`, one is made."""
        self.token = token or secrets.token_urlsafe(24)
        """What each request must bring: `Authorization: Bearer …`."""
        self.url = ""
        """Where it is, without a slash at the end; known once the server is entered."""
        self._sandbox = sandbox
        self._port = port
        self._reader = RequestReader(Lookup(sandbox))
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            app = web.Application(client_max_size=_MOST_BYTES, middlewares=[ControlGuard(self.token).check])
            for route in control_routes(self._sandbox):
                app.router.add_route(route.method, route.path, self._server_of(route))
            # Whoever hangs up takes back what they wait for: a member who speaks falls silent.
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
            await runner.setup()
            stack.push_async_callback(close_runner, runner)
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self._running = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.__aexit__(kind, error, trace)

    def _server_of(self, route: ControlRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            try:
                given = {**request.query, **await _fields(request), **request.match_info}
                answer = await route.answer(**self._reader.arguments(route.answer, given))
            except tuple(kind for kind, _ in _STATUS) as error:
                status = next(status for kind, status in _STATUS if isinstance(error, kind))
                _logger.info("%s %s: %s", request.method, request.path, error)
                return _failure(error, status)
            except Exception as error:
                _logger.exception("%s %s breaks the sandbox", request.method, request.path)
                return _failure(error, 500)
            return await _response(request, answer)

        return serve


async def _fields(request: web.Request) -> Json:
    """The fields of the body: a JSON object, or a sound file as the field `sound`.

    Raises:
        WrongField: it is neither.
    """
    if not request.can_read_body:
        return {}
    body = await request.read()
    if request.content_type.startswith(("audio/", "application/octet-stream")):
        return {"sound": body}
    try:
        fields = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise WrongField("the body is no JSON") from None
    if not isinstance(fields, dict):
        raise WrongField("the body is no JSON object")
    return fields


def _failure(error: Exception, status: int) -> web.Response:
    return web.json_response({"error": type(error).__name__, "message": str(error)}, status=status)


async def _response(request: web.Request, answer: Any) -> web.StreamResponse:
    if answer is None:
        return web.Response(status=204)
    if isinstance(answer, bytes):
        return web.Response(body=answer, content_type="audio/wav")
    if isinstance(answer, AsyncGenerator):
        return await _stream(request, answer)
    return web.json_response(answer)


async def _stream(request: web.Request, lines: AsyncGenerator[Json, None]) -> web.StreamResponse:
    """One JSON object a line, as they come."""
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    async with aclosing(lines):
        await response.prepare(request)
        try:
            async for line in lines:
                await response.write(json.dumps(line).encode() + b"\n")
            await response.write_eof()
        except ConnectionError:
            pass  # whoever read has gone; there is nobody to tell
    return response
