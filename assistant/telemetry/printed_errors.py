"""What libraries print to standard error: logged instead, so that it is free of secrets, too.

py-cord prints the tracebacks of event handlers and commands (`Client.on_error`, `Bot.on_application_command_error`),
and Python those of threads and of destructors.
"""

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_logger = logging.getLogger("stderr")

_LONGEST: Final = 10_000
"""How many characters a line may have before it is taken to end."""


@contextmanager
def printed_errors_logged() -> Iterator[None]:
    """Log each line that Python code prints to `sys.stderr`, while inside."""
    before = sys.stderr
    printed = _LoggedStream(before)
    sys.stderr = printed
    try:
        yield
    finally:
        if sys.stderr is printed:
            sys.stderr = before
        printed.log_rest()


class _LoggedStream(io.TextIOBase):
    """Logs each line that is written to it."""

    def __init__(self, replaced: TextIO) -> None:
        self._replaced = replaced
        self._rests = threading.local()
        """What each thread has written of a line."""

    @property
    def encoding(self) -> str:  # type: ignore[override] # as the stream has it that is replaced
        return self._replaced.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override] # likewise
        return self._replaced.errors

    def fileno(self) -> int:
        """That of the stream that is replaced: what is written there in C is not logged."""
        return self._replaced.fileno()

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """A log is none."""
        return False

    def write(self, text: str) -> int:
        """Log the lines that are whole; keep the rest until it is."""
        *lines, rest = (self._rest() + text).split("\n")
        self._rests.text = ""
        for line in lines:
            self._log(line)
        if len(rest) >= _LONGEST:
            self._log(rest)
        else:
            self._rests.text = rest
        return len(text)

    def log_rest(self) -> None:
        """Log what this thread has written of a line."""
        if self._rest():
            self.write("\n")

    def _rest(self) -> str:
        rest: str = getattr(self._rests, "text", "")
        return rest

    def _log(self, line: str) -> None:
        if not line.strip() or getattr(self._rests, "is_logging", False):
            return  # whatever fails while it logs must not be logged in turn, for ever
        self._rests.is_logging = True
        try:
            _logger.error("%s", line)
        finally:
            self._rests.is_logging = False
