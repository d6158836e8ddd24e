"""Long work on the event loop, in steps between which others have their turn."""

import asyncio
import time
from typing import Final

_HELD_SECONDS: Final = 0.01
"""How long the loop is held at a time: half a frame of speech."""


class Breather:
    """Lets others run whenever the work has held the loop for long enough."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def breathe(self) -> None:
        """To be called between the steps."""
        if time.monotonic() - self._since >= _HELD_SECONDS:
            await asyncio.sleep(0)
            self._since = time.monotonic()
