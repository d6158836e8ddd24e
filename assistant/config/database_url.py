"""Reads DATABASE_URL."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from assistant.util.env_reader import EnvReader

_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql+asyncpg"
_DRIVERS: Final = {
    _SQLITE: _SQLITE,
    "sqlite+aiosqlite": _SQLITE,  # as SQLAlchemy writes it
    "postgres": _POSTGRESQL,  # as Render gives it
    "postgresql": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
}
"""The accepted URL schemes, each with the driver we use for it."""

_INSTEAD: Final = "sqlite:///data/assistant.db or postgresql://user:password@host/database"
_IN_PASSWORD: Final = "in a password, write @ as %40 and % as %25"


def default_database_url(folder: Path = Path()) -> str:
    """The database when DATABASE_URL is not set: a file in `folder`, by default the current one."""
    return _in_file(folder / "data" / "assistant.db")


def read_database_url(read: EnvReader, folder: Path = Path()) -> str:
    """DATABASE_URL with the driver we use. A relative path of a SQLite file starts at `folder`, and becomes absolute.

    A mistake does not show the value: it may hold a password.
    """
    value = read.text("DATABASE_URL")
    if value is None:
        return default_database_url(folder)
    driver = _DRIVERS.get(value.partition("://")[0].lower())
    try:
        address = make_url(value)
    except (ArgumentError, ValueError):
        address = None
    if driver is None:
        wrong: str | None = "is not the address of a SQLite or PostgreSQL database"
    elif address is None or not value.isprintable() or " " in value:
        wrong = f"is not a valid address; {_IN_PASSWORD}"
    else:
        wrong = _wrong_with_file(address) if driver == _SQLITE else _wrong_with_server(address)
    if driver is None or address is None or wrong is not None:
        read.add_mistake("DATABASE_URL", wrong or "", _INSTEAD)
        return default_database_url(folder)
    if driver == _SQLITE:
        return _in_file(folder / (address.database or ""))
    # libpq, and so most hosts, say sslmode where asyncpg says ssl.
    query = {"ssl" if name == "sslmode" else name: text for name, text in address.query.items()}
    return address.set(drivername=driver, query=query).render_as_string(hide_password=False)


def password_in(url: str) -> str | None:
    """The password in a database URL, or None."""
    return make_url(url).password


def _in_file(path: Path) -> str:
    return f"{_SQLITE}:///{path.absolute().as_posix()}"


def _wrong_with_file(address: URL) -> str | None:
    if address.host or address.username:
        return "has two slashes before the path instead of three (four for an absolute path)"
    if address.database in (None, "", ":memory:"):
        return "names no file, and an in-memory database is lost when the bot stops"
    if address.query:
        return "has a query (?)"
    return None


def _wrong_with_server(address: URL) -> str | None:
    if not (address.host or address.query.get("host")):
        return "names no server"
    if address.port is not None and not 0 < address.port < 65536:
        return "has an invalid port"
    if "@" in (address.host or ""):
        return f"has a second @; {_IN_PASSWORD}"
    return None
