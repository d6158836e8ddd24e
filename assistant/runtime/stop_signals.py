"""What SIGTERM and SIGINT do: before there is anything to be left in order, and afterwards."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def end_at_sigterm(exit_code: int) -> None:
    """Have SIGTERM end the process at once: while it imports, nothing is open."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(exit_code))


def call_at_signals(stop: Callable[[], None], at_once: Callable[[], None]) -> None:
    """Have both signals, however often they come, call `at_once` in the main thread and `stop` in the running loop.

    asyncio's own handlers wait for the loop, which may be blocked, and are gone when it is closed.
    """
    loop = asyncio.get_running_loop()

    def handle(*_: object) -> None:
        at_once()
        with suppress(RuntimeError):  # the loop is closed: the process is ending
            loop.call_soon_threadsafe(stop)

    for number in _SIGNALS:
        signal.signal(number, handle)
