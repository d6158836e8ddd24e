"""Discord's identifiers: 42 bits of milliseconds since 2015, then 22 bits that keep two of them apart."""

from __future__ import annotations

import time
from typing import Final

EPOCH_MS: Final = 1_420_070_400_000
"""The first millisecond of 2015 (UTC), where Discord starts to count."""


class Snowflakes:
    """Makes identifiers which grow strictly, so that sorting by id is sorting by age."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        """The next identifier."""
        now = (time.time_ns() // 1_000_000 - EPOCH_MS) << 22
        self._last = max(now, self._last + 1)
        return self._last
