"""The database: opened at the start, closed at the end."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from sqlalchemy import URL, Connection, Executable, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from assistant.domain.errors import StorageTooNew, StorageUnavailable
from assistant.storage.migrate import upgrade
from assistant.storage.sql_engine import Engine, make_engine
from assistant.util.redaction import Redactor

_logger = logging.getLogger(__name__)

_LONGEST_DETAIL: Final = 300
_LAST_SECONDS: Final = 1.0
"""How long transactions that run may take when the database is closed, and the closing as well."""

T = TypeVar("T")


class Database:
    """A SQLite file or a PostgreSQL database, with its tables at the newest revision while the `async with` lasts."""

    def __init__(self, url: str) -> None:
        """`url` is as `read_database_url` returns it: `sqlite:///path` or `postgresql+asyncpg://…`."""
        self._url = make_url(url)
        self._engine: Engine | None = None
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def dialect(self) -> str:
        """The name of the database's kind: "sqlite" or "postgresql"."""
        return self._url.get_backend_name()

    async def __aenter__(self) -> Self:
        """Open it; a SQLite file is made, with its folder.

        Raises:
            StorageUnavailable: it can't be opened.
            StorageTooNew: a newer version of this program has changed its tables.
        """
        try:
            self._engine = await asyncio.to_thread(_open, self._url)
        except StorageTooNew:
            raise
        except Exception as error:  # of the system, of SQLAlchemy, of Alembic, or of a type of the driver's own
            raise self._unavailable(error) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it. What a database that hangs has not done after a moment is given up."""
        if self._running:
            await asyncio.wait(self._running, timeout=_LAST_SECONDS)
        for task in (left := [*self._running]):
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_LAST_SECONDS)
        engine, self._engine = self._engine, None
        if engine is not None:
            try:
                async with asyncio.timeout(_LAST_SECONDS):
                    await engine.dispose()
            except TimeoutError:
                _logger.warning("The database hangs: its connections are left open")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` in a transaction of its own: committed when it returns, rolled back when it raises.

        It goes on to its end also when who waits for it is cancelled. `work` must do nothing but use the connection:
        it may run in another thread.

        Raises:
            StorageUnavailable: the database fails, or can't be reached.
        """
        if self._engine is None:
            raise RuntimeError("Database is used outside its `async with`")
        task = asyncio.create_task(self._run(self._engine, work))
        self._running.add(task)
        task.add_done_callback(self._ran)
        return await asyncio.shield(task)

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement in a transaction of its own, as `run` does; return how many rows it changed."""
        return await self.run(lambda connection: connection.execute(statement, parameters).rowcount)

    async def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        has_begun = False

        def begun(connection: Connection) -> T:
            nonlocal has_begun
            has_begun = True
            return work(connection)

        try:
            return await engine.run(begun)
        except Exception as error:  # drivers raise types of their own where no connection comes about
            if not has_begun or _is_of_the_database(error):
                raise self._unavailable(error) from error
            raise  # a mistake in a statement, or in `work`

    def _ran(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.debug("A transaction failed, whoever waits for it: %r", error)

    def _unavailable(self, error: Exception) -> StorageUnavailable:
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        redactor = Redactor([self._url.password] if self._url.password else [])
        detail = " ".join(redactor.redact(said).split()) or type(error).__name__
        address = self._url.set(query={}).render_as_string(hide_password=True)
        return StorageUnavailable(address=address, detail=detail[:_LONGEST_DETAIL])


def _is_of_the_database(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError)
    return isinstance(error, OSError)  # asyncpg's connection broke, or took too long


def _open(url: URL) -> Engine:
    upgrade(url)
    return make_engine(url)
