import asyncio
from collections.abc import Collection, Sequence
from typing import Any, cast

import pytest

from assistant.cluster.ownership import Ownership, shards_of
from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from tests.support.virtual_time import run_in_virtual_time

SHARDS = ("0/2", "1/2")


class FakeStore:
    """A database of which the test says whether it can be reached, and what this process owns in it."""

    def __init__(self) -> None:
        self.is_down = False
        self.claim_seconds = 0.0
        self.owned: set[str] = set()
        self.served_seconds = 0.0
        self.beats = 0
        self.tidied = 0
        self.left = 0
        self.asked: list[int] = []
        self.claimed_by_others: set[int] = set()

    def _reach(self) -> None:
        if self.is_down:
            raise StorageUnavailable(address="sqlite", detail="down")

    async def claim_shards(self, shards: Sequence[str]) -> None:
        self._reach()
        self.owned.update(shards)

    async def keep_alive(self, shards: Collection[str]) -> frozenset[str]:
        self._reach()
        self.beats += 1
        return frozenset(shards) & self.owned

    async def are_served(self, _: Collection[str]) -> bool:
        self._reach()
        return asyncio.get_running_loop().time() < self.served_seconds

    async def claim(self, interaction_id: int) -> bool:
        await asyncio.sleep(self.claim_seconds)
        self._reach()
        self.asked.append(interaction_id)
        return interaction_id not in self.claimed_by_others

    async def delete_stale(self) -> None:
        self._reach()
        self.tidied += 1

    async def leave(self) -> None:
        self._reach()
        self.left += 1


def ownership_in(store: FakeStore) -> Ownership:
    return Ownership(cast(Any, store), SHARDS)


@pytest.mark.parametrize(
    ("count", "ids", "names"),
    [(1, (), ["0/1"]), (3, (), ["0/3", "1/3", "2/3"]), (4, (1, 3), ["1/4", "3/4"])],
)
def test_shards_are_named_by_their_number_among_how_many(count: int, ids: tuple[int, ...], names: list[str]) -> None:
    assert shards_of(Settings(discord_token="x", shard_count=count, shard_ids=ids)) == names


async def test_a_claim_that_could_not_be_written_is_made_again() -> None:
    store = FakeStore()
    store.is_down = True
    ownership = ownership_in(store)
    await ownership.claim_shards()
    assert await ownership.refresh()
    assert store.owned == set()
    store.is_down = False
    assert await ownership.refresh()
    assert store.owned == set(SHARDS)
    store.owned.clear()
    assert not await ownership.refresh(), "a newer one has them"


def test_a_command_before_we_serve_waits_two_seconds_and_is_not_ours() -> None:
    async def main() -> None:
        store = FakeStore()
        assert not await ownership_in(store).claim(1)
        assert asyncio.get_running_loop().time() == 2.0
        assert store.asked == []

    run_in_virtual_time(main())


def test_a_command_shortly_before_we_serve_is_asked_for_once_we_do() -> None:
    async def main() -> None:
        store = FakeStore()
        ownership = ownership_in(store)
        claims = [asyncio.ensure_future(ownership.claim(number)) for number in (1, 2)]
        store.claimed_by_others = {2}
        await asyncio.sleep(1.9)
        assert not any(claim.done() for claim in claims)
        await ownership.claim_shards()
        assert await asyncio.gather(*claims) == [True, False]
        assert store.asked == [1, 2]
        assert asyncio.get_running_loop().time() == 1.9

    run_in_virtual_time(main())


async def test_without_a_database_a_command_is_served() -> None:
    store = FakeStore()
    ownership = ownership_in(store)
    await ownership.claim_shards()
    store.is_down = True
    assert await ownership.claim(1)


def test_a_command_is_served_before_discord_gives_up_also_where_the_database_hangs() -> None:
    async def main() -> None:
        store = FakeStore()
        store.claim_seconds = 1000.0
        ownership = ownership_in(store)
        claim = asyncio.ensure_future(ownership.claim(1))
        await asyncio.sleep(1.99)
        await ownership.claim_shards()
        assert await claim
        assert asyncio.get_running_loop().time() < 2.9

    run_in_virtual_time(main())


async def test_who_could_not_tell_that_it_serves_serves_all_the_same() -> None:
    store = FakeStore()
    store.is_down = True
    ownership = ownership_in(store)
    await ownership.claim_shards()
    assert ownership.is_ours
    assert await ownership.claim(1)
    assert not ownership.has_successor


async def test_shards_are_taken_once_and_for_all() -> None:
    store = FakeStore()
    ownership = ownership_in(store)
    await ownership.claim_shards()
    store.owned.clear()  # a newer process has taken them
    assert not await ownership.refresh()
    await ownership.claim_shards()
    assert store.owned == set()
    assert not ownership.is_ours


async def test_who_was_followed_by_a_newer_process_serves_nothing_and_knows_it() -> None:
    store = FakeStore()
    ownership = ownership_in(store)
    followed = [ownership.has_successor]
    await ownership.claim_shards()
    followed.append(ownership.has_successor)
    store.owned.discard("1/2")
    assert not await ownership.refresh()
    followed.append(ownership.has_successor)
    assert followed == [False, False, True]
    assert not await ownership.claim(1)
    assert store.asked == []


def test_it_is_served_until_one_of_the_shards_is_lost_and_kept_alive_until_the_calls_are_handed_over() -> None:
    async def main() -> None:
        store = FakeStore()
        ownership = ownership_in(store)
        keeping = asyncio.ensure_future(ownership.keep_alive())
        losing = asyncio.ensure_future(ownership.until_lost())
        await asyncio.sleep(10)
        assert store.beats == 0, "nothing was taken yet"
        await ownership.claim_shards()
        await asyncio.sleep(100)
        assert 99 <= store.beats <= 102
        assert not losing.done()
        store.owned.discard("0/2")
        async with asyncio.timeout(1.5):
            await losing
        assert ownership.has_successor
        beats = store.beats
        await asyncio.sleep(10)
        assert 9 <= store.beats - beats <= 11, "others would take the calls before they are handed over"
        assert not ownership.is_ours
        keeping.cancel()

    run_in_virtual_time(main())


def test_it_is_kept_while_the_database_fails_and_looked_after_again_when_it_is_back() -> None:
    async def main() -> None:
        store = FakeStore()
        ownership = ownership_in(store)
        await ownership.claim_shards()
        keeping = asyncio.ensure_future(ownership.keep_alive())
        losing = asyncio.ensure_future(ownership.until_lost())
        await asyncio.sleep(5)
        store.is_down = True
        await asyncio.sleep(10_000)
        assert not losing.done()
        assert ownership.is_ours
        store.is_down = False
        store.owned.clear()
        async with asyncio.timeout(1.5):
            await losing
        assert ownership.has_successor
        keeping.cancel()

    run_in_virtual_time(main())


def test_what_nobody_needs_is_erased_each_hour() -> None:
    async def main() -> None:
        store = FakeStore()
        ownership = ownership_in(store)
        await ownership.claim_shards()
        keeping = asyncio.ensure_future(ownership.keep_alive())
        await asyncio.sleep(10)
        assert store.tidied == 1
        await asyncio.sleep(3 * 3600)
        assert store.tidied in (3, 4)
        keeping.cancel()

    run_in_virtual_time(main())


async def test_leaving_never_fails() -> None:
    store = FakeStore()
    ownership = ownership_in(store)
    await ownership.leave()
    assert store.left == 1
    store.is_down = True
    await ownership.leave()


def test_who_stands_by_serves_again_when_the_newer_process_is_gone() -> None:
    async def main() -> None:
        store, loop = FakeStore(), asyncio.get_running_loop()
        ownership = ownership_in(store)
        await ownership.claim_shards()
        store.owned.clear()
        await ownership.refresh()
        await ownership.until_lost()
        has_successor = [ownership.has_successor]
        store.served_seconds, store.is_down = loop.time() + 100, True
        loop.call_later(50, setattr, store, "is_down", False)
        await ownership.until_abandoned()
        assert 100 <= loop.time() <= 102
        await ownership.reclaim_shards()
        has_successor.append(ownership.has_successor)
        assert has_successor == [True, False]
        assert store.owned == set(SHARDS)

    run_in_virtual_time(main())
