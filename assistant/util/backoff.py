"""When to retry: exponential backoff with jitter, and the Retry-After header."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_BACKOFF_SECONDS: Final = 0.25
"""The longest first pause: somebody in a call is waiting."""
MAX_BACKOFF_SECONDS: Final = 8.0
"""The longest pause without a Retry-After."""
MAX_RETRY_AFTER_SECONDS: Final = 20.0
"""The longest Retry-After to wait for. Beyond it, telling people is better than letting them wait."""
_LONGEST_RETRY_AFTER: Final = 366 * 86400.0
"""Nobody waits longer, whatever a server asks for."""
_MOST_DOUBLINGS: Final = 64
"""Doubling without an end would raise OverflowError."""


def backoff_seconds(
    failures: int, jitter: float, *, first: float = FIRST_BACKOFF_SECONDS, longest: float = MAX_BACKOFF_SECONDS
) -> float:
    """Seconds to wait after `failures` (1 or more) failures in a row: at most `first`, doubling up to `longest`.

    `jitter` (0 to 1) spreads the pause over the upper half of that, so that calls that failed together don't all
    retry together.
    """
    most = min(longest, first * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
    return most * (0.5 + 0.5 * jitter)


def retry_after_seconds(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds from `now` that a Retry-After header asks to wait; None if it is missing or unreadable.

    It may be a number of seconds or an HTTP date (RFC 9110, 10.2.3). A date in the past gives 0.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():  # fractions are not in the RFC; OpenAI sends them
        return min(float(text), _LONGEST_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):  # it lets out all of these
        return None
    if date.tzinfo is None:  # "-0000", a date in UTC of unknown origin
        date = date.replace(tzinfo=UTC)
    return min(max(0.0, (date - (now or datetime.now(UTC))).total_seconds()), _LONGEST_RETRY_AFTER)
