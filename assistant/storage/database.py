"""The database: opened at the start, closed at the end."""

import asyncio
import functools
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Concatenate, Final, ParamSpec, Protocol, Self, TypeVar

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from assistant.errors import StorageUnavailable
from assistant.redactor import Redactor
from assistant.storage.engine import make_engine
from assistant.storage.upgrade import upgrade

_log = logging.getLogger(__name__)

_LONGEST_DETAIL: Final = 300

T = TypeVar("T")


class Database:
    """A SQLite file or a PostgreSQL database, with its tables at the newest revision while the `async with` lasts."""

    def __init__(self, url: str) -> None:
        """`url` is as `read_database_url` returns it: `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`."""
        self._url = make_url(url)
        self._engine: AsyncEngine | None = None
        self._working: set[asyncio.Task[Any]] = set()

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
        await asyncio.gather(*self._working, return_exceptions=True)
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of some work, which goes on to its end also when who waits for it is cancelled.

        A connection that is let go of in the middle of a transaction is lost, and not closed.
        """
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._worked)
        return await asyncio.shield(task)

    def _worked(self, task: asyncio.Task[Any]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.debug("A transaction failed, whoever waits for it: %r", error)

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


class _Store(Protocol):
    _database: Database


S = TypeVar("S", bound=_Store)
P = ParamSpec("P")


def to_its_end(
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Have a method of a store run to its end, as `Database.finish` does."""

    @functools.wraps(method)
    async def run(store: S, /, *args: P.args, **named: P.kwargs) -> T:
        return await store._database.finish(method(store, *args, **named))

    return run


def _open(url: URL) -> AsyncEngine:
    upgrade(url)
    return make_engine(url)  # here, since it imports the driver
