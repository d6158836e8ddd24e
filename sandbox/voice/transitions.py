"""Transitions that have been announced and wait for every client to be ready."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

READY_SECONDS: Final = 2.0
"""Seconds after which a transition is executed without those who are not ready (the whitepaper's figure)."""


@dataclass(slots=True)
class _Open:
    version: int
    users: frozenset[int]
    awaited: set[int]
    limit: asyncio.TimerHandle


class Transitions:
    """Numbers transitions and executes each when it is time. Made in a running event loop."""

    def __init__(self, execute: Callable[[int, int, frozenset[int]], None]) -> None:
        """`execute` is called with a transition's number, its protocol version and all who prepared it."""
        self._execute = execute
        self._loop = asyncio.get_running_loop()
        self._open: dict[int, _Open] = {}
        self._last = 0

    def open(self, users: Iterable[int], version: int) -> int:
        """Starts waiting for `users`; returns the transition's number, 1 to 65535."""
        everyone = frozenset(users)
        self._last = self._last % 0xFFFF + 1
        limit = self._loop.call_later(READY_SECONDS, self._finish, self._last)
        self._open[self._last] = _Open(version, everyone, set(everyone), limit)
        return self._last

    def ready(self, user_id: int, transition_id: int) -> None:
        """A client is ready; for a transition that is over this does nothing."""
        transition = self._open.get(transition_id)
        if transition is None:
            return
        transition.awaited.discard(user_id)
        if not transition.awaited:
            self._finish(transition_id)

    def awaits(self, user_id: int, transition_id: int | None = None) -> bool:
        """Whether that transition, or some transition, waits for that client."""
        return any(
            user_id in transition.awaited
            for number, transition in self._open.items()
            if transition_id in (None, number)
        )

    def forget_user(self, user_id: int) -> None:
        """Waits for that client no longer."""
        for transition_id in list(self._open):
            self.ready(user_id, transition_id)

    def close(self) -> None:
        """Gives up all transitions."""
        for transition in self._open.values():
            transition.limit.cancel()
        self._open.clear()

    def _finish(self, transition_id: int) -> None:
        transition = self._open.pop(transition_id)
        transition.limit.cancel()
        self._execute(transition_id, transition.version, transition.users)
