"""A relay in front of a server, which can stand still: connections are taken, and nothing is answered."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from sqlalchemy import URL, make_url

_PORT: Final = 5432
_BYTES: Final = 65536


class FreezableRelay:
    """Passes on what goes between its clients and a PostgreSQL server. Use it as an async context manager."""

    def __init__(self, database_url: str) -> None:
        """Nothing listens yet; `database_url` is that of a database on the server."""
        self._database: URL = make_url(database_url)
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for pump in self._pumps:
            pump.cancel()
        if self._pumps:
            await asyncio.wait(self._pumps)

    @property
    def url(self) -> str:
        """The database's address through the relay."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        through = self._database.set(drivername="postgresql", host="127.0.0.1", port=port, query={})
        return through.render_as_string(hide_password=False)

    def freeze(self) -> None:
        """From now on, take connections and bytes, and pass nothing on."""
        self._flows.clear()

    def thaw(self) -> None:
        """Pass on again, also what has come meanwhile."""
        self._flows.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pumps.add(task)
        try:
            await self._flows.wait()
            server_reader, server_writer = await self._connect()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pump(reader, server_writer))
                tasks.create_task(self._pump(server_reader, writer))
        finally:
            writer.close()
            self._pumps.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = self._database.query.get("host")
        if folder is not None:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._database.port or _PORT}")
        return await asyncio.open_connection(self._database.host, self._database.port or _PORT)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):  # either end may hang up
                while data := await reader.read(_BYTES):
                    await self._flows.wait()
                    writer.write(data)
                    await writer.drain()
        finally:
            writer.close()
