"""Brings a database to the newest revision, before anything uses it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Connection, inspect, text

from assistant.domain.errors import StorageTooNew
from assistant.storage.sql_engine import make_engine
from assistant.storage.sqlite import OPEN_SECONDS, prepare_place
from assistant.storage.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS: Final = Path(__file__).with_name("migrations")

_LOCK: Final = 4_775_202_611
"""The number of our advisory lock in PostgreSQL: any that no other program there uses."""
_LOCK_SECONDS: Final = 30.0
"""How long PostgreSQL lets us wait for another process that upgrades."""
_VERSION_TABLE: Final = "alembic_version"
"""Where Alembic keeps the revision."""


def upgrade(url: URL) -> None:
    """Bring the database to the newest revision, all or nothing; any number of processes may do so at once.

    Blocks, with an event loop of its own: to be called in a thread. Alembic serves one thread of a process at a time.

    Raises:
        StorageTooNew: a newer version of this program has changed its tables. Nothing is changed.
    """
    asyncio.run(_upgrade(url))


def newest_revision() -> str:
    """The revision of the newest migration, by the number its file begins with."""
    return max(_known_revisions())


def alembic_config() -> "Config":
    """Alembic's configuration, whatever the current folder is."""
    from alembic.config import Config  # noqa: PLC0415 - see _bring_up_to_date

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


async def _upgrade(url: URL) -> None:
    prepare_place(url)
    engine = make_engine(url, lock_seconds=OPEN_SECONDS)
    try:
        await engine.run(_bring_up_to_date)
    finally:
        await engine.dispose()


def _bring_up_to_date(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # in SQLite, a transaction that begins has locked: see sqlite.py
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS:.0f}s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    revision = _revision_of(connection)
    if revision == newest_revision():
        return
    if revision is None and not {_VERSION_TABLE, *METADATA.tables} & {*inspect(connection).get_table_names()}:
        _create_tables(connection)
        return
    if revision is not None and revision not in _known_revisions():
        address = connection.engine.url.set(query={}).render_as_string(hide_password=True)
        raise StorageTooNew(address=address, revision=revision, newest_known=newest_revision())
    # Alembic takes 13 MB for as long as the bot runs, and a quarter of a second: only for an older database.
    from alembic import command  # noqa: PLC0415

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _create_tables(connection: Connection) -> None:
    """What all migrations together would make of an empty database."""
    METADATA.create_all(connection, checkfirst=False)
    # As Alembic makes it itself.
    key = "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)"
    connection.execute(text(f"CREATE TABLE {_VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, {key})"))
    connection.execute(text(f"INSERT INTO {_VERSION_TABLE} VALUES (:revision)"), {"revision": newest_revision()})


def _known_revisions() -> set[str]:
    return {file.stem.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def _revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None for one that is empty."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
