"""A PostgreSQL server for the tests: one that is given, or one of their own.

pytest-postgresql was weighed: it brings psycopg, and with it libpq, beside the driver that ships, and pg_ctl as it
calls it refuses to run as root, as continuous integration does. What we need of it is less than what is here.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, NoReturn
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from assistant.config.database_url import read_database_url
from assistant.storage.migrate import upgrade
from assistant.util.env_reader import EnvReader

_DEBIAN: Final = Path("/usr/lib/postgresql")


class NoPostgreSQL(Exception):
    """There is no server, and no program to start one."""


def do_without_postgresql() -> NoReturn:
    """Skip the test, or fail where it must not be skipped."""
    wanted = "PostgreSQL: name a server in TEST_POSTGRES_URL, or install one (Debian: apt-get install postgresql)"
    if os.environ.get("REQUIRE_POSTGRES") == "1":
        pytest.fail(f"REQUIRE_POSTGRES is set, and there is no {wanted}")
    pytest.skip(f"there is no {wanted}")


@contextmanager
def a_server() -> Iterator[str]:
    """The address of a database on a server, where more can be made. Raises NoPostgreSQL."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        read = EnvReader({"DATABASE_URL": given})
        url = read_database_url(read)
        assert not read.mistakes, f"TEST_POSTGRES_URL {read.mistakes[0].wrong}"
        yield url
        return
    programs = _programs()
    # Not in pytest's own folder: only its owner may enter that, and PostgreSQL does not run as root.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        user = user_without_privileges(folder)
        data = str(folder / "data")
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        # A socket in the folder, and no port: nothing to clash with, and nobody else gets in.
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start", user=user)
        try:
            yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def a_database(server: str, template: str = "template1") -> AsyncIterator[str]:
    """The address of a new database, a copy of `template`: by default, one in which there is nothing.

    Taking it down fails when a connection to it was left open.
    """
    name = f"test_{uuid4().hex}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
            await connection.execute(text(f"DROP DATABASE {name}"))
    finally:
        await engine.dispose()


@contextmanager
def a_template(server: str) -> Iterator[str]:
    """The name of a new database with all tables and nothing in them, to be copied."""
    name = f"template_{uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    try:
        upgrade(make_url(server).set(database=name))
        yield name
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name}"))


async def _execute(server: str, command: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(command))
    finally:
        await engine.dispose()


def _programs() -> Path:
    """The folder of initdb and pg_ctl: Debian keeps them out of PATH, in one folder a version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda initdb: float(initdb.parts[-3]))
    if not versions:
        raise NoPostgreSQL
    return versions[-1].parent


def user_without_privileges(folder: Path) -> str | None:
    """The user who is to run a server, and has the folder now: None for ourselves, unless we are root."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    try:
        shutil.chown(folder, "postgres")
    except LookupError:
        shutil.chown(folder, "nobody")
        return "nobody"
    return "postgres"


def _run(program: Path, *arguments: str, user: str | None) -> None:
    # Into a file that is thrown away, not a pipe: the server that pg_ctl starts would keep its end open.
    with tempfile.TemporaryFile() as output:
        status = subprocess.run(
            [program, *arguments], user=user, cwd="/", stdout=output, stderr=output, timeout=60, check=False
        ).returncode
        output.seek(0)
        assert status == 0, output.read().decode(errors="replace")
