"""The sequence numbers of one SSRC: what is lost, and what came twice."""

from collections import deque
from typing import Final

_WINDOW: Final = 200
"""Packets are compared with as many before them, four seconds; a longer step is a new beginning and no loss."""


class PacketOrder:
    """Follows 16-bit sequence numbers (RFC 3550, 5.1), which wrap after 22 minutes of speech."""

    def __init__(self) -> None:
        self._newest: int | None = None
        self._recent: deque[int] = deque()
        self._seen: set[int] = set()
        self._missing: set[int] = set()
        self.lost = 0
        """Packets that have not come so far, though later ones have."""

    def is_new(self, sequence: int) -> bool:
        """Note a packet; False if it came before."""
        if sequence in self._seen:
            return False
        newest = self._newest
        step = 0 if newest is None else (sequence - newest) & 0xFFFF
        if newest is None or _WINDOW < step < 0x10000 - _WINDOW:
            self._begin()
            self._newest = sequence
        elif step <= _WINDOW:
            self._newest = sequence
            if step > 1:
                self._miss([(newest + ahead) & 0xFFFF for ahead in range(1, step)])
        elif sequence in self._missing:
            self._missing.discard(sequence)
            self.lost -= 1
        self._see(sequence)
        return True

    def _begin(self) -> None:
        self._recent.clear()
        self._seen.clear()
        self._missing.clear()

    def _miss(self, numbers: list[int]) -> None:
        self.lost += len(numbers)
        self._missing.update(numbers)
        if len(self._missing) > _WINDOW and self._newest is not None:
            newest = self._newest
            self._missing = {number for number in self._missing if (newest - number) & 0xFFFF <= _WINDOW}

    def _see(self, sequence: int) -> None:
        self._recent.append(sequence)
        self._seen.add(sequence)
        if len(self._recent) > _WINDOW:
            self._seen.discard(self._recent.popleft())
