"""When to ask again: exponential backoff with jitter, and what a server's Retry-After asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_BACKOFF_SECONDS: Final = 0.25
"""The longest first pause: somebody in a call is waiting for the answer."""
MAX_BACKOFF_SECONDS: Final = 8.0
"""The longest pause we choose ourselves."""
MAX_RETRY_AFTER_SECONDS: Final = 20.0
"""The longest pause a server may ask for; beyond it, a person is better told than kept waiting."""
_MOST_DOUBLINGS: Final = 64
"""What doubles for ever ends as an OverflowError."""


def backoff_seconds(
    failures: int, jitter: float, *, first: float = FIRST_BACKOFF_SECONDS, longest: float = MAX_BACKOFF_SECONDS
) -> float:
    """The pause after `failures` (1 or more) failures in a row: at most `first`, then twice that, up to `longest`.

    `jitter`, from 0 to 1, places it in the upper half of the range, so that many calls which failed together
    don't all come back together.
    """
    most = min(longest, first * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
    return most * (0.5 + 0.5 * jitter)


def retry_after_seconds(header: str | None, now: datetime | None = None) -> float | None:
    """The pause a Retry-After header asks for, as seconds from `now`; None if it is missing or unreadable.

    Both of its forms count (RFC 9110, 10.2.3): seconds, and an HTTP date, where a past one means at once.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():  # fractions are not in the RFC; OpenAI sends them
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    if date.tzinfo is None:  # "-0000", a date in UTC of unknown origin
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
