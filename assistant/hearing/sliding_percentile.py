"""A percentile of the last values."""

from bisect import bisect_left, insort
from collections import deque


class SlidingPercentile:
    """Of a bounded number of values. Adding one takes a few microseconds."""

    def __init__(self, most: int, fraction: float) -> None:
        """`fraction` is from 0 to 1."""
        self._most = most
        self._fraction = fraction
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, value: float) -> None:
        """The newest value; the oldest of too many is forgotten."""
        self._recent.append(value)
        insort(self._sorted, value)
        if len(self._recent) > self._most:
            del self._sorted[bisect_left(self._sorted, self._recent.popleft())]

    @property
    def value(self) -> float:
        """The percentile.

        Raises:
            IndexError: no value was added.
        """
        return self._sorted[int(len(self._sorted) * self._fraction)]
