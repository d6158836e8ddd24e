"""How closely the server listens, and when there was something to hear."""

import asyncio
import time
from enum import Enum
from typing import Final

_SETTLE_SECONDS: Final = 0.005


class Listening(Enum):
    """How much of what a bot says is taken in."""

    FRAMES = "frames"
    """Each packet is opened, and every member of the call decrypts it as its client would."""
    HEADERS = "headers"
    """Each packet is noted by its header, arrival and size, and stays sealed: for hundreds of calls at once."""


class Speech:
    """Counts frames of speech, and wakes those who wait for them or for their end."""

    def __init__(self) -> None:
        self._count = 0
        self._last = 0.0
        self._news = asyncio.Event()

    def came(self, arrival: float) -> None:
        """A frame of speech was heard; `arrival` is in seconds of `time.monotonic()`."""
        self._count += 1
        self._last = arrival
        # Wakes whoever waits now; the next one waits for the next frame.
        self._news.set()
        self._news.clear()

    async def wait_for(self, count: int, timeout: float) -> None:
        """Waits until that many frames of speech were heard in all.

        Raises:
            TimeoutError: they were not in `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while self._count < count:
                await self._news.wait()

    async def wait_until_quiet(self, seconds: float, timeout: float) -> None:
        """Waits until speech was heard and then none for that long.

        Raises:
            TimeoutError: that was not so in `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            await self.wait_for(1, timeout)
            last = 0.0
            while last != self._last:
                last = self._last
                # A little longer, so that datagrams behind a busy event loop have been read.
                await asyncio.sleep(max(0.0, last + seconds - time.monotonic()) + _SETTLE_SECONDS)
