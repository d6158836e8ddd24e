"""Reads DATABASE_URL."""

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from assistant.config.postgresql_options import PostgresqlOptions
from assistant.util.env_reader import EnvReader

_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql+asyncpg"
_DRIVERS: Final = {
    _SQLITE: _SQLITE,
    "sqlite+aiosqlite": _SQLITE,  # as SQLAlchemy writes it
    "postgres": _POSTGRESQL,  # as Render gives it
    "postgresql": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
    **dict.fromkeys(("postgresql+psycopg2", "postgresql+psycopg", "postgresql+pg8000"), _POSTGRESQL),
}
"""The accepted URL schemes, each with the driver we use for it."""

_HOST_LIST: Final = re.compile(
    r"(?P<start>postgres[^:]*://(?:[^:/@]*(?::[^@]*)?@)?)(?P<hosts>[^/?@]*,[^/?@]*)(?P<rest>[/?].*)?", re.IGNORECASE
)
"""An address with several servers."""
_PARTS: Final = {"username": ("user",), "password": ("password",), "database": ("dbname", "database")}
"""Parts of an address, and what they are called in a query."""
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
        address = _with_usual_places(make_url(_HOST_LIST.sub(_as_query, value)))
    except (ArgumentError, ValueError):
        address = None
    if driver is None:
        wrong: str | None = "is not the address of a SQLite or PostgreSQL database"
    elif address is None or not value.isprintable() or " " in value.partition("?")[0]:
        wrong = f"is not a valid address; {_IN_PASSWORD}"
    else:
        wrong = _wrong_with_file(address) if driver == _SQLITE else _wrong_with_server(address)
    if driver is None or address is None or wrong is not None:
        read.add_mistake("DATABASE_URL", wrong or "", _INSTEAD)
        return default_database_url(folder)
    if driver == _SQLITE:
        return _in_file(folder / (address.database or ""))
    options = PostgresqlOptions.of(address.query)
    if options.wrong:
        read.add_mistake("DATABASE_URL", options.wrong[0], _INSTEAD)
        return default_database_url(folder)
    if options.left_out:
        read.add_note("DATABASE_URL", f"{', '.join(options.left_out)} left out, since the driver has no such option")
    return address.set(drivername=driver, query=options.taken).render_as_string(hide_password=False)


def passwords_in(url: str) -> tuple[str, ...]:
    """The secrets in a database URL: the user's password, and that of the client's key."""
    address = make_url(url)
    return tuple(str(each) for each in (address.password, address.query.get("sslpassword")) if each)


def _in_file(path: Path) -> str:
    return f"{_SQLITE}:///{path.absolute().as_posix()}"


def _as_query(several: re.Match[str]) -> str:
    """Several servers, as SQLAlchemy takes them: it has no list of them before the path."""
    hosts = "".join(f"&host={quote(host, safe='')}" for host in several["hosts"].split(","))
    path, _, query = (several["rest"] or "/").partition("?")
    return f"{several['start']}{path}?{query}{hosts}"


def _with_usual_places(address: URL) -> URL:
    """With the parts where they usually are: libpq also takes user, password and database in the query."""
    query = dict(address.query)
    parts: dict[str, Any] = {}
    for part, names in _PARTS.items():
        for name in names:
            if (text := query.pop(name, None)) is not None and not getattr(address, part):
                parts[part] = text if isinstance(text, str) else text[-1]
    if address.host and unquote(address.host).startswith("/"):  # the folder of a socket
        query["host"] = unquote(address.host)
        if address.port is not None:
            query["port"] = str(address.port)
        address = address._replace(host=None, port=None)
    return address.set(query=query, **parts)


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
