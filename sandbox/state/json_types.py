"""Names for JSON and for the times in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
"""A JSON object."""


def timestamp(moment: datetime) -> str:
    """A time as Discord writes it: ISO 8601 with microseconds, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def now() -> datetime:
    """The present, aware of its time zone."""
    return datetime.now(UTC)
