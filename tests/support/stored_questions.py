"""What a process has written down for the next one, as SQLite has it."""

import sqlite3
from contextlib import closing

from assistant.config.settings import Settings


def waiting_questions(settings: Settings) -> int:
    """How many questions are stored and not answered."""
    path = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM questions WHERE NOT is_answered").fetchone()[0])
