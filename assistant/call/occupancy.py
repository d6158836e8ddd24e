"""Whether a call still has company: somebody in the voice channel, somebody typing."""

import asyncio

from assistant.call.context import CallContext
from assistant.domain.call_ending import EndReason
from assistant.voice.occupants import get_to_know, has_listeners


class Occupancy:
    """Watches one call for being left alone, and for a long silence."""

    def __init__(self, context: CallContext, *, alone_seconds: float, idle_seconds: float) -> None:
        """`idle_seconds` 0 means that silence never ends the call."""
        self._context = context
        self._alone_seconds = alone_seconds
        self._idle_seconds = idle_seconds
        self._changed = asyncio.Event()
        self._typed = asyncio.Event()

    @property
    def is_alone(self) -> bool:
        """Whether nobody but bots is in the voice channel."""
        return not self._somebody_is_there()

    def changed(self) -> None:
        """Somebody joined or left, the call moved, or who was known is known no longer."""
        self._changed.set()

    def somebody_typed(self) -> None:
        """A message came, or was answered."""
        self._typed.set()

    async def gone(self) -> EndReason:
        """Return when the call has no company any more, with which kind of loneliness it is."""
        watches = {
            asyncio.create_task(self._left_alone()): EndReason.ALONE,
            asyncio.create_task(self._silent()): EndReason.IDLE,
        }
        try:
            done, _ = await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
        return watches[done.pop()]

    async def _left_alone(self) -> None:
        while True:
            self._changed.clear()
            await get_to_know(self._context.voice)
            if self._somebody_is_there():
                await self._changed.wait()
                continue
            try:
                async with asyncio.timeout(self._alone_seconds):
                    await self._until_somebody_is_there()
            except TimeoutError:
                return

    async def _until_somebody_is_there(self) -> None:
        while not self._somebody_is_there():
            self._changed.clear()
            await self._changed.wait()

    async def _silent(self) -> None:
        while True:
            self._typed.clear()
            try:
                async with asyncio.timeout(self._idle_seconds or None):
                    await self._typed.wait()
            except TimeoutError:
                return

    def _somebody_is_there(self) -> bool:
        return has_listeners(self._context.voice)
