"""Logging to standard error: one line for each event, written by a separate thread, with secrets masked."""

import copy
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import QueueHandler, QueueListener
from queue import Full, Queue
from typing import Final, TextIO

from assistant.util.plurals import counted
from assistant.util.redaction import Redactor

LONGEST_QUEUE: Final = 10_000
"""How many records may wait for the writing thread. More are dropped and counted."""

_QUIETER: Final = {
    "asyncio": logging.INFO,
    "aiohttp.access": logging.WARNING,
    "urllib3": logging.INFO,
    "alembic": logging.WARNING,
}
"""Minimum levels for loggers that are too chatty below them."""

_CONTROLS: Final = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_LINE_CONTROLS: Final = {code: text for code, text in _CONTROLS.items() if code not in (0x09, 0x0A)}


class LineFormatter(logging.Formatter):
    """`2026-11-22 10:00:00.123 INFO assistant.call.session  message`, in local time; a traceback follows, indented.

    Control characters in a message are escaped, so no message can pretend to be several lines. The redactor masks the
    secrets in the finished text, wherever they came from.
    """

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record's text, without the line break at its end."""
        when = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        message = message_of(record).translate(_CONTROLS)
        text = f"{when}.{int(record.msecs):03d} {record.levelname} {record.name}  {message}"
        for below in (self._traceback_of(record), record.stack_info):
            if below:
                text += "".join(f"\n    {line}" for line in below.translate(_LINE_CONTROLS).split("\n"))
        return self._redactor.redact(text)

    def _traceback_of(self, record: logging.LogRecord) -> str | None:
        if record.exc_info and not record.exc_text:
            return self.formatException(record.exc_info)
        return record.exc_text


def message_of(record: logging.LogRecord) -> str:
    """The record's message with its arguments; if they don't fit, the message says so."""
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - arguments' own __str__ may raise anything
        # logging's own answer would print the arguments to stderr, past the redactor.
        shown = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        return f"{shown} (its arguments don't fit: {type(error).__name__})"


@contextmanager
def logging_to_stderr(level: str, secrets: Sequence[str], stream: TextIO | None = None) -> Iterator[Redactor]:
    """Log to standard error (or `stream`) inside the `with`. Yields the redactor, which can learn more secrets.

    `level` is a name such as "INFO". A thread writes the records, so a slow terminal or pipe never blocks the event
    loop. At the end the thread writes what still waits, and logging is restored to what it was.
    """
    redactor = Redactor(secrets)
    records: Queue[logging.LogRecord | None] = Queue(LONGEST_QUEUE)
    writer = _Writer(stream or sys.stderr)
    writer.setFormatter(LineFormatter(redactor))
    listener = _Listener(records, writer)
    root = logging.getLogger()
    handlers_before = root.handlers[:]
    levels_before = {name: logging.getLogger(name).level for name in _QUIETER}
    root_level_before = root.level

    to_thread = _ToThread(records)
    root.handlers[:] = [to_thread]
    root.setLevel(level)
    for name, least in _QUIETER.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(True)
    listener.start()
    try:
        yield redactor
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = handlers_before
        root.setLevel(root_level_before)
        for name, before in levels_before.items():
            logging.getLogger(name).setLevel(before)
        to_thread.report_dropped()
        listener.stop()


class _ToThread(QueueHandler):
    """Puts finished messages into the queue. Runs in the thread that logs, so it does as little as possible."""

    queue: Queue[logging.LogRecord | None]

    def __init__(self, records: Queue[logging.LogRecord | None]) -> None:
        super().__init__(records)
        self._dropped = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """A copy whose text is made now: later, arguments may have changed, and exceptions would keep objects alive."""
        prepared = copy.copy(record)
        prepared.msg, prepared.args = message_of(record), None
        if record.exc_info:
            prepared.exc_text = logging.Formatter().formatException(record.exc_info)
            prepared.exc_info = None
        return prepared

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue the record without waiting. If the queue is full, drop and count it."""
        try:
            if self._dropped:
                self.queue.put_nowait(self._dropped_record())
                self._dropped = 0
            self.queue.put_nowait(record)
        except Full:
            self._dropped += 1

    def report_dropped(self) -> None:
        """Log how many lines were dropped since the last such report, if any. Waits for room in the queue."""
        if self._dropped:
            self.queue.put(self._dropped_record())

    def _dropped_record(self) -> logging.LogRecord:
        values = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING"}
        text = f"Dropped {counted(self._dropped, 'log line')}: they came faster than they could be written"
        return logging.makeLogRecord({**values, "msg": text})


class _Listener(QueueListener):
    """The thread that takes records from the queue and writes them."""

    queue: Queue[logging.LogRecord | None]

    def enqueue_sentinel(self) -> None:
        """Ask the thread to stop. Waits for room in a full queue, where the inherited method raises queue.Full."""
        self.queue.put(None)


class _Writer(logging.StreamHandler[TextIO]):
    """Writes to the stream."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the inherited name
        """Do nothing: the stream is gone, and logging's own report would show the record unredacted."""
