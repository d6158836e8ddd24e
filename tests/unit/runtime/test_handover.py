"""What a process does as its calls go over to another one."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.runtime.handover import Handover
from assistant.runtime.shutdown_budget import ShutdownBudget
from tests.support.virtual_time import run_in_virtual_time


class FakeOwnership:
    """Notes when a heartbeat is written; the test says when a newer process takes over, and when it is gone."""

    def __init__(self) -> None:
        self.beats: list[float] = []
        self.refreshed_at: list[float] = []
        self.lost = asyncio.Event()
        self.abandoned = asyncio.Event()

    async def keep_alive(self) -> None:
        while True:
            self.beats.append(asyncio.get_running_loop().time())
            await asyncio.sleep(1)

    async def until_lost(self) -> None:
        await self.lost.wait()

    async def until_abandoned(self) -> None:
        await self.abandoned.wait()

    async def refresh(self) -> bool:
        self.refreshed_at.append(asyncio.get_running_loop().time())
        return not self.lost.is_set()

    async def reclaim_shards(self) -> None:
        self.lost.clear()


class FakeCalls:
    """Calls that take some seconds to hand over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.suspended_at: list[float] = []
        self.given_up_at: list[float] = []
        self.resumed = 0

    async def suspend(self) -> None:
        await asyncio.sleep(self.seconds)
        self.suspended_at.append(asyncio.get_running_loop().time())

    async def cancel_all(self, seconds: float) -> None:
        self.given_up_at.append(asyncio.get_running_loop().time())

    async def resume(self, _: object) -> None:
        self.resumed += 1


def handover_of(calls: FakeCalls, ownership: FakeOwnership) -> Handover:
    return Handover(cast(Any, SimpleNamespace(guilds=[])), cast(Any, calls), cast(Any, ownership), ShutdownBudget())


@pytest.mark.parametrize("is_stopped", [True, False])
def test_the_heartbeat_goes_on_until_the_calls_are_handed_over_and_no_longer(is_stopped: bool) -> None:
    async def main() -> None:
        ownership, calls = FakeOwnership(), FakeCalls(8.5)
        end = asyncio.create_task(asyncio.sleep(10 if is_stopped else 100))
        asyncio.get_running_loop().call_later(1000 if is_stopped else 10, ownership.lost.set)
        await handover_of(calls, ownership).run(end)
        assert ownership.refreshed_at == [10.0], "whether a newer process waits is asked before the calls are left"
        assert calls.suspended_at == [18.5]
        assert ownership.beats == [float(second) for second in range(19)]

    run_in_virtual_time(main())


def test_calls_that_hang_are_given_up_after_twelve_seconds() -> None:
    async def main() -> None:
        ownership, calls = FakeOwnership(), FakeCalls(1000)
        await handover_of(calls, ownership).run(asyncio.create_task(asyncio.sleep(10)))
        assert calls.given_up_at == [22.0]

    run_in_virtual_time(main())


def test_who_stands_by_serves_again_with_a_heartbeat_when_the_newer_process_is_gone() -> None:
    async def main() -> None:
        ownership, calls = FakeOwnership(), FakeCalls(0.0)
        loop = asyncio.get_running_loop()
        loop.call_later(10.5, ownership.lost.set)
        loop.call_later(20.5, ownership.abandoned.set)
        await handover_of(calls, ownership).run(asyncio.create_task(asyncio.sleep(30)))
        assert calls.resumed == 1
        assert not [beat for beat in ownership.beats if 11 <= beat < 20]
        assert [beat for beat in ownership.beats if beat > 20]

    run_in_virtual_time(main())
