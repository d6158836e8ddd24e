"""Messages that wait for their turn."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class InboxClosed(Exception):
    """The inbox is closed: nothing more will come out of it."""


class Inbox(Generic[T]):
    """A bounded queue, first in, first out, of one event loop. What was accepted is taken, or returned at close."""

    def __init__(self, size: int) -> None:
        """`size` is how many items may wait."""
        self._size = size
        self._items: deque[T] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._items)

    def offer(self, item: T) -> bool:
        """Let `item` wait; False when it can't, because the inbox is full or closed."""
        if self._closed or len(self._items) >= self._size:
            return False
        self._items.append(item)
        self._changed.set()
        return True

    def put_back(self, item: T) -> None:
        """Let an item wait that was accepted before, whatever the size."""
        self._items.append(item)
        self._changed.set()

    async def get(self) -> T:
        """The item that has waited longest, as soon as there is one. May be cancelled without losing an item.

        Raises:
            InboxClosed: the inbox was closed.
        """
        while True:
            if self._closed:
                raise InboxClosed
            if self._items:
                return self._items.popleft()
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> list[T]:
        """Take nothing more and wake whoever waits. Returns what still waited, so that its senders can be told."""
        self._closed = True
        left = list(self._items)
        self._items.clear()
        self._changed.set()
        return left
