"""PgBouncer in front of a PostgreSQL server of the tests, so that each transaction may get another connection."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import URL, make_url

from tests.support.postgresql import user_without_privileges

PORT: Final = 6432
_START_SECONDS: Final = 20.0


@contextmanager
def a_pooler(database_url: str) -> Iterator[str]:
    """The address of the database of `database_url` behind PgBouncer. Without that program the test is skipped."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("there is no pgbouncer (Debian: apt-get install pgbouncer)")
    server = make_url(database_url)
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    try:
        (folder / "users.txt").write_text(f'"{server.username}" "{server.password or ""}"\n')
        (folder / "pgbouncer.ini").write_text(_settings(server, folder))
        user = user_without_privileges(folder)
        for file in folder.iterdir():
            file.chmod(0o644)
        with subprocess.Popen([program, "-q", str(folder / "pgbouncer.ini")], user=user, cwd="/") as process:
            try:
                _wait_for(folder / f".s.PGSQL.{PORT}", process)
                yield f"postgresql://{server.username}@/{server.database}?host={folder}&port={PORT}"
            finally:
                process.terminate()
    finally:
        shutil.rmtree(folder)


def _settings(server: URL, folder: Path) -> str:
    host = server.host or server.query["host"]
    password = f" password={server.password}" if server.password else ""
    place = f"host={host} port={server.port or 5432} user={server.username}{password}"
    return f"""
[databases]
* = {place}
[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 2
"""


def _wait_for(socket: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while not socket.exists():
        assert process.poll() is None, "pgbouncer has ended"
        assert time.monotonic() < until, "pgbouncer does not listen"
        time.sleep(0.05)
