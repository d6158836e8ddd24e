"""Warnings and errors that repeat: the first ones are logged, the rest is counted."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_MOST: Final = 20
"""How many of a kind are logged within `_SECONDS`."""
_SECONDS: Final = 10.0
_MOST_KINDS: Final = 1000
"""How many kinds are told apart; where there are more, all is logged and nothing is counted."""
_LONGEST_NAME: Final = 200

_Kind = tuple[str, int, str, int, str]


@dataclass(slots=True)
class _Count:
    """How many of one kind came since `began_at`."""

    began_at: float
    logged: int = 0
    left_out: int = 0


class RepeatCounter:
    """Decides which records are logged. Not to be used by two threads at once.

    Records are of one kind when one line of the code has made them with the same first line of their message, before
    its arguments are put in. What is below WARNING is always logged.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells the seconds that have passed since some moment."""
        self._now = now
        self._counts: dict[_Kind, _Count] = {}

    def allows(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be logged; it is counted."""
        if record.levelno < logging.WARNING:
            return True
        kind = _kind_of(record)
        count = self._counts.get(kind)
        if count is None:
            if len(self._counts) >= _MOST_KINDS:
                return True
            count = self._counts[kind] = _Count(self._now())
        if count.logged >= _MOST:
            count.left_out += 1
            return False
        count.logged += 1
        return True

    def notes(self, *, is_over: bool = False) -> Iterator[logging.LogRecord]:
        """A record for each kind of which some were left out, once its time is over, or all `is_over`."""
        if not self._counts:
            return
        earliest = self._now() - _SECONDS
        for kind, count in [*self._counts.items()]:
            if is_over or count.began_at <= earliest:
                del self._counts[kind]
                if count.left_out:
                    yield _note(kind, count.left_out)


def _kind_of(record: logging.LogRecord) -> _Kind:
    message = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    first_line = message.partition("\n")[0][:_LONGEST_NAME]
    return record.name, record.levelno, record.pathname, record.lineno, first_line


def _note(kind: _Kind, left_out: int) -> logging.LogRecord:
    name, level, path, line, first_line = kind
    # Lines that a library prints are logged as arguments only: they have nothing in common that could be shown.
    likeness = "" if first_line == "%s" else f" like it: {first_line}"
    text = f"… and {left_out:,} more{likeness}"
    return logging.LogRecord(name, level, path, line, text, None, None)
