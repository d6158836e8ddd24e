"""Ways in which a language model's endpoint goes wrong, to be ordered one by one for the requests to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP error in the API's usual form."""

    status: int
    """The HTTP status."""
    retry_after: str | None = None
    """The Retry-After header as it is sent: seconds or an HTTP date."""
    message: str = "ordered by the test"
    """The message in the error object."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset before any answer."""


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is taken and never answered."""


@dataclass(frozen=True, slots=True)
class HangAfter:
    """The stream falls silent."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class CutAfter:
    """The connection is reset in the middle of the stream."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class EndAfter:
    """The stream ends in good form, without a `finish_reason` and without `[DONE]`."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class ErrorAfter:
    """An error object takes the place of the next token, and the stream ends."""

    tokens: int
    """How many tokens come before that."""
    code: int | str | None = "server_error"
    """The `code` in the error object."""


@dataclass(frozen=True, slots=True)
class Body:
    """An answer 200 whose body is not a reply."""

    content_type: str
    """Its content type."""
    body: bytes
    """Its bytes."""


HTML_PAGE = Body("text/html", b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>")
"""What a proxy in between says."""
GARBAGE_STREAM = Body("text/event-stream", b"data: {]\xff\xfe\n\ndata: [DONE]\n\n")
"""A stream of events which are not JSON."""


@dataclass(frozen=True, slots=True)
class Empty:
    """A reply in good form, without any text."""


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """`stream` is ignored: the reply comes as one JSON body."""


@dataclass(frozen=True, slots=True)
class Slow:
    """This one reply has a pace of its own."""

    first_token_seconds: float
    """Seconds until the first token."""
    tokens_per_second: float
    """How fast the others follow."""


ModelFault = Status | Reset | Hang | HangAfter | CutAfter | EndAfter | ErrorAfter | Body | Empty | WholeAnswer | Slow
