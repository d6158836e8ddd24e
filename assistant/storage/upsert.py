"""Writing a row whether or not it is there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Executable, Table, select
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def upsert(dialect: str, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> Executable:
    """One statement that inserts the row `key` with `values`, or changes just `values` where there is one.

    `dialect` is the name of the database's: "sqlite" or "postgresql".
    """
    row = {**key, **values}
    return _insert(dialect, table).values(row).on_conflict_do_update(index_elements=[*key], set_=values)


def insert_or_ignore(dialect: str, table: Table, row: Mapping[str, Any]) -> Executable:
    """One statement that inserts a row, or does nothing where its key is taken: its `rowcount` tells, 1 or 0.

    `dialect` is as for `upsert`.
    """
    return _insert(dialect, table).values(row).on_conflict_do_nothing()


def insert_or_ignore_if(
    dialect: str, table: Table, row: Mapping[str, ColumnElement[Any]], condition: ColumnElement[bool]
) -> Executable:
    """The same for a row of SQL expressions, which does nothing either where a condition does not hold."""
    return _insert(dialect, table).from_select([*row], select(*row.values()).where(condition)).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 5 MB that a bot with a SQLite file does without

    return postgresql.insert(table)
