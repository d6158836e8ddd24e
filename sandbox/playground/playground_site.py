"""The playground's web server."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.loopback_discord import Sandbox
from sandbox.loopback_runner import close_runner
from sandbox.playground.backstage import Backstage
from sandbox.playground.browser_tab import BrowserTab
from sandbox.playground.curtain import Curtain
from sandbox.playground.page_guard import PageGuard
from sandbox.playground.people import RELOAD_SECONDS, People

_FILES: Final = Path(__file__).parent / "static"
_LARGEST_MESSAGE: Final = 64 * 1024
"""Of what a page sends over its websocket, in bytes."""
_HEARTBEAT_SECONDS: Final = 20.0


class Playground:
    """A page on 127.0.0.1 in which people play members of a guild, while the `async with` lasts.

    async with Sandbox() as discord:
        guild = discord.add_guild("Reading club")
        ...
        async with Playground(discord, guild, guild.add_member("Ada")) as playground:
            print(playground.url)
    """

    def __init__(
        self,
        discord: Sandbox,
        guild: GuildHandle,
        first: MemberActor,
        *,
        backstage: Backstage = Backstage(),  # noqa: B008 - it is frozen
        reload_seconds: float = RELOAD_SECONDS,
    ) -> None:
        """Open no port yet.

        Args:
            discord: where the guild is.
            guild: what the page shows.
            first: whom a page plays that names nobody else.
            backstage: what is shown and broken behind the curtain, besides Discord.
            reload_seconds: after how long without a page somebody leaves their call.
        """
        self._reload_seconds = reload_seconds
        self._discord = discord
        self._guild = guild
        self._first = first
        self._backstage = backstage
        self._token = secrets.token_urlsafe(24)
        self._port = 0
        self._running = AsyncExitStack()
        self._sockets: set[web.WebSocketResponse] = set()

    @property
    def url(self) -> str:
        """Where the page is. Whoever has the address may use it: it holds a token."""
        return f"http://127.0.0.1:{self._port}/{self._token}/"

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self.people = People(self._guild, self._reload_seconds)
            self.people.add(self._first)
            stack.push_async_callback(self.people.stop)
            self._curtain = Curtain(self._discord, self._guild, self.people, self._backstage)
            stack.push_async_callback(self._curtain.faults.stop)
            guard = PageGuard(self._token, self._discord.files_url)
            app = web.Application(middlewares=[guard.check])
            app.on_response_prepare.append(guard.add_headers)
            app.router.add_get(f"/{self._token}/", self._serve_page)
            app.router.add_get(f"/{self._token}/socket", self._serve_socket)
            app.router.add_static(f"/{self._token}/", _FILES)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(close_runner, runner)
            stack.push_async_callback(self._close_sockets)
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
            self._port = runner.addresses[0][1]
            self._running = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.__aexit__(kind, error, trace)

    async def _serve_page(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(_FILES / "index.html")

    async def _serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        who = request.query.get("person", "")
        person = self.people.find(int(who)) if who.isdecimal() else None
        socket = web.WebSocketResponse(
            heartbeat=_HEARTBEAT_SECONDS, max_msg_size=_LARGEST_MESSAGE, compress=False, timeout=0.5
        )
        await socket.prepare(request)
        self._sockets.add(socket)
        tab = BrowserTab(
            socket,
            self._guild,
            self.people,
            person or self.people.first,
            curtain=self._curtain,
            is_online=lambda: self._discord.connected,
            wants_pcm=request.query.get("sound") == "pcm",
        )
        try:
            await tab.serve()
        finally:
            self._sockets.discard(socket)
        return socket

    async def _close_sockets(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=1001, message=b"the playground closes")
