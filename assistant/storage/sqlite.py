"""A SQLite file: made ready, then one thread has the one connection to it, and runs transaction after transaction."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool

OPEN_SECONDS: Final = 30.0
"""How long the start waits for another process to let go of the file."""
LOCK_SECONDS: Final = 3.0
"""How long a transaction waits for that afterwards. Meanwhile its thread does nothing else, and cannot end."""
_AGAIN_SECONDS: Final = 0.05
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700

T = TypeVar("T")


class SqliteEngine:
    """See `sql_engine.Engine`.

    A whole transaction goes to the thread at once. With an asynchronous driver each of its steps does, at several
    times the cost: a message's transactions were a quarter of what a bot with a hundred calls took.
    """

    def __init__(self, address: URL, lock_seconds: float) -> None:
        """`lock_seconds` is SQLite's busy_timeout: see `make_engine`."""
        # Only one connection may write at a time: one does, and waits for no other of ours.
        self._engine = create_engine(
            address, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"timeout": lock_seconds}
        )
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin)
        self._connection: Connection | None = None
        """Kept: to take it from the pool and to give it back took a fifth of a transaction's time."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """See `sql_engine.Engine`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def dispose(self) -> None:
        """See `sql_engine.Engine`."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown(wait=False)  # it has nothing left to do, or is waiting for the file for a moment

    def _transact(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return work(self._connection)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def prepare_file(path: Path, seconds: float) -> None:
    """Make the folder and the file, for our user alone, and let reading and writing go on side by side (WAL).

    A folder that is there keeps its mode; a file does not. SQLite gives what it makes beside the file the same mode.
    Blocks, for at most about `seconds` when others use the file.

    Raises:
        OSError: the folder can't be made.
        sqlite3.Error: the file can't be opened, or others do not let go of it.
    """
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    _make_private(path)
    deadline = time.monotonic() + seconds
    with closing(sqlite3.connect(path, timeout=seconds)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                # SQLite does not wait here as it does elsewhere: of two who switch at once, one is refused.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_AGAIN_SECONDS)
            else:
                return


def _make_private(path: Path) -> None:
    path.touch(mode=_FILE_MODE)
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError, PermissionError):  # PermissionError: it is another user's, who shares it
            path.with_name(path.name + suffix).chmod(_FILE_MODE)


def prepare_place(url: URL) -> None:
    """Make the file that `url` names ready, as `prepare_file` does; a server is left to its owner."""
    if url.database and url.get_backend_name() == "sqlite":
        prepare_file(Path(url.database), OPEN_SECONDS)


def _prepare_connection(connection: DBAPIConnection, _: object) -> None:
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
    # By the driver: SQLAlchemy's own way took a third of a transaction's time.
    connection.connection.cursor().execute("BEGIN IMMEDIATE")
