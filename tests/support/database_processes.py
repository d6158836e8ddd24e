"""Processes, as the tests play them: each with a connection of its own to the same database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from sqlalchemy import Table, func, select

from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.tables import PROCESSES
from assistant.storage.upsert import upsert

ADA: Final = "a" * 32
BEN: Final = "b" * 32
EVE: Final = "e" * 32


@asynccontextmanager
async def databases(url: str, number: int) -> AsyncIterator[list[Database]]:
    """So many processes' connections to one database."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Database(url)) for _ in range(number)]


async def beat_ago(database: Database, process_id: str, seconds: float) -> None:
    """Make a process's last beat one that many seconds old."""
    await database.execute(upsert(database.dialect, PROCESSES, {"id": process_id}, {"beat_at": Now() - seconds}))


async def rows_in(database: Database, table: Table) -> int:
    """How many rows a table has."""
    count = select(func.count()).select_from(table)
    return await database.run(lambda connection: connection.execute(count).scalar_one())
