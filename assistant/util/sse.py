"""Server-sent events, read from bytes as they arrive.

The format is the HTML standard's, https://html.spec.whatwg.org/multipage/server-sent-events.html, with the
departures that real endpoints need: an event the stream ends on without its blank line counts, and so does a line of
data that is a whole document of JSON, as some leave all blank lines out; a field `error` makes an event of that name,
as llama.cpp's server sent its errors for a time; a line `[DONE]` is data without its name.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Final

MAX_EVENT_CHARACTERS: Final = 1 << 20
"""More than any real event; without a limit, a stream without line ends would fill the memory."""

_LONGEST_DOCUMENT: Final = 1 << 16
"""Characters of a line that is looked at for whether it is whole: chunks are short."""
_LONGEST_NAME: Final = 40
"""Characters of an event's type that are kept."""

# Not str.splitlines: that also splits at U+2028 and other characters which may stand inside a reply.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")

_FIELDS: Final = frozenset({"", "data", "event", "id", "retry", "error"})

_new_decoder: Final = codecs.getincrementaldecoder("utf-8-sig")


class EventTooLongError(ValueError):
    """A line or an event is longer than MAX_EVENT_CHARACTERS; each line of an event counts as one character more."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    data: str
    """Its data."""
    name: str = ""
    """Its type, such as `error` or `ping`; "" where the stream gives none."""


class EventParser:
    """Turns one stream's bytes, cut anywhere, into its events. Those without data are none, as in the standard."""

    def __init__(self) -> None:
        self._decoder = _new_decoder(errors="replace")
        self._line: list[str] = []  # the pieces of a line whose end has not come yet
        self._data: list[str] = []  # the data lines of an event whose blank line has not come yet
        self._name = ""  # of that event
        self._characters = 0  # of both together
        self.has_fields = False
        """Whether there was a line that a stream of events can have."""
        self._after_return = False  # a "\r" ended the last line, so a "\n" now would belong to it

    def feed(self, chunk: bytes) -> list[Event]:
        """Take the next bytes; return the events they complete.

        Raises:
            EventTooLongError: the parser can't be used further.
        """
        return self._parse(self._decoder.decode(chunk))

    def close(self) -> list[Event]:
        """The stream has ended: return the event it ended on, if there is one."""
        return self._parse(self._decoder.decode(b"", final=True) + "\n\n")

    def _parse(self, text: str) -> list[Event]:
        if not text:
            return []
        if self._after_return and text.startswith("\n"):
            text = text[1:]
        self._after_return = text.endswith("\r")

        events: list[Event] = []
        *ended, rest = _LINE_END.split(text)
        for piece in ended:
            self._append(self._line, piece)
            line = "".join(self._line)
            self._characters -= len(line)
            self._line.clear()
            self._read_line(line, events)
        self._append(self._line, rest)
        return events

    def _read_line(self, line: str, events: list[Event]) -> None:
        if not line:
            if self._data:
                events.append(Event("\n".join(self._data), self._name))
            self._data.clear()
            self._name = ""
            self._characters = 0
            return
        name, _, value = line.partition(":")  # a comment is a field without a name
        name = name.lower()
        value = value.removeprefix(" ")
        self.has_fields = self.has_fields or name in _FIELDS
        if line.strip() == "[DONE]":
            name, value = "data", line
        if name == "error":
            self._name = name
        if name in ("data", "error"):
            if len(self._data) == 1 and _is_document(self._data[0]):  # no blank line is between it and the next
                events.append(Event(self._data.pop(), self._name))
                self._characters = 0
            self._append(self._data, value)
        elif name == "event":
            self._name = value[:_LONGEST_NAME]

    def _append(self, where: list[str], text: str) -> None:
        self._characters += len(text) + (where is self._data)  # else empty lines could be endless
        if self._characters > MAX_EVENT_CHARACTERS:
            raise EventTooLongError(f"an event of more than {MAX_EVENT_CHARACTERS} characters")
        where.append(text)


def _is_document(data: str) -> bool:
    """Whether data is an object of JSON, to its end."""
    if len(data) > _LONGEST_DOCUMENT or not (data.startswith("{") and data.rstrip().endswith("}")):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
