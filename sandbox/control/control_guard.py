"""Lets nobody in but a program on this machine that was told the token."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

_NAMES: Final = ("127.0.0.1", "localhost")


class ControlGuard:
    """Checks requests before any route sees them.

    `Host` stops a foreign name that was made to lead to 127.0.0.1 (DNS rebinding); `Origin`, which browsers send and
    programs do not, a page that reaches for it.
    """

    def __init__(self, token: str) -> None:
        self._wanted = f"Bearer {token}".encode()

    @web.middleware
    async def check(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Serve a request that may come in; 403 for a foreign host or any page, 401 without the token."""
        socket = request.transport.get_extra_info("sockname") if request.transport is not None else None
        hosts = {f"{name}:{socket[1]}" for name in _NAMES} if socket else set()
        if request.headers.get("Host") not in hosts or "Origin" in request.headers:
            return _refused(403, "only programs on this machine are let in, by the name 127.0.0.1 or localhost")
        if not secrets.compare_digest(request.headers.get("Authorization", "").encode(), self._wanted):
            return _refused(401, "the header `Authorization: Bearer TOKEN` is wanted")
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _refused(error.status, f"{request.method} {request.path}: {error.reason}")


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"error": "Refused", "message": message}, status=status)
