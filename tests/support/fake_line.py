"""A voice connection without a network: what a player queues leaves each 20 ms, and is kept."""

import time
from collections import deque
from collections.abc import Callable

from assistant.audio.opus import FRAME_SECONDS


class FakeQueuedFrame:
    """A frame on its way."""

    def __init__(self, line: "FakeLine", frame: bytes, due: float) -> None:
        self._line = line
        self.frame = frame
        self.due = due
        self.was_sent = False
        self.is_dropped = False
        self.is_going_back = False

    @property
    def has_left(self) -> bool:
        self._line.send_what_is_due()
        return self.was_sent

    def take_back(self) -> None:
        self._line.drop_all()


class FakeLine:
    """Takes frames, unless it is cut: then it also drops what it has."""

    def __init__(self, now: Callable[[], float] = time.monotonic, sent: list[bytes] | None = None) -> None:
        """`now` is in seconds; `sent` is where frames go, if others look there, too."""
        self._now = now
        self._sent = [] if sent is None else sent
        self._queued: deque[FakeQueuedFrame] = deque()
        self._next = 0.0
        self._is_connected = True
        self.announced: list[bool] = []
        self.is_mute = False

    @property
    def sent(self) -> list[bytes]:
        self.send_what_is_due()
        return self._sent

    @property
    def is_connected(self) -> bool:
        return self._is_connected

    @is_connected.setter
    def is_connected(self, is_connected: bool) -> None:
        self._is_connected = is_connected
        if not is_connected:
            self.drop_all()

    def queue_frame(self, frame: bytes) -> FakeQueuedFrame | None:
        if not self._is_connected:
            return None
        due = max(self._next, self._now())
        self._next = due + FRAME_SECONDS
        queued = FakeQueuedFrame(self, frame, due)
        self._queued.append(queued)
        return queued

    def send_what_is_due(self) -> None:
        while self._queued and self._queued[0].due <= self._now() + 1e-6:
            queued = self._queued.popleft()
            queued.was_sent = True
            self._sent.append(queued.frame)

    def drop_all(self) -> None:
        self.send_what_is_due()
        while self._queued:
            dropped = self._queued.pop()
            dropped.is_dropped = True
            self._next = dropped.due

    async def announce_speaking(self, speaking: bool) -> None:
        self.announced.append(speaking)
