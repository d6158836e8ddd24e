"""A SQLite file: one thread has the one connection to it, and runs transaction after transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

from assistant.storage.sqlite_file import LOCK_SECONDS

T = TypeVar("T")


class SqliteEngine:
    """See `engine.Engine`.

    A whole transaction goes to the thread at once. With an asynchronous driver each of its steps does, at several
    times the cost: a message's transactions were a quarter of what a bot with a hundred calls took.
    """

    def __init__(self, address: URL) -> None:
        # Only one connection may write at a time: one does, and waits for no other of ours.
        self._engine = create_engine(
            address, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"timeout": LOCK_SECONDS}
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """See `engine.Engine`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def dispose(self) -> None:
        """See `engine.Engine`."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown(wait=False)  # it has nothing left to do

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


def _prepare(connection: DBAPIConnection, _: object) -> None:
    # Python's driver would begin transactions by itself, and commits before some statements; we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, what is committed outlives the process; that it outlives the machine's power is not worth waiting for
    # the disk with each message.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once, without waiting, when another process has
    # written in between; one that is going to write from its beginning waits for its turn. Ours are too short for it to
    # matter that those which only read wait likewise.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
