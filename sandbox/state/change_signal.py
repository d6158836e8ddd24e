"""Wakes whoever waits for something to become so, after every change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class _Waiter:
    """Someone who waits."""

    find: Callable[[], object]
    """Looks for it; anything but None is a find."""
    found: asyncio.Future[Any]
    """Where the find goes."""


class ChangeSignal:
    """All who wait for something in one Discord."""

    def __init__(self) -> None:
        self._waiters: list[_Waiter] = []

    def notify(self) -> None:
        """Have all who wait look whether they find what they want."""
        for waiter in list(self._waiters):
            if waiter.found.done():
                continue
            try:
                result = waiter.find()
            except Exception as error:  # noqa: BLE001 - it is the waiter's own fault, and told to it
                waiter.found.set_exception(error)
            else:
                if result is not None:
                    waiter.found.set_result(result)

    async def wait_for(
        self, find: Callable[[], T | None], timeout: float | None, instead: Callable[[], str] = lambda: ""
    ) -> T:
        """What `find` returns as soon as that is not None: at once, or after a change. Without a `timeout` it may take
        any time.

        Raises:
            TimeoutError: `timeout` seconds have passed; its message is `instead()`.
        """
        result = find()
        if result is not None:
            return result
        found: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(find, found)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                return await found
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s: {instead()}") from None
        finally:
            self._waiters.remove(waiter)
