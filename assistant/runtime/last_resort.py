"""Ends the process when its shutdown hangs: a thread, since what hangs may be the event loop, or another thread."""

import asyncio
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Final

_logger = logging.getLogger(__name__)

_MOST_LISTED: Final = 10
_INNERMOST_FRAMES: Final = 3


class LastResort:
    """Nothing happens until a limit is set; then the process ends by itself in time, or it is ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop, exit_code: int) -> None:
        """`exit_code` is that of a process that was ended; `loop` is asked which of its tasks still run."""
        self.exit_code = exit_code
        """The exit code of a process that has to be ended."""
        self._loop = loop
        self._end: float | None = None
        self._changed = threading.Condition(threading.RLock())  # signal handlers may interrupt those who hold it
        self._thread = threading.Thread(target=self._run, name="last-resort", daemon=True)

    def limit(self, seconds: float) -> None:
        """End the process in so many seconds, unless it is to be ended earlier anyway."""
        end = time.monotonic() + seconds
        with self._changed:
            is_first = self._end is None
            self._end = end if self._end is None else min(self._end, end)
            self._changed.notify()
        if is_first:
            self._thread.start()

    def _run(self) -> None:
        with self._changed:
            while self._end is not None and (left := self._end - time.monotonic()) > 0:
                self._changed.wait(left)
        _logger.error("The shutdown takes too long, and is ended here. What hangs: %s", "; ".join(self._hanging()))
        for handler in logging.getLogger().handlers:
            handler.flush()
        os._exit(self.exit_code)

    def _hanging(self) -> list[str]:
        found = [*self._tasks(), *_threads()]
        more = [f"and {len(found) - _MOST_LISTED} more"] if len(found) > _MOST_LISTED else []
        return [*found[:_MOST_LISTED], *more] or ["nothing that can be named"]

    def _tasks(self) -> Iterator[str]:
        try:
            tasks = [] if self._loop.is_closed() else asyncio.all_tasks(self._loop)
        except RuntimeError:  # tasks come and go, and are being counted
            tasks = []
        for task in sorted(tasks, key=lambda task: task.get_name()):
            stack = task.get_stack(limit=1)
            where = f" in {_place(stack[-1].f_code.co_filename, stack[-1].f_lineno)}" if stack else ""
            yield f"task {task.get_name()!r}{where}"


def _threads() -> Iterator[str]:
    frames = sys._current_frames()
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        if frame is not None and thread is not threading.current_thread() and not thread.daemon:
            innermost = traceback.extract_stack(frame)[-_INNERMOST_FRAMES:]
            yield f"thread {thread.name!r} in {' > '.join(_place(each.filename, each.lineno) for each in innermost)}"


def _place(path: str, line: int | None) -> str:
    return f"{os.path.basename(path)}:{line}"  # noqa: PTH119 - a thread that ends the process needs nothing more
