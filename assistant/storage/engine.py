"""Connections to a database, each kind set up as we need it."""

from typing import Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

LOCK_SECONDS: Final = 30.0
"""How long a transaction may wait for another process to let go of the database."""
_CONNECT_SECONDS: Final = 10.0
_POSTGRESQL_CONNECTIONS: Final = 5


def make_engine(address: URL) -> AsyncEngine:
    """An engine for a file or a server; nothing is opened yet. Dispose of it in the loop it was used in."""
    return _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)


def _sqlite(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address,
        # Each connection is a thread, and only one may write at a time: one does, and waits for no other of ours.
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": LOCK_SECONDS},  # SQLite's busy_timeout
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    # Python's driver would begin transactions by itself, and commits before some statements; we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # With WAL, what is committed outlives the process; that it outlives the machine's power is not worth waiting for
    # the disk with each message.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once, without waiting, when another process has
    # written in between; one that is going to write from its beginning waits for its turn. Ours are too short for it to
    # matter that those which only read wait likewise.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(address: URL) -> AsyncEngine:
    return create_async_engine(
        address,
        pool_size=_POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,  # servers and what stands before them close connections that were idle
        connect_args={"timeout": _CONNECT_SECONDS},
    )
