import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.call.registry import CallRegistry, SessionFactory
from assistant.cluster.journal import CallJournals
from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.errors import StorageUnavailable
from assistant.reply.post_queue import PostQueue
from assistant.storage.call_store import CallStore
from assistant.storage.write_behind import WriteBehind
from tests.support.fake_text import FakeText, response
from tests.support.fake_voice import FakeChannel
from tests.support.virtual_time import run_in_virtual_time

ASKED = CallEnding(reason=EndReason.ASKED, by="Ada")
FORBIDDEN = CallEnding(reason=EndReason.FORBIDDEN)


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


@pytest.fixture(autouse=True)
def sessions() -> list[FakeSession]:
    """All sessions that are made."""
    FakeSession.made = []
    return FakeSession.made


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


def test_a_call_is_taken_up_as_soon_as_the_other_process_lets_go_of_it(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        async with calls_with(store) as calls:
            await take_up(calls, server)
            await asyncio.sleep(30)
            assert calls.is_returning(5)
            assert calls.get(5) is None
            assert sessions == []
            store.held, store.released = set(), {5}
            await asyncio.sleep(0.3)
            (session,) = sessions
            assert cast(Any, calls.get(5)) is session
            assert session.snapshot is not None
            assert session.begun_by == 10
            assert not calls.is_returning(5)
        assert server.left == 0, "the voice channel was left, which the call goes on in"

    run_in_virtual_time(main())


def test_beyond_the_most_calls_none_is_begun_but_those_of_other_processes_are_taken_up(
    sessions: list[FakeSession],
) -> None:
    async def main() -> None:
        store = FakeStore()
        store.released = {7}
        async with calls_with(store, most_calls=1) as calls:
            FakeServer(5).begin(calls)
            with pytest.raises(CallRefused) as refused:
                FakeServer(6).begin(calls)
            assert refused.value.refusal is Refusal.TOO_MANY_CALLS
            await take_up(calls, FakeServer(7))
            await asyncio.sleep(1)
            assert len(sessions) == 2

    run_in_virtual_time(main())


def test_a_call_that_the_other_process_ends_is_not_taken_up(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        async with calls_with(store) as calls:
            await take_up(calls, server)
            await asyncio.sleep(30)
            store.held.clear()
            await asyncio.sleep(0.3)
            assert not calls.is_returning(5)
            assert sessions == []
            assert not calls.end(5, ASKED)
            server.begin(calls)

    run_in_virtual_time(main())


def test_a_call_that_is_ended_before_it_is_back_ends_once_it_is(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store = FakeStore(5)
        async with calls_with(store) as calls:
            await take_up(calls, FakeServer())
            assert calls.end(5, ASKED)
            assert calls.end(5, FORBIDDEN)
            await asyncio.sleep(1)
            store.held, store.released = set(), {5}
            await asyncio.sleep(1)
            (session,) = sessions
            assert session.was_run, "nobody would clear it away"
            assert session.goodbye == ASKED, "the first reason is the one that is told"
            assert calls.get(5) is None

    run_in_virtual_time(main())


def test_an_end_of_a_call_that_did_not_come_back_does_not_end_the_next_one(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        async with calls_with(store) as calls:
            await take_up(calls, server)
            assert calls.end(5, ASKED)
            store.held.clear()
            await asyncio.sleep(1)
            store.released = {5}
            await take_up(calls, server)
            await asyncio.sleep(1)
            assert not sessions[0].ending.done()

    run_in_virtual_time(main())


def test_no_call_is_begun_while_one_is_being_taken_up_nor_while_there_is_one() -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        async with calls_with(store) as calls:
            await take_up(calls, server)
            with pytest.raises(CallRefused) as refused:
                server.begin(calls)
            assert refused.value.refusal is Refusal.STOPPING
            FakeServer(6).begin(calls)
            store.held, store.released = set(), {5}
            await asyncio.sleep(1)
            with pytest.raises(CallRefused) as refused:
                server.begin(calls)
            assert refused.value.refusal is Refusal.IN_A_CALL

    run_in_virtual_time(main())


def test_no_voice_channel_is_left_while_the_database_cannot_be_read(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        store.is_down = True
        async with calls_with(store) as calls:
            await take_up(calls, server)
            assert server.left == 0
            assert not calls.is_returning(5)
            store.is_down = False
            await take_up(calls, server)
            assert server.left == 1
        assert sessions == []

    run_in_virtual_time(main())


def test_only_a_voice_channel_in_which_no_call_is_is_left() -> None:
    async def main() -> None:
        held, ours, left, absent = FakeServer(1), FakeServer(2), FakeServer(3), FakeServer(4, is_in_voice=False)
        async with calls_with(FakeStore(1)) as calls:
            ours.begin(calls)
            await take_up(calls, held, ours, left, absent)
            assert [server.left for server in (held, ours, left, absent)] == [0, 0, 1, 0]

    run_in_virtual_time(main())


@pytest.mark.parametrize("held", [(), (5,)])
def test_a_call_that_is_begun_while_the_database_is_read_is_neither_left_nor_taken_up_over(
    held: tuple[int, ...], sessions: list[FakeSession]
) -> None:
    async def main() -> None:
        store, server = FakeStore(*held), FakeServer()
        store.seconds = 1.0
        async with calls_with(store) as calls:
            taking_up = asyncio.ensure_future(take_up(calls, server))
            await asyncio.sleep(0.5)
            session = server.begin(calls)
            await taking_up
            store.released = set(held)
            await asyncio.sleep(5)
            assert cast(Any, calls.get(5)) is session
            assert sessions == [session]
            assert server.left == 0

    run_in_virtual_time(main())


def test_a_call_is_taken_up_once_though_it_is_looked_for_twice(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        store.seconds = 0.1
        async with calls_with(store) as calls:
            await asyncio.gather(take_up(calls, server), take_up(calls, server))
            await take_up(calls, server)
            store.released = {5}
            await asyncio.sleep(5)
            assert len(sessions) == 1

    run_in_virtual_time(main())


def test_a_call_is_taken_up_once_the_database_is_back(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store = FakeStore(5)
        async with calls_with(store) as calls:
            await take_up(calls, FakeServer())
            store.is_down = True
            await asyncio.sleep(100)
            store.is_down, store.released = False, {5}
            await asyncio.sleep(0.3)
            assert len(sessions) == 1

    run_in_virtual_time(main())


@pytest.mark.parametrize("what", ["is_text_gone", "is_text_archived"])
def test_a_call_goes_on_where_its_text_channel_is_gone_or_its_thread_is_archived(
    sessions: list[FakeSession], what: str
) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        setattr(server, what, True)
        store.released = {5}
        async with calls_with(store) as calls:
            await take_up(calls, server)
            await asyncio.sleep(1)
            assert [session.text for session in sessions] == [server.voice if what == "is_text_gone" else server.text]

    run_in_virtual_time(main())


@pytest.mark.parametrize("is_down", [False, True])
def test_a_call_whose_voice_channel_is_gone_is_over(sessions: list[FakeSession], *, is_down: bool) -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        server.is_voice_gone = True

        async def claim(_: int) -> CallSnapshot:
            store.is_down = is_down
            return CallSnapshot(guild_id=5, voice_id=7, text_id=3, begun_by=10)

        cast(Any, store).claim = claim
        async with calls_with(store) as calls:
            await take_up(calls, server)
            await asyncio.sleep(1)
            assert not calls.is_returning(5)
            assert store.ended == ([] if is_down else [5])
        assert sessions == []

    run_in_virtual_time(main())


def test_who_hands_over_waits_for_no_call_of_another_and_begins_none(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server, another = FakeStore(5), FakeServer(5), FakeServer(6)
        async with calls_with(store) as calls:
            await take_up(calls, server)
            session = another.begin(calls)
            await asyncio.sleep(1)
            await calls.suspend()
            assert session.goodbye == CallEnding(reason=EndReason.SUSPENDED)
            with pytest.raises(CallRefused):
                another.begin(calls)
            await asyncio.sleep(0.01)
            assert not calls.is_returning(5)
            store.released = {5}
            await take_up(calls, server)
            await asyncio.sleep(5)
        assert sessions == [session]

    run_in_virtual_time(main())


@pytest.mark.parametrize("stopped_after", [0.0, 0.1, 0.25, 0.3, 0.45, 0.6])
def test_a_call_that_is_claimed_as_the_process_stops_is_left_to_others(
    stopped_after: float, sessions: list[FakeSession]
) -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        store.released = {5}
        async with calls_with(store) as calls:
            store.seconds = 0.2
            await take_up(calls, server)
            await asyncio.sleep(stopped_after)
            stopped_at = asyncio.get_running_loop().time()
            await calls.suspend()
            assert asyncio.get_running_loop().time() - stopped_at < 1.0
            assert all(session.ending.done() for session in sessions)
            assert sessions or store.released == {5}, "nobody holds it, and nobody may take it"

    run_in_virtual_time(main())


def test_a_claimed_call_is_left_to_others_also_where_discord_hangs(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        store.released = {5}
        server.is_text_archived, server.fetch_seconds = True, 100.0
        async with calls_with(store) as calls:
            await take_up(calls, server)
            await asyncio.sleep(0.1)
            assert store.released == set(), "it is claimed"
            await calls.suspend()
            assert store.released == {5}
            assert asyncio.get_running_loop().time() < 2.0
        assert sessions == []

    run_in_virtual_time(main())


def test_a_call_that_is_ended_while_it_is_claimed_does_not_come_back_though_the_process_stops(
    sessions: list[FakeSession],
) -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        store.released, store.seconds = {5}, 0.2
        async with calls_with(store) as calls:
            await take_up(calls, server)
            assert calls.end(5, ASKED)
            await asyncio.sleep(0.1)
            await calls.suspend()
            assert store.released == set()
            (session,) = sessions
            assert session.goodbye == ASKED

    run_in_virtual_time(main())


def test_a_stop_does_not_wait_long_for_a_database_that_hangs() -> None:
    async def main() -> None:
        store = FakeStore()
        store.released = {5}
        async with calls_with(store) as calls:
            await take_up(calls, FakeServer())
            store.seconds = 1000.0
            await calls.suspend()
            assert asyncio.get_running_loop().time() < 2.0
            store.seconds = 0.0

    run_in_virtual_time(main())


def test_a_channel_is_not_left_in_which_another_process_has_begun_a_call_since() -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        store.seconds = 0.1
        async with calls_with(store) as calls:
            asyncio.get_running_loop().call_later(0.15, store.held.add, 5)
            await take_up(calls, server)
            assert server.left == 0
            store.held.clear()
            await take_up(calls, server)
            assert server.left == 1

    run_in_virtual_time(main())


def test_a_call_that_is_expected_is_ended_and_not_begun_anew(sessions: list[FakeSession]) -> None:
    """What comes in before the servers are known, of which only the ids are."""

    async def main() -> None:
        store, server = FakeStore(5), FakeServer()
        async with calls_with(store) as calls:
            await calls.expect([5, 6])
            assert calls.is_returning(5)
            assert not calls.is_returning(6)
            with pytest.raises(CallRefused):
                server.begin(calls)
            assert calls.end(5, ASKED)
            store.held, store.released = set(), {5}
            await take_up(calls, server)
            await asyncio.sleep(1)
            (session,) = sessions
            assert session.goodbye == ASKED

    run_in_virtual_time(main())


def test_an_expected_call_that_is_over_before_it_is_taken_up_makes_room() -> None:
    async def main() -> None:
        store, server = FakeStore(5), FakeServer(is_in_voice=False)
        async with calls_with(store) as calls:
            await calls.expect([5])
            assert calls.end(5, ASKED)
            store.held.clear()
            await take_up(calls, server)
            assert not calls.is_returning(5)
            session = server.begin(calls)
            await asyncio.sleep(1)
            assert not session.ending.done()

    run_in_virtual_time(main())


def test_what_becomes_of_messages_concerns_a_call_until_its_goodbye_is_said_and_the_next_one_too() -> None:
    async def main() -> None:
        async with calls_with(FakeStore()) as calls:
            server = FakeServer()
            assert calls.concerned(5) == []
            first = server.begin(calls)
            first.may_leave.clear()
            first.end(CallEnding(reason=EndReason.ASKED))
            await asyncio.sleep(0.1)
            assert list(calls.concerned(5)) == cast(Any, [first])
            second = server.begin(calls)
            assert list(calls.concerned(5)) == cast(Any, [second, first])
            first.may_leave.set()
            await asyncio.sleep(0.1)
            assert list(calls.concerned(5)) == cast(Any, [second])

    run_in_virtual_time(main())


def test_calls_are_begun_again_after_a_resumption(sessions: list[FakeSession]) -> None:
    async def main() -> None:
        store, server = FakeStore(), FakeServer()
        async with calls_with(store) as calls:
            await calls.suspend()
            with pytest.raises(CallRefused):
                server.begin(calls)
            store.released = {5}
            await calls.resume(cast(Any, [server]))
            await asyncio.sleep(1)
            (session,) = sessions
            assert session.snapshot is not None

    run_in_virtual_time(main())


def test_a_call_hears_messages_until_its_goodbye_is_said_and_another_may_begin_meanwhile() -> None:
    async def leave() -> None:
        async with calls_with(FakeStore()) as calls:
            server = FakeServer()
            first = server.begin(calls)
            first.may_leave.clear()
            first.end(CallEnding(reason=EndReason.ASKED))
            await asyncio.sleep(1)
            assert calls.get(server.id) is None
            assert cast(Any, calls.listening(server.id)) is first
            second = server.begin(calls)
            assert cast(Any, calls.listening(server.id)) is second
            first.may_leave.set()
            second.end(CallEnding(reason=EndReason.ASKED))
            await asyncio.sleep(1)
            assert calls.listening(server.id) is None

    run_in_virtual_time(leave())
