"""A thread that keeps the frames of all speaking calls queued ahead of their time, whatever the event loop is doing.

The frames leave at the pacer's pace, which has a process of its own: so this thread may be some frames late.
"""

import logging
import threading
import time
from collections import deque
from types import TracebackType
from typing import Final, Protocol, Self

from assistant.audio.opus import FRAME_SECONDS

_logger = logging.getLogger(__name__)

_SLACK_SECONDS: Final = 0.005
"""So much later than the pacer usually tells of its next frames the clock ticks by itself."""
_END_SECONDS: Final = 1.0
"""How long its end waits for the thread, which may hang in a player."""


class Pacing(Protocol):
    """Who sends what is queued."""

    def wait(self, seconds: float | None) -> bool:
        """Wait until frames have left, `wake` is called, or for so long; whether frames have left."""

    def wake(self) -> None:
        """Have `wait` return at once. From any thread."""

    def flush(self) -> None:
        """Have what was queued leave in its turn."""


class Ticking(Protocol):
    """What the clock can drive."""

    def tick(self, *, is_due: bool) -> bool:
        """Queue what is to follow; False when no more frames will. Must not block.

        It `is_due` every 20 ms, and called besides where something has changed.
        """


class FrameClock:
    """Owns the thread, which sleeps while nobody plays."""

    def __init__(self, pacing: Pacing) -> None:
        """`pacing` is used by this clock alone, until the clock has ended."""
        self._pacing = pacing
        # A dict, for its order: each player keeps its place in the 20 ms while others come and go.
        self._players: dict[Ticking, None] = {}
        self._changed: deque[Ticking] = deque()
        self._lock = threading.Lock()
        self._is_stopped = False
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
        self._is_stopped = True
        self._pacing.wake()
        self._thread.join(_END_SECONDS)

    def add(self, player: Ticking) -> None:
        """Drive this player from now on. Adding it again only lets it look at once."""
        with self._lock:
            self._players[player] = None
        self.wake(player)

    def wake(self, player: Ticking) -> None:
        """Let this player look at once, if it is driven. From any thread; takes no lock."""
        self._changed.append(player)
        self._pacing.wake()

    def remove(self, player: Ticking) -> None:
        """Stop driving this player. When this returns, no tick of it is running."""
        with self._lock:
            self._players.pop(player, None)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._is_stopped:
            delay = max(0.0, due - time.monotonic()) if self._players else None
            have_left = self._pacing.wait(delay)
            now = time.monotonic()
            is_due = have_left or now >= due
            if is_due:
                due = now + FRAME_SECONDS + (_SLACK_SECONDS if have_left else 0.0)
                self._changed.clear()
                with self._lock:
                    players = tuple(self._players)
            else:
                players = tuple(self._changed.popleft() for _ in range(len(self._changed)))
            for player in players:
                # Locked for one player at a time, so that the event loop never waits for all to add or remove one.
                with self._lock:
                    if player in self._players and not _ticked(player, is_due=is_due):
                        del self._players[player]
            self._pacing.flush()


def _ticked(player: Ticking, *, is_due: bool) -> bool:
    try:
        return player.tick(is_due=is_due)
    except Exception:
        _logger.exception("Playback in a call is given up after an error")
        return False
