"""A thread that sends a frame for every speaking call every 20 ms, whatever the event loop is doing.

py-cord runs one thread for each player. It starts each playback with a gap of 40 ms, and consumes frames while nothing
can be sent. One clock for all calls does neither, and takes about 20 µs for each frame.
"""

import logging
import threading
import time
from types import TracebackType
from typing import Final, Protocol, Self

from assistant.audio.opus import FRAME_SECONDS

_logger = logging.getLogger(__name__)

_LATE_SECONDS: Final = 0.1
"""If it is late by more than this (after a suspend, say), the clock skips ahead instead of sending a burst."""


_END_SECONDS: Final = 1.0
"""How long its end waits for the thread, which may hang in a player."""


class Ticking(Protocol):
    """What the clock can drive."""

    def tick(self) -> bool:
        """Send the frame that is due; False when no more frames will follow. Must not block."""


class FrameClock:
    """Owns the thread, which sleeps while nobody plays."""

    def __init__(self) -> None:
        # A dict, for its order: each player keeps its place in the 20 ms while others come and go.
        self._players: dict[Ticking, None] = {}
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="frame-clock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(_END_SECONDS)

    def add(self, player: Ticking) -> None:
        """Drive this player from the next frame on. Adding it again changes nothing."""
        with self._changed:
            self._players[player] = None
            self._changed.notify()

    def remove(self, player: Ticking) -> None:
        """Stop driving this player. When this returns, no tick of it is running."""
        with self._changed:
            self._players.pop(player, None)

    def _run(self) -> None:
        due = time.perf_counter()
        while True:
            with self._changed:
                if not self._players:
                    self._changed.wait_for(lambda: self._players or self._stopped)
                    due = time.perf_counter()
                if self._stopped:
                    return
                players = tuple(self._players)
            for player in players:
                # Locked for one player at a time, so that the event loop never waits for all to add or remove one.
                with self._changed:
                    if player in self._players and not _ticked(player):
                        del self._players[player]
            due += FRAME_SECONDS
            delay = due - time.perf_counter()
            if delay > 0:
                time.sleep(delay)
            elif delay < -_LATE_SECONDS:
                _logger.warning("The frame clock was delayed by %.0f ms", -delay * 1000)
                due = time.perf_counter()


def _ticked(player: Ticking) -> bool:
    try:
        return player.tick()
    except Exception:
        _logger.exception("Playback in a call is given up after an error")
        return False
