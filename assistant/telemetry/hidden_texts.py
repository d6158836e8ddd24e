"""Log records without what people and the model wrote, and without names: LOG_TEXTS=off."""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol, runtime_checkable

import discord

_OURS: Final = "assistant"
_PRINTED: Final = "stderr"
_ASYNCIO: Final = "asyncio"
_HAS_NAME: Final = (
    *(discord.abc.User, discord.abc.GuildChannel, discord.abc.PrivateChannel),
    *(discord.Thread, discord.Guild, discord.Message, discord.Role),
)
_HIDDEN: Final = "[hidden]"
_PLACE: Final = re.compile(r'Traceback \(most recent call last\):|\s*File ".*", line \d+.*')
_ERROR: Final = re.compile(
    r"((?:[a-z_]\w*\.)+[A-Z]\w*|[A-Z]\w*(?:Error|Exception|Group|Warning|Interrupt|Exit|Iteration)): .*", re.DOTALL
)
"""The last line of a traceback. Others begin with a word and a colon, too: what people write."""


@runtime_checkable
class CarriesTexts(Protocol):
    """Something that may hold what people wrote, and can be described without that."""

    def without_texts(self) -> str:
        """The description."""


class _Shown:
    """What stands in the place of an argument, however it is put in."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text

    __str__ = __repr__


class TextHider(logging.Filter):
    """Takes the texts out of each record that it sees; none is left out.

    Of our own records, texts are known by their types. Whatever a library says with an error may quote a text, so of
    all errors only the types and the places stay. Otherwise libraries' own words stay; at DEBUG, py-cord's hold texts.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record."""
        if isinstance(record.msg, BaseException):
            record.msg = error_without_texts(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: _hide(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(map(_hide, record.args))
        if record.name == _PRINTED:
            record.msg, record.args = _printed_line(record.getMessage()), None
        elif record.name == _ASYNCIO and isinstance(record.msg, str):
            record.msg = record.msg.partition("\n")[0]  # the lines below describe tasks, with their errors
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = traceback_without_texts(record.exc_info[1])
            record.exc_info = None
        return True


@contextmanager
def our_texts_hidden() -> Iterator[None]:
    """Inside, all loggers of this package have a TextHider, wherever their records go: the log may be somebody else's.

    A filter of a logger does not see the records of those below it.
    """
    hider = TextHider()
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.partition(".")[0] == _OURS]
    for logger in loggers:
        logger.addFilter(hider)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hider)


def error_without_texts(error: BaseException) -> str:
    """An error's type, and what is known of it that nobody wrote."""
    if isinstance(error, CarriesTexts):
        return error.without_texts()
    name = type(error).__name__
    if isinstance(error, discord.HTTPException):
        return f"{name}: status {error.status}, code {error.code}"
    if isinstance(error, OSError) and error.strerror is not None and error.errno is not None:
        return f"{name}: [Errno {error.errno}]"
    if isinstance(error, BaseExceptionGroup):
        return f"{name}: {', '.join(map(error_without_texts, error.exceptions))}"
    return name


def traceback_without_texts(error: BaseException) -> str:
    """The traceback of an error, and of those that it came from."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        own = ["Traceback (most recent call last):\n", *traceback.format_tb(current.__traceback__)]
        if isinstance(current, BaseExceptionGroup):
            own += [f"  {line}\n" for each in current.exceptions for line in traceback_without_texts(each).splitlines()]
        lines = [*own, f"{error_without_texts(current)}\n", *(["\nwhich led to:\n\n", *lines] if lines else [])]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "".join(lines).rstrip("\n")


def _hide(value: Any) -> Any:
    if isinstance(value, CarriesTexts):
        return _Shown(value.without_texts())
    if isinstance(value, BaseException):
        return _Shown(error_without_texts(value))
    if isinstance(value, _HAS_NAME):
        return _Shown(str(value.id))
    return value


def _printed_line(line: str) -> str:
    """What a library has printed: of a traceback, the places and the types."""
    if _PLACE.fullmatch(line):
        return line
    error = _ERROR.fullmatch(line)
    return f"{error[1]}: {_HIDDEN}" if error else _HIDDEN
