import asyncio

import pytest

from sandbox.voice import transitions
from sandbox.voice.transitions import Transitions

ALICE, BOB = 101, 102


class Executed(list[tuple[int, int, frozenset[int]]]):
    """What was executed, in order."""

    def __call__(self, number: int, version: int, users: frozenset[int]) -> None:
        self.append((number, version, users))


async def test_a_transition_is_executed_once_the_last_client_is_ready() -> None:
    executed = Executed()
    waiting = Transitions(executed)
    number = waiting.open({ALICE, BOB}, version=1)
    waiting.ready(ALICE, number)
    assert executed == []
    assert waiting.awaits(BOB)
    waiting.ready(BOB, number)
    waiting.ready(BOB, number)
    assert executed == [(number, 1, frozenset({ALICE, BOB}))]


async def test_a_client_that_has_gone_is_not_waited_for() -> None:
    executed = Executed()
    waiting = Transitions(executed)
    first, second = waiting.open({ALICE, BOB}, version=1), waiting.open({BOB}, version=1)
    waiting.ready(ALICE, first)
    waiting.forget_user(BOB)
    assert [number for number, _, _ in executed] == [first, second]


async def test_a_transition_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transitions, "READY_SECONDS", 0.02)
    done = asyncio.Event()
    waiting = Transitions(lambda *_: done.set())
    waiting.open({ALICE}, version=1)
    await asyncio.wait_for(done.wait(), 5)
    assert not waiting.awaits(ALICE)


async def test_transitions_that_were_given_up_are_never_executed() -> None:
    executed = Executed()
    waiting = Transitions(executed)
    number = waiting.open({ALICE}, version=0)
    waiting.close()
    waiting.ready(ALICE, number)
    assert executed == []
    assert waiting.open({ALICE}, version=0) == number + 1
    waiting.close()
