"""Logging to standard error: one line for each event, written by a separate thread, with secrets masked."""

import copy
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from logging.handlers import QueueHandler, QueueListener
from queue import Empty, Full, Queue
from typing import Final, TextIO

from assistant.telemetry.hidden_texts import TextHider
from assistant.telemetry.log_repeats import RepeatCounter
from assistant.telemetry.printed_errors import printed_errors_logged
from assistant.util.plurals import counted
from assistant.util.redaction import Redactor

LONGEST_QUEUE: Final = 10_000
"""How many records may wait for the writing thread. More are dropped and counted."""

_IDLE_SECONDS: Final = 5.0
"""After so long without a record the writing thread looks whether there is something to report."""

_FLUSH_SECONDS: Final = 0.3
"""How long a flush waits: nobody may be reading."""

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
def logging_to_stderr(
    level: str, secrets: Sequence[str], stream: TextIO | None = None, *, has_texts: bool = True
) -> Iterator[Redactor]:
    """Log to standard error (or `stream`) inside the `with`. Yields the redactor, which can learn more secrets.

    `level` is a name such as "INFO"; without `has_texts`, what people and the model wrote is not shown. A thread writes
    the records, so a slow terminal or pipe never blocks the event loop. At the end the thread writes what still waits,
    and logging is restored to what it was.
    """
    redactor = Redactor(secrets)
    records: Queue[logging.LogRecord | None] = Queue(LONGEST_QUEUE)
    writer = _Writer(stream or sys.stderr)
    writer.setFormatter(LineFormatter(redactor))
    root = logging.getLogger()
    handlers_before = root.handlers[:]
    levels_before = {name: logging.getLogger(name).level for name in _QUIETER}
    root_level_before = root.level

    to_thread = _ToThread(records)
    if not has_texts:
        to_thread.addFilter(TextHider())
    listener = _Listener(records, writer, when_idle=to_thread.report_repeats)
    root.handlers[:] = [to_thread]
    root.setLevel(level)
    for name, least in _QUIETER.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(True)
    listener.start()
    try:
        with printed_errors_logged():
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
        self._repeats = RepeatCounter()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record, unless too many like it came just now: those are counted, and reported later."""
        for note in self._repeats.notes():
            self.enqueue(note)
        if self._repeats.allows(record):
            super().emit(record)

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """A copy whose text is made now: later, arguments may have changed, and exceptions would keep objects alive."""
        prepared = copy.copy(record)
        prepared.msg, prepared.args = message_of(record), None
        if record.exc_info:
            prepared.exc_text = logging.Formatter().formatException(record.exc_info)
            prepared.exc_info = None
        return prepared

    def flush(self) -> None:
        """Wait a moment until all that is queued is written."""
        give_up = time.monotonic() + _FLUSH_SECONDS
        while self.queue.unfinished_tasks and time.monotonic() < give_up:
            time.sleep(_FLUSH_SECONDS / 100)

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue the record without waiting. If the queue is full, drop and count it."""
        try:
            if self._dropped:
                self.queue.put_nowait(self._dropped_record())
                self._dropped = 0
            self.queue.put_nowait(record)
        except Full:
            self._dropped += 1

    def report_repeats(self) -> None:
        """Log how many records were counted only, once their time is over. Called by the writing thread."""
        with self.lock or nullcontext():
            for note in self._repeats.notes():
                self.enqueue(note)

    def report_dropped(self) -> None:
        """Log how many lines were dropped or counted only since the last such report. Waits for room in the queue."""
        for note in self._repeats.notes(is_over=True):
            self.queue.put(note)
        if self._dropped:
            self.queue.put(self._dropped_record())

    def _dropped_record(self) -> logging.LogRecord:
        values = {"name": __name__, "levelno": logging.WARNING, "levelname": "WARNING"}
        text = f"Dropped {counted(self._dropped, 'log line')}: they came faster than they could be written"
        return logging.makeLogRecord({**values, "msg": text})


class _Listener(QueueListener):
    """The thread that takes records from the queue and writes them."""

    queue: Queue[logging.LogRecord | None]

    def __init__(
        self, records: Queue[logging.LogRecord | None], writer: logging.Handler, when_idle: Callable[[], None]
    ) -> None:
        super().__init__(records, writer)
        self._when_idle = when_idle

    def dequeue(self, block: bool) -> logging.LogRecord | None:  # type: ignore[override] # None ends the thread
        """The next record; while there is none, what has to be told is told."""
        while True:
            try:
                return self.queue.get(block, _IDLE_SECONDS)
            except Empty:
                if not block:
                    raise
                self._when_idle()

    def enqueue_sentinel(self) -> None:
        """Ask the thread to stop. Waits for room in a full queue, where the inherited method raises queue.Full."""
        self.queue.put(None)


class _Writer(logging.StreamHandler[TextIO]):
    """Writes to the stream."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the inherited name
        """Do nothing: the stream is gone, and logging's own report would show the record unredacted."""
