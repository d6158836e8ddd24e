"""The file of a SQLite database, made ready before the first connection to it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL

LOCK_SECONDS: Final = 30.0
"""How long a transaction waits for another process to let go of the file: SQLite's busy_timeout."""
_AGAIN_SECONDS: Final = 0.05


def prepare_file(path: Path, seconds: float) -> None:
    """Make the folder, and let reading and writing go on side by side (WAL), which the file keeps.

    Blocks, for at most about `seconds` when others use the file. Raises OSError or `sqlite3.Error`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    with closing(sqlite3.connect(path, timeout=seconds)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                # SQLite does not wait here as it does elsewhere: of two who switch at once, one is refused.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_AGAIN_SECONDS)
            else:
                return


def prepare_place(url: URL) -> None:
    """Make the file that `url` names ready, as `prepare_file` does; a server is left to its owner."""
    if url.database and url.get_backend_name() == "sqlite":
        prepare_file(Path(url.database), LOCK_SECONDS)
