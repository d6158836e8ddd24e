"""Logs what blocks the event loop, while it is blocked: the stack of the loop's thread.

A separate thread watches, since a blocked loop can't report itself.
"""

import asyncio
import logging
import sys
import threading
import time
import traceback
from types import TracebackType
from typing import Final, Self

_logger = logging.getLogger(__name__)

BLOCKED_SECONDS: Final = 2.0
"""A loop that is blocked for longer is reported: voice heartbeats are due every 5 s."""
_LOOK_SECONDS: Final = 0.25


class LoopWatchdog:
    """Watches the running loop inside its `with`."""

    def __init__(self, blocked_seconds: float = BLOCKED_SECONDS) -> None:
        self._blocked_seconds = blocked_seconds
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._answered = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loop-watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        # Not joined, since the loop must not wait: the thread ends at its next look.

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            asked = time.monotonic()
            self._answered.clear()
            try:
                self._loop.call_soon_threadsafe(self._answered.set)
            except RuntimeError:  # the loop was closed before the watchdog was stopped
                return
            if not self._answered.wait(self._blocked_seconds):
                self._report(asked)

    def _report(self, asked: float) -> None:
        frame = sys._current_frames().get(self._loop_thread)
        stack = "".join(traceback.format_stack(frame)) if frame is not None else "(no stack)"
        _logger.error("The event loop is blocked. It is stuck here:\n%s", stack)
        while not self._answered.wait(_LOOK_SECONDS) and not self._stopped.is_set():
            pass
        _logger.error("The event loop was blocked for %.1f s", time.monotonic() - asked)
