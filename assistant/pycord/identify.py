"""How long a session that is lost waits before the next is begun."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final

_SHORTEST_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 5.0
"""Discord asks for a pause between these two, at random, before an IDENTIFY that follows on a lost session
(https://discord.com/developers/docs/events/gateway#resuming)."""
_APART_SECONDS: Final = 5.0
"""Within so long Discord takes one IDENTIFY of a bot's shards
(https://discord.com/developers/docs/events/gateway#identifying)."""


class IdentifyPace:
    """Spaces the IDENTIFYs of one bot.

    py-cord waits for 5 s before each but the first. Calls are without a voice meanwhile: where a session is lost, the
    pause that Discord asks for is 3 s on average.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        between: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`now` is in seconds; `between` draws a number between two."""
        self._now = now
        self._sleep = sleep
        self._between = between
        self._last: float | None = None

    async def wait(self, *, is_first: bool) -> None:
        """Return when the next IDENTIFY may be sent, which is taken as sent then."""
        pause = 0.0 if is_first else self._between(_SHORTEST_SECONDS, _LONGEST_SECONDS)
        if self._last is not None:
            pause = max(pause, self._last + _APART_SECONDS - self._now())
        await self._sleep(pause)
        self._last = self._now()
