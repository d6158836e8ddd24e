"""Messages that wait for their turn."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_FIRST_MESSAGES: Final = 5
"""A member's first message is taken until so many times the size wait: there are that many senders at least."""


class InboxClosed(Exception):
    """The inbox is closed: nothing more will come out of it."""


class Offer(Enum):
    """What became of an item that was offered."""

    TAKEN = "it waits now"
    SHARE_USED = "its sender has as many waiting as one sender may"
    FULL = "too many wait"


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """An item, and how many came before it."""

    number: int
    item: T


class Inbox(Generic[T]):
    """A bounded queue of one event loop that is fair to its senders: each in turn gives the oldest of its items.

    What was accepted is taken, removed on purpose, or returned at close. However many wait, there is room for the first
    item of another sender, until five times the size is reached.
    """

    def __init__(self, size: int) -> None:
        """`size` is how many items may wait; half of them may be one sender's."""
        self._size = size
        self.share = (size + 1) // 2
        """How many items of one sender may wait."""
        self._by_sender: dict[int, deque[_Waiting[T]]] = {}
        """The senders whose turn comes first stand first; none of them is without an item."""
        self._accepted = 0
        self._changed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        """How many items wait."""
        return sum(map(len, self._by_sender.values()))

    def offer(self, item: T, sender: int) -> Offer:
        """Let `item` wait, unless there is no room for it; a closed inbox has none."""
        own = len(self._by_sender.get(sender, ()))
        if own >= self.share:
            return Offer.SHARE_USED
        if self._closed or len(self) >= self._size * (1 if own else _FIRST_MESSAGES):
            return Offer.FULL
        self.put_back(item, sender)
        return Offer.TAKEN

    def put_back(self, item: T, sender: int) -> None:
        """Let an item wait that was accepted before, whatever the size."""
        self._by_sender.setdefault(sender, deque()).append(_Waiting(self._accepted, item))
        self._accepted += 1
        self._changed.set()

    def put_first(self, item: T, sender: int) -> None:
        """Let an item wait that was taken out before, in front of all others."""
        first = min((waiting.number for queue in self._by_sender.values() for waiting in queue), default=self._accepted)
        queue = self._by_sender.pop(sender, deque())
        queue.appendleft(_Waiting(first - 1, item))
        self._by_sender = {sender: queue, **self._by_sender}
        self._changed.set()

    @property
    def items(self) -> list[T]:
        """What waits, in no order."""
        return [waiting.item for queue in self._by_sender.values() for waiting in queue]

    def replace(self, change: Callable[[T], T | None]) -> list[T]:
        """Put in the place of each item what `change` makes of it; None removes it. Returns those that were removed."""
        removed: list[T] = []
        for sender, queue in list(self._by_sender.items()):
            kept: deque[_Waiting[T]] = deque()
            for waiting in queue:
                changed = change(waiting.item)
                if changed is None:
                    removed.append(waiting.item)
                else:
                    kept.append(_Waiting(waiting.number, changed))
            if kept:
                self._by_sender[sender] = kept
            else:
                del self._by_sender[sender]
        return removed

    async def get(self) -> T:
        """The oldest item of the sender whose turn it is, as soon as there is one. May be cancelled without a loss.

        Raises:
            InboxClosed: the inbox was closed.
        """
        while True:
            if self._closed:
                raise InboxClosed
            if self._by_sender:
                return self._take()
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> list[T]:
        """Take nothing more and wake whoever waits. Returns what still waited, oldest first."""
        self._closed = True
        left = [waiting for queue in self._by_sender.values() for waiting in queue]
        self._by_sender.clear()
        self._changed.set()
        return [waiting.item for waiting in sorted(left, key=lambda waiting: waiting.number)]

    def _take(self) -> T:
        sender = next(iter(self._by_sender))
        queue = self._by_sender.pop(sender)
        item = queue.popleft().item
        if queue:
            self._by_sender[sender] = queue  # at the end: the others come first
        return item
