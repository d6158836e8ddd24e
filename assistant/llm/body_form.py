"""In which form the body of an answer is, whatever its headers say."""

import codecs
import re
from enum import Enum, auto
from typing import Final

LONGEST_BEGINNING: Final = 4096
"""How many bytes are looked at: some servers send line ends for a while, to keep the connection alive."""
_FIELD: Final = re.compile(rb"(?:data|event|id|retry|error)?:|data[\r\n]")
"""What an event stream begins with."""
_LONGEST_FIELD: Final = 6


class BodyForm(Enum):
    """How a body is to be read, whatever type its headers give it."""

    STREAM = auto()
    JSON = auto()
    OTHER = auto()


def body_form(beginning: bytes, content_type: str) -> BodyForm | None:
    """The form of a body that begins so; None if more has to come before it is known.

    Proxies and small servers send streams as text/plain or without a type, and JSON as a stream.
    """
    begun = beginning.removeprefix(codecs.BOM_UTF8).lstrip()
    if begun[:1] in (b"{", b"["):
        return BodyForm.JSON
    if _FIELD.match(begun):
        return BodyForm.STREAM
    if len(begun) < _LONGEST_FIELD and len(beginning) < LONGEST_BEGINNING:
        return None
    return BodyForm.STREAM if content_type == "text/event-stream" else BodyForm.OTHER
