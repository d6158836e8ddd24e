"""The database's clock: the one that all processes share, whatever their machines' clocks say."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Now(FunctionElement[float]):
    """The seconds since 1970, at the moment when the statement runs, not when its transaction began."""

    type = Double()
    inherit_cache = True


@compiles(Now, "sqlite")
def _in_sqlite(_: Now, __: SQLCompiler, **___: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(Now, "postgresql")
def _in_postgresql(_: Now, __: SQLCompiler, **___: Any) -> str:
    return "CAST(extract(epoch from clock_timestamp()) AS DOUBLE PRECISION)"
