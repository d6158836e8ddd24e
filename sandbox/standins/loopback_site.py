"""A web server on loopback that can be taken down and put up again at the same address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from sandbox.loopback_runner import close_runner


class LoopbackSite:
    """Plain HTTP on 127.0.0.1."""

    def __init__(self, routes: Sequence[web.RouteDef]) -> None:
        """Serve `routes`, once started."""
        self._routes = routes
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen: at any free port for the first time, then always at that one."""
        app = web.Application()
        app.add_routes(self._routes)
        # Handlers are cancelled when their client leaves: a hung one has nothing else to wake it.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Close the address and all connections."""
        if self._runner is not None:
            await close_runner(self._runner)
            self._runner = None

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """While inside, nothing listens at the address and open connections are gone."""
        await self.stop()
        try:
            yield
        finally:
            await self.start()
