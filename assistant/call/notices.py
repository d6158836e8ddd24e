"""What members are told of messages that are not answered: seldom, and behind the answers."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

import discord

from assistant.discord_io.posting import post
from assistant.domain.channels import TextPlace

_QUIET_SECONDS: Final = 30.0
"""How long a member is told nothing more after a notice."""
_APART_SECONDS: Final = 5.0
"""How far apart the notices in a channel are. Discord takes five posts in five seconds there, as its X-RateLimit
headers say (https://discord.com/developers/docs/topics/rate-limits): four of them are left to the answers."""
_MOST_WAITING: Final = 6
"""How many notices wait; the last of them is as late as a notice may be to be understood."""

_MOST_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """What a member is told of a message, as far as that is needed."""

    text: str = ""
    """Why it is not answered, or not aloud; empty where there is nothing to tell."""
    once: bool = False
    """Whether a member who was told this text last with `once` is not told it again."""


@dataclass(frozen=True, slots=True)
class _Notice:
    """A text, and what it is an answer to."""

    place: TextPlace
    message: discord.Message | None
    text: str


class Notices:
    """The notices of one call. Nothing is posted before `run`.

    A notice of its own for each message would keep the answers out of the channel: Discord takes a post a second.
    """

    def __init__(self) -> None:
        """Nobody was told anything yet."""
        self._quiet_until: dict[int, float] = {}
        self._told_once: dict[int, str] = {}
        self._due: deque[_Notice] = deque()
        self._changed = asyncio.Event()

    def tell(self, message: discord.Message | None, place: TextPlace, told: Told, *, member_id: int) -> bool:
        """Tell a member of their message; False where they were told something a moment ago, or many wait."""
        if told.once and self._told_once.get(member_id) == told.text:
            return False
        now = asyncio.get_running_loop().time()
        self._quiet_until = {author: until for author, until in self._quiet_until.items() if until > now}
        if member_id in self._quiet_until or len(self._due) >= _MOST_WAITING:
            return False
        self._quiet_until[member_id] = now + _QUIET_SECONDS
        if told.once:
            if len(self._told_once) >= _MOST_REMEMBERED:
                del self._told_once[next(iter(self._told_once))]
            self._told_once[member_id] = told.text
        self._due.append(_Notice(place, message, told.text))
        self._changed.set()
        return True

    async def run(self) -> None:
        """Post the notices as they are due, until cancelled; those that wait then are dropped."""
        loop = asyncio.get_running_loop()
        free_at: dict[int, float] = {}
        while True:
            notice = min(self._due, key=lambda notice: free_at.get(notice.place.id, 0.0), default=None)
            if notice is None:
                self._changed.clear()
                await self._changed.wait()
                continue
            await asyncio.sleep(free_at.get(notice.place.id, 0.0) - loop.time())
            self._due.remove(notice)
            await post(notice.place, notice.text, answering=notice.message)
            free_at[notice.place.id] = loop.time() + _APART_SECONDS
