"""The assistant's database as its first start leaves it, made once and then copied.

A process that makes its tables itself needs half a second of work for it: Alembic has to be loaded. Where many are
started and that is not what matters, they find them there.
"""

import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from assistant.storage.migrate import upgrade

_LOCK: Final = threading.Lock()
"""Alembic serves one thread at a time."""


def make_empty_database(path: Path) -> None:
    """Put a SQLite file there that has all tables, and nothing in them. Blocks, with an event loop of its own."""
    with _LOCK:
        content = _content()
    path.write_bytes(content)


@cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "assistant.db"
        upgrade(make_url(f"sqlite:///{file}"))
        return file.read_bytes()
