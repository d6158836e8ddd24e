"""Heartbeats: https://discord.com/developers/docs/topics/voice-connections#heartbeating."""

import time
from collections.abc import Callable
from typing import Any, Final

_LONGEST_INTERVAL: Final = 5.0
"""Discord asks for one every 13.75 s. More often costs nothing, and a server that hangs is noticed sooner."""
_UNANSWERED: Final = 3
"""So many heartbeats in a row without an answer mean that the server is lost."""


class Heartbeat:
    """Which heartbeats were sent, and which answered.

    A server is given up after a number of unanswered heartbeats, not after a time: an event loop that was blocked has
    sent none, and must not mistake its own pause for the server's.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._now = now
        self._waiting: dict[int, float] = {}
        self._nonce = 0
        self.interval = _LONGEST_INTERVAL
        """Seconds from one heartbeat to the next."""
        self.answered = 0
        """How many answers have come, over all websockets of this connection."""
        self.latency: float | None = None
        """Seconds from the last answered heartbeat to its answer; None before the first."""

    def begin(self, interval: float) -> None:
        """A websocket is open and its server has asked for a heartbeat every `interval` seconds."""
        self.interval = min(interval, _LONGEST_INTERVAL)
        self._waiting.clear()

    @property
    def is_lost(self) -> bool:
        """Whether too many heartbeats wait for their answers."""
        return len(self._waiting) >= _UNANSWERED

    def next(self, sequence: int) -> dict[str, Any]:
        """The data of op 3; `sequence` is the number of the last numbered message that came, or -1."""
        self._nonce += 1
        self._waiting[self._nonce] = self._now()
        return {"t": self._nonce, "seq_ack": sequence}

    def acknowledge(self, nonce: object) -> bool:
        """Take an answer. It answers all heartbeats up to its own. False if it belongs to none that waits."""
        if not isinstance(nonce, int) or nonce not in self._waiting:
            return False
        self.latency = self._now() - self._waiting[nonce]
        self.answered += 1
        for sent in [sent for sent in self._waiting if sent <= nonce]:
            del self._waiting[sent]
        return True
