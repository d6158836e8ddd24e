"""Writing a row whether or not it is there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite

from assistant.storage.tables import Table


def upsert(dialect: str, table: type[Table], key: Mapping[str, Any], values: Mapping[str, Any]) -> Executable:
    """One statement that inserts the row `key` with `values`, or changes just `values` where there is one.

    `dialect` is the name of the database's: "sqlite" or "postgresql".
    """
    row = {**key, **values}
    if dialect == "sqlite":
        return sqlite.insert(table).values(row).on_conflict_do_update(index_elements=[*key], set_=values)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 5 MB that a bot with a SQLite file does without

    return postgresql.insert(table).values(row).on_conflict_do_update(index_elements=[*key], set_=values)
