"""The calls of one process: begun, suspended, begun again."""

import asyncio
from typing import Any, cast

import pytest

from assistant.domain.call_ending import CallEnding, EndReason
from assistant.domain.call_refusal import CallRefused, Refusal
from tests.support.virtual_time import run_in_virtual_time
from tests.unit.call.registry_fakes import FakeServer, FakeSession, FakeStore, calls_with, take_up


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
