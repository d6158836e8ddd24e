"""Lets nobody in but a page of this server: the right name, the right origin, the token in the path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

_NAMES: Final = ("127.0.0.1", "localhost")
_FIXED_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageGuard:
    """Checks requests before any handler sees them. Whoever it refuses learns nothing, not even that a path exists.

    `Host` stops a foreign name that was made to lead to 127.0.0.1 (DNS rebinding), `Origin` a foreign page that
    reaches for ours; whatever else runs on this machine does not know the token.
    """

    def __init__(self, token: str, files_url: str) -> None:
        """`files_url` is where the page finds the files of messages, besides what this server has."""
        self._prefix = f"/{token}/"
        self._policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            f"img-src 'self' {files_url} data:; media-src 'self' {files_url} blob:; worker-src 'self'; "
            "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        )

    @web.middleware
    async def check(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Serve a request of our own page; 403 for a foreign host or origin, 404 without the token."""
        if not self._is_ours(request):
            raise web.HTTPForbidden
        if not request.path.startswith(self._prefix):
            raise web.HTTPNotFound
        return await handler(request)

    async def add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        """A signal handler: what the browser is told to hold the page to."""
        response.headers.update(_FIXED_HEADERS)
        response.headers["Content-Security-Policy"] = self._policy

    @staticmethod
    def _is_ours(request: web.Request) -> bool:
        socket = request.transport.get_extra_info("sockname") if request.transport is not None else None
        if socket is None:
            return False
        hosts = {f"{name}:{socket[1]}" for name in _NAMES}
        origins = {f"http://{host}" for host in hosts}
        return request.headers.get("Host") in hosts and set(request.headers.getall("Origin", [])) <= origins
