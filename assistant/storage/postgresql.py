"""A PostgreSQL server, over a few connections."""

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from assistant.storage.postgresql_arguments import connect_arguments

_CONNECTIONS: Final = 5

T = TypeVar("T")


class PostgresqlEngine:
    """See `sql_engine.Engine`. Nothing blocks: `work` is suspended wherever it waits for the server."""

    def __init__(self, address: URL) -> None:
        place, arguments = connect_arguments(address)
        self._engine = create_async_engine(
            place,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,  # servers and what stands before them close connections that were idle
            connect_args=arguments,
        )

    async def run(self, work: Callable[[Connection], T]) -> T:
        """See `sql_engine.Engine`."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def dispose(self) -> None:
        """See `sql_engine.Engine`."""
        await self._engine.dispose()
