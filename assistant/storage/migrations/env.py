"""What Alembic runs: brings the connection that `upgrade` gives it, or a developer's database, to a revision."""

import asyncio
from pathlib import Path
from typing import Final

from alembic import context
from sqlalchemy import Connection, make_url

from assistant.config.database_url import read_database_url
from assistant.config.settings import read_environment
from assistant.storage.sql_engine import make_engine
from assistant.storage.sqlite import prepare_place
from assistant.storage.tables import METADATA
from assistant.util.env_reader import EnvReader

_ENV_FILE: Final = Path(".env")
"""That of the project, whose folder alembic.ini says to start in."""


def _migrate(connection: Connection) -> None:
    # SQLite can't alter a table; "batch" makes a new one with the rows of the old.
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _migrate_for_developer() -> None:
    url = make_url(read_database_url(EnvReader(read_environment(_ENV_FILE))))
    prepare_place(url)
    engine = make_engine(url)
    try:
        await engine.run(_migrate)
    finally:
        await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_migrate_for_developer())
else:
    _migrate(given)
