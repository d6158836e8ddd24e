"""A transaction of another client, held open while a test does other things."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine

T = TypeVar("T")


class Held(Protocol):
    """Runs something in the transaction."""

    def __call__(self, work: Callable[[Connection], T], /) -> Coroutine[Any, Any, T]: ...


@asynccontextmanager
async def held_transaction(url: str) -> AsyncIterator[Held]:
    """A transaction until the end of the block, which nobody waits for: in SQLite it is the only one that writes."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:

            async def run(work: Callable[[Connection], T], /) -> T:
                return work(connection)

            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield run
            connection.exec_driver_sql("COMMIT")
        engine.dispose()
    else:
        server = create_async_engine(url)
        async with server.begin() as asynchronous:
            yield asynchronous.run_sync
        await server.dispose()
