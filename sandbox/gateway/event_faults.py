"""Faults in the gateway's events: some are withheld, some come late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.state.event import Event
from sandbox.state.intents import NO_INTENT
from sandbox.state.user import User


@dataclass
class _EventFault:
    """What shall happen to the next events of a name."""

    name: str
    """The event's name."""
    times: int
    """How many of them."""
    seconds: float | None
    """How late they come; None: never."""


class EventFaults:
    """Withholds and delays events on order."""

    def __init__(self, bot: User) -> None:
        self._bot = bot
        self._faults: list[_EventFault] = []
        self._late: set[asyncio.TimerHandle] = set()

    def withhold_event(self, name: str, times: int = 1) -> None:
        """Never send the next events of this name; of VOICE_STATE_UPDATE only those about the bot count."""
        self._faults.append(_EventFault(name, times, None))

    def delay_event(self, name: str, seconds: float, times: int = 1) -> None:
        """Send the next events of this name late; later events may overtake them."""
        self._faults.append(_EventFault(name, times, seconds))

    def delay(self, event: Event) -> float | None:
        """How late an event shall be sent, 0 being at once; None: not at all."""
        for fault in self._faults:
            if fault.name == event.name and fault.times > 0 and self._counts(event):
                fault.times -= 1
                return fault.seconds
        return 0.0

    def later(self, seconds: float, send: Callable[[], None]) -> None:
        """Call `send` later, unless the sandbox closes before."""

        def run() -> None:
            self._late.discard(handle)
            send()

        handle = asyncio.get_running_loop().call_later(seconds, run)
        self._late.add(handle)

    def close(self) -> None:
        """Forget what is still to come."""
        for handle in self._late:
            handle.cancel()
        self._late.clear()

    def _counts(self, event: Event) -> bool:
        if event.name != "VOICE_STATE_UPDATE":
            return True
        return bool(event.data(NO_INTENT)["user_id"] == str(self._bot.id))
