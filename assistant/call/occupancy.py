"""Whether a call is still used: somebody is in its voice channel, and somebody types."""

import asyncio
from collections.abc import Callable

from assistant.call.context import CallContext
from assistant.domain.call_ending import EndReason
from assistant.voice.occupants import fetch_unknown_members, has_listeners


class Occupancy:
    """Watches one call for being left alone, and for a long silence."""

    def __init__(
        self, context: CallContext, on_known: Callable[[], None], *, alone_seconds: float, idle_seconds: float
    ) -> None:
        """Nothing is watched yet.

        Args:
            context: the call.
            on_known: called when Discord was asked who is in the voice channel.
            alone_seconds: how long the call goes on without anybody in it.
            idle_seconds: how long it goes on in silence; 0: silence never ends it.
        """
        self._context = context
        self._on_known = on_known
        self._alone_seconds = alone_seconds
        self._idle_seconds = idle_seconds
        self._changed = asyncio.Event()
        self._typed = asyncio.Event()

    @property
    def is_alone(self) -> bool:
        """Whether nobody but bots is in the voice channel."""
        return not self._is_occupied()

    def refresh(self) -> None:
        """Somebody joined or left, the call moved, or who was known is known no longer."""
        self._changed.set()

    def somebody_typed(self) -> None:
        """A message came, or was answered."""
        self._typed.set()

    async def wait_until_over(self) -> EndReason:
        """Return when nobody is there any more, or nobody types or talks to us: which of the two is why it ends."""
        watches = {
            asyncio.create_task(self._wait_until_alone()): EndReason.ALONE,
            asyncio.create_task(self._wait_until_silent()): EndReason.IDLE,
        }
        try:
            done, _ = await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
        return watches[done.pop()]

    async def _wait_until_alone(self) -> None:
        while True:
            self._changed.clear()
            await fetch_unknown_members(self._context.voice)
            self._on_known()
            if self._is_occupied():
                await self._changed.wait()
                continue
            try:
                async with asyncio.timeout(self._alone_seconds):
                    await self._wait_until_occupied()
            except TimeoutError:
                return

    async def _wait_until_occupied(self) -> None:
        while not self._is_occupied():
            self._changed.clear()
            await self._changed.wait()

    async def _wait_until_silent(self) -> None:
        while True:
            self._typed.clear()
            try:
                async with asyncio.timeout(self._idle_seconds or None):
                    await self._typed.wait()
            except TimeoutError:
                return

    def _is_occupied(self) -> bool:
        return has_listeners(self._context.voice)
