"""Calls of other processes that are taken up, and the channels that are left where there is none."""

import asyncio
from typing import Any, cast

import pytest

from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused
from assistant.domain.call_snapshot import CallSnapshot
from tests.support.virtual_time import run_in_virtual_time
from tests.unit.call.registry_fakes import FakeServer, FakeSession, FakeStore, calls_with, take_up

ASKED = CallEnding(reason=EndReason.ASKED, by="Ada")

FORBIDDEN = CallEnding(reason=EndReason.FORBIDDEN)


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
