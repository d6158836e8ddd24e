"""A registry of calls that are fakes, as are the store and the servers."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import discord

from assistant.call.registry import CallRegistry, SessionFactory
from assistant.cluster.journal import CallJournals
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.errors import StorageUnavailable
from assistant.reply.post_queue import PostQueue
from assistant.storage.call_store import CallStore
from assistant.storage.write_behind import WriteBehind
from tests.support.fake_text import FakeText, response
from tests.support.fake_voice import FakeChannel


class FakeStore:
    """The calls of other processes."""

    def __init__(self, *held: int) -> None:
        self.held = set(held)
        """The guilds whose call another process holds."""
        self.released: set[int] = set()
        """Those whose call it has let go of."""
        self.is_down = False
        self.seconds = 0.0
        self.ended: list[int] = []

    async def _reach(self) -> None:
        await asyncio.sleep(self.seconds)
        if self.is_down:
            raise StorageUnavailable(address="sqlite", detail="down")

    async def guilds_held_elsewhere(self, guild_ids: Collection[int]) -> list[int]:
        await self._reach()
        return sorted((self.held | self.released) & set(guild_ids))

    async def exists(self, guild_id: int) -> bool:
        await self._reach()
        return guild_id in self.held | self.released

    async def claim(self, guild_id: int) -> CallSnapshot | None:
        await self._reach()
        if guild_id not in self.released:
            return None
        self.released.discard(guild_id)
        return CallSnapshot(guild_id=guild_id, voice_id=7, text_id=3, begun_by=10)

    async def end(self, guild_id: int) -> None:
        await self._reach()
        self.ended.append(guild_id)

    async def release(self, guild_id: int) -> None:
        await self._reach()
        self.released.add(guild_id)


class FakeSession:
    """A call that lasts until it is ended."""

    made: list["FakeSession"]

    def __init__(self, voice: Any, text: object, *, begun_by: int, snapshot: CallSnapshot | None = None) -> None:
        self.voice = voice
        self.text = text
        self.snapshot = snapshot
        self.begun_by = begun_by
        self.posts = PostQueue()
        self.ending: asyncio.Future[CallEnding] = asyncio.get_running_loop().create_future()
        self.goodbye: CallEnding | None = None
        self.was_run = False
        self.may_leave = asyncio.Event()
        self.may_leave.set()
        FakeSession.made.append(self)

    def end(self, ending: CallEnding) -> None:
        if not self.ending.done():
            self.ending.set_result(ending)

    async def suspend(self) -> None:
        self.end(CallEnding(reason=EndReason.SUSPENDED))

    async def run(self) -> CallEnding:
        self.was_run = True
        return await self.ending

    async def say_goodbye(self, ending: CallEnding) -> None:
        await self.may_leave.wait()
        self.goodbye = ending


class FakeServer:
    """A guild with a voice channel and a text channel."""

    def __init__(self, guild_id: int = 5, *, is_in_voice: bool = True) -> None:
        self.id = guild_id
        self.voice = FakeChannel([])
        self.text = FakeText(3)
        rights = SimpleNamespace(view_channel=True, connect=True, speak=True, mute_members=True, move_members=True)
        self.voice.rights = cast(Any, rights)
        self.voice.guild = self.text.guild = cast(Any, self)
        self.voice.user_limit = 0
        self.me = SimpleNamespace(id=1, voice=SimpleNamespace(channel=self.voice) if is_in_voice else None)
        self.afk_channel = None
        self.left = 0
        self.is_voice_gone = self.is_text_gone = self.is_text_archived = False
        self.fetch_seconds = 0.0

    def get_channel(self, _: int) -> object:
        return None if self.is_voice_gone else self.voice

    def get_channel_or_thread(self, _: int) -> object:
        return None if self.is_text_gone or self.is_text_archived else self.text

    async def fetch_channel(self, _: int) -> object:
        await asyncio.sleep(self.fetch_seconds)
        if self.is_text_gone:
            raise discord.NotFound(response(404), "Unknown Channel")
        return self.text

    async def change_voice_state(self, *, channel: object) -> None:
        assert channel is None
        self.left += 1

    def begin(self, calls: CallRegistry) -> FakeSession:
        caller = SimpleNamespace(guild=self, voice=SimpleNamespace(channel=self.voice))
        return cast(FakeSession, calls.begin(cast(Any, caller), self.text, 11))


@asynccontextmanager
async def calls_with(store: FakeStore, *, most_calls: int = 0) -> AsyncIterator[CallRegistry]:
    """The calls of a process, which are all ended and over at the end."""
    async with asyncio.timeout(10_000), WriteBehind() as writes, asyncio.TaskGroup() as tasks:
        journals = CallJournals(cast(CallStore, store), writes)
        calls = CallRegistry(cast(SessionFactory, FakeSession), journals, tasks, most_calls=most_calls)
        yield calls
        await calls.suspend()
    assert calls.all == ()


async def take_up(calls: CallRegistry, *servers: FakeServer) -> None:
    await calls.resume_calls(cast(Any, servers))
