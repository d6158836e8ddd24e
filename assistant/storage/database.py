"""The database: opened at the start, closed at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Final, Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from assistant.errors import StorageUnavailable
from assistant.redactor import Redactor
from assistant.storage.engine import make_engine
from assistant.storage.upgrade import upgrade

_LONGEST_DETAIL: Final = 300


class Database:
    """A SQLite file or a PostgreSQL database, with its tables at the newest revision while the `async with` lasts."""

    def __init__(self, url: str) -> None:
        """`url` is as `read_database_url` returns it: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`."""
        self._url = make_url(url)
        self._engine: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        """Open it; a SQLite file is made, with its folder. Raises StorageUnavailable."""
        try:
            self._engine = await asyncio.to_thread(_open, self._url)
        except Exception as error:  # of the system, of SQLAlchemy, of Alembic, or of a type of the driver's own
            raise self._unavailable(error) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end of the block, rolled back when that raises.

        Never open one inside another: with SQLite, where there is one connection, the second would wait for the first.
        Raises StorageUnavailable when none can be begun, or when the database fails or goes away within it.
        """
        if self._engine is None:
            raise RuntimeError("Database is used outside its `async with`")
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.begin())
            except Exception as error:
                raise self._unavailable(error) from error
            try:
                yield connection
            except DBAPIError as error:
                if error.connection_invalidated or isinstance(error, OperationalError):
                    raise self._unavailable(error) from error
                raise  # a mistake in a statement

    def _unavailable(self, error: Exception) -> StorageUnavailable:
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        redactor = Redactor([self._url.password] if self._url.password else [])
        detail = " ".join(redactor.redact(said).split()) or type(error).__name__
        address = self._url.set(query={}).render_as_string(hide_password=True)
        return StorageUnavailable(address=address, detail=detail[:_LONGEST_DETAIL])


def _open(url: URL) -> AsyncEngine:
    upgrade(url)
    return make_engine(url)  # here, since it imports the driver
