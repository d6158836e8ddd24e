import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.state import ConnectionState

from assistant.call.occupancy import Occupancy
from assistant.domain.call_ending import EndReason
from tests.support.virtual_time import run_in_virtual_time

ALONE = 30.0
IDLE = 600.0


class Room:
    """A voice channel, as far as company is concerned."""

    def __init__(self, humans: int, bots: int = 1) -> None:
        self.humans = humans
        self.bots = bots

        self.name = "Lounge"
        self.known = {number: SimpleNamespace(bot=True) for number in range(1, 1 + bots)}
        self.guild = SimpleNamespace(me=SimpleNamespace(id=1), get_member=self.known.get, query_members=self.told_about)
        self.asked: list[list[int]] = []
        self.told: dict[int, SimpleNamespace] = {}

    async def told_about(self, *, user_ids: list[int], limit: int, cache: bool) -> None:
        """What Discord answers to who asks for members: those in `told`, after a second."""
        assert cache
        assert len(user_ids) <= limit
        self.asked.append(user_ids)
        await asyncio.sleep(1)
        self.known |= {user_id: self.told[user_id] for user_id in user_ids if user_id in self.told}

    @property
    def voice_states(self) -> dict[int, object]:
        """The bots, and the humans, of whom nothing is known but that they are there, until `told`."""
        return dict.fromkeys([*range(1, 1 + self.bots), *range(10, 10 + self.humans)])


def occupancy_of(room: Room, on_known: Callable[[], None] = lambda: None, *, idle_seconds: float = 0) -> Occupancy:
    context = cast(Any, SimpleNamespace(voice=room))  # only who is in it is looked at
    return Occupancy(context, on_known, alone_seconds=ALONE, idle_seconds=idle_seconds)


def test_a_call_that_everybody_has_left_ends_after_the_grace() -> None:
    async def main() -> None:
        loop, room = asyncio.get_running_loop(), Room(humans=1)
        occupancy = occupancy_of(room)
        gone = asyncio.ensure_future(occupancy.wait_until_over())
        await asyncio.sleep(100)
        assert not gone.done()
        room.humans = 0
        occupancy.refresh()
        assert await gone is EndReason.ALONE
        assert loop.time() == 100 + ALONE

    run_in_virtual_time(main())


def test_somebody_who_comes_back_within_the_grace_keeps_the_call() -> None:
    async def main() -> None:
        room = Room(humans=0)
        occupancy = occupancy_of(room)
        gone = asyncio.ensure_future(occupancy.wait_until_over())
        await asyncio.sleep(ALONE - 1)
        room.humans = 1
        occupancy.refresh()
        await asyncio.sleep(10 * ALONE)
        assert not gone.done()
        room.humans = 0
        occupancy.refresh()
        await asyncio.sleep(ALONE - 1)
        assert not gone.done()
        await asyncio.sleep(2)
        assert gone.done()

    run_in_virtual_time(main())


def test_other_bots_are_no_company() -> None:
    async def main() -> None:
        assert await occupancy_of(Room(humans=0, bots=3)).wait_until_over() is EndReason.ALONE

    run_in_virtual_time(main())


def test_a_call_in_which_nobody_types_ends_after_the_idle_time() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        occupancy = occupancy_of(Room(humans=2), idle_seconds=IDLE)
        gone = asyncio.ensure_future(occupancy.wait_until_over())
        await asyncio.sleep(IDLE - 1)
        occupancy.somebody_typed()
        assert await gone is EndReason.IDLE
        assert loop.time() == 2 * IDLE - 1

    run_in_virtual_time(main())


def test_an_idle_time_of_zero_never_ends_a_call() -> None:
    async def main() -> None:
        gone = asyncio.ensure_future(occupancy_of(Room(humans=1)).wait_until_over())
        await asyncio.sleep(1_000_000)
        assert not gone.done()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert len(asyncio.all_tasks()) == 1, "watches were left behind"

    run_in_virtual_time(main())


def test_a_bot_that_was_there_before_us_is_got_to_know_and_is_no_company() -> None:
    async def main() -> None:
        loop, room = asyncio.get_running_loop(), Room(humans=1)
        room.told = {10: SimpleNamespace(bot=True)}
        assert await occupancy_of(room).wait_until_over() is EndReason.ALONE
        assert loop.time() == 1 + ALONE
        assert room.asked == [[10]]

    run_in_virtual_time(main())


def test_who_is_known_is_not_asked_for_again() -> None:
    async def main() -> None:
        room = Room(humans=2)
        room.told = {number: SimpleNamespace(bot=False) for number in (10, 11)}
        occupancy = occupancy_of(room)
        gone = asyncio.ensure_future(occupancy.wait_until_over())
        await asyncio.sleep(5)
        for _ in range(3):
            occupancy.refresh()
            await asyncio.sleep(5)
        assert room.asked == [[10, 11]]
        gone.cancel()

    run_in_virtual_time(main())


def test_once_discord_has_told_who_is_there_it_is_passed_on() -> None:
    async def main() -> None:
        room = Room(humans=1)
        room.told = {10: SimpleNamespace(bot=False)}
        known: list[bool] = []
        watching = asyncio.ensure_future(occupancy_of(room, lambda: known.append(10 in room.known)).wait_until_over())
        await asyncio.sleep(5)
        assert known == [True]
        watching.cancel()

    run_in_virtual_time(main())


def test_a_stranger_of_whom_discord_says_nothing_keeps_the_call() -> None:
    async def main() -> None:
        room = Room(humans=1)

        async def unanswered(**_: object) -> None:
            await asyncio.sleep(30)
            raise TimeoutError

        room.guild.query_members = unanswered
        gone = asyncio.ensure_future(occupancy_of(room).wait_until_over())
        await asyncio.sleep(10 * ALONE)
        assert not gone.done()
        gone.cancel()

    run_in_virtual_time(main())


class AnsweringGateway:
    """The main gateway: it answers a request for members after so many passes of the event loop."""

    def __init__(self, state: Any, passes: int) -> None:
        self._state = state
        self._passes = passes
        self.answering: asyncio.Task[None] | None = None

    async def request_chunks(self, *_: object, nonce: str, **__: object) -> None:
        self.answering = asyncio.create_task(self._answer(nonce))

    async def _answer(self, nonce: str) -> None:
        for _ in range(self._passes):
            await asyncio.sleep(0)
        self._state._chunk_requests[nonce].done()


@pytest.mark.parametrize("answered_after", range(1, 5))
@pytest.mark.parametrize("cancelled_after", range(1, 10))
def test_a_call_that_ends_as_discord_tells_who_is_there_is_over(answered_after: int, cancelled_after: int) -> None:
    """py-cord's own request: before Python 3.12 it returns its answer in place of a cancellation that comes with it."""

    async def main() -> None:
        room = Room(humans=1)
        state = cast(
            Any, SimpleNamespace(_chunk_requests={}, loop=asyncio.get_running_loop(), _get_guild=lambda _: None)
        )
        gateway = AnsweringGateway(state, answered_after)
        state._get_websocket = lambda _: gateway

        async def query_members(*, user_ids: list[int], limit: int, cache: bool) -> None:
            guild = cast(Any, SimpleNamespace(id=5))
            await ConnectionState.query_members(state, guild, None, limit, user_ids, cache, False)

        room.guild.query_members = query_members
        watching = asyncio.ensure_future(occupancy_of(room).wait_until_over())
        for _ in range(cancelled_after):
            await asyncio.sleep(0)
        watching.cancel()
        await asyncio.wait({watching}, timeout=100)
        assert watching.cancelled()
        if gateway.answering is not None:
            await gateway.answering

    run_in_virtual_time(main())
