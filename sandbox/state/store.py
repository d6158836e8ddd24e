"""The one store: all that is so in this Discord. It is written only by applying a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sandbox.state.channel import Channel
from sandbox.state.errors import unknown
from sandbox.state.event import Event
from sandbox.state.guild import Guild
from sandbox.state.json_types import Json
from sandbox.state.user import User

if TYPE_CHECKING:
    from sandbox.state.command import Commands
    from sandbox.state.interaction import Interaction

T = TypeVar("T")


class Change(Protocol):
    """Something that happens: what it writes, and what the gateway says of it."""

    def apply(self, store: Store) -> None:
        """Write it."""

    def event(self) -> Event | None:
        """What the bot hears of it, asked for once it is written; None: nothing."""


@dataclass(eq=False)
class _Waiter:
    """Someone who waits for something to become so."""

    find: Callable[[], object]
    """Looks for it; anything but None is a find."""
    found: asyncio.Future[Any]
    """Where the find goes."""


class Store:
    """Users, guilds, commands, interactions by token and the bot's presence; and the only way to change them."""

    def __init__(self, commands: Commands) -> None:
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.commands = commands
        self.interactions: dict[str, Interaction] = {}
        self.presence: Json = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._waiters: list[_Waiter] = []

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Have every event told to `listener`, in the order in which things happen."""
        self._listeners.append(listener)

    def apply(self, change: Change) -> None:
        """Let something happen: write it, tell the gateway, wake whoever waited for it."""
        change.apply(self)
        event = change.event()
        if event is not None:
            for listener in self._listeners:
                listener(event)
        self.look_again()

    def look_again(self) -> None:
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
        self, find: Callable[[], T | None], timeout: float, instead: Callable[[], str] = lambda: ""
    ) -> T:
        """What `find` returns as soon as that is not None: at once, or after a change.

        Raises TimeoutError after `timeout` seconds, with `instead()` as its message.
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

    def channel(self, channel_id: int) -> Channel:
        """A channel that exists; raises ApiError 10003."""
        for guild in self.guilds.values():
            if channel := guild.channels.get(channel_id):
                return channel
        raise unknown("Channel")

    def guild(self, guild_id: int) -> Guild:
        """A guild that exists; raises ApiError 10004."""
        if guild := self.guilds.get(guild_id):
            return guild
        raise unknown("Guild")
