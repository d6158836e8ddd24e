"""Brings a database to the newest revision, before anything uses it."""

import asyncio
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text

from assistant.storage.engine import LOCK_SECONDS, make_engine
from assistant.storage.sqlite_file import prepare_file

_MIGRATIONS: Final = Path(__file__).with_name("migrations")

_LOCK: Final = 4_775_202_611
"""The number of our advisory lock in PostgreSQL: any that no other program there uses."""


def upgrade(url: URL) -> None:
    """Bring the database to the newest revision, all or nothing; any number of processes may do so at once.

    Blocks, with an event loop of its own: to be called in a thread. Alembic serves one thread of a process at a time.
    """
    asyncio.run(_upgrade(url))


async def _upgrade(url: URL) -> None:
    engine = make_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            prepare_file(Path(engine.url.database or ""), LOCK_SECONDS)
        async with engine.begin() as connection:  # in SQLite, this takes its own lock: see engine.py
            if engine.dialect.name == "postgresql":
                await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS:.0f}s'"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_run_migrations)
    finally:
        await engine.dispose()


def _run_migrations(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> Config:
    """Alembic's configuration, whatever the current folder is."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
