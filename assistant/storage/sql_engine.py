"""What runs transactions: one for each kind of database."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection

from assistant.storage.sqlite import LOCK_SECONDS, SqliteEngine

T = TypeVar("T")


class Engine(Protocol):
    """The connections to one database."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` in a transaction of its own: committed when it returns, rolled back when it raises.

        To be waited for to its end: a connection that is let go of in the middle of a transaction may be lost.
        """

    async def dispose(self) -> None:
        """Close the connections, in the loop in which they were used."""


def make_engine(address: URL, *, lock_seconds: float = LOCK_SECONDS) -> Engine:
    """An engine for a file or a server; nothing is opened yet. Blocks while it imports what the database needs.

    A transaction waits for `lock_seconds` for another process to let go of a file.
    """
    if address.get_backend_name() == "sqlite":
        return SqliteEngine(address, lock_seconds)
    from assistant.storage.postgresql import PostgresqlEngine  # noqa: PLC0415 - a bot with a file does without it

    return PostgresqlEngine(address)
