"""Which processes live: each writes a heartbeat every second, by the database's clock."""

from typing import Final

from sqlalchemy import ColumnElement, Executable, exists

from assistant.storage.db_clock import Now
from assistant.storage.tables import PROCESSES
from assistant.storage.upsert import upsert

STALE_SECONDS: Final = 5.0
"""After so long without a heartbeat a process counts as dead, and its calls may be taken."""


def record_heartbeat(dialect: str, process_id: str) -> Executable:
    """The statement that writes a heartbeat. `dialect` is as for `upsert`.

    It is the last of its transaction, so that transactions of one process never wait for each other in a circle.
    """
    return upsert(dialect, PROCESSES, {"id": process_id}, {"beat_at": Now()})


def is_alive(process_id: ColumnElement[str], seconds: float) -> ColumnElement[bool]:
    """Whether the process that a column names has written a heartbeat in the last `seconds`.

    One in the future is no sign of life: the clock was set back since. A process that lives writes the next one within
    a second.
    """
    is_recent = PROCESSES.c.beat_at.between(Now() - seconds, Now() + seconds)
    return exists().where(PROCESSES.c.id == process_id, is_recent)
