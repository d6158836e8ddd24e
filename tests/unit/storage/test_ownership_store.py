import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from assistant.domain.call_snapshot import CallSnapshot
from assistant.storage.call_store import CallStore
from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.ownership_store import OwnershipStore
from assistant.storage.tables import CALLS, CLICKS, PROCESSES, QUESTIONS, SHARDS
from tests.support.database_processes import ADA, BEN, EVE, beat_ago, databases, rows_in
from tests.support.held_database import held_transaction

HOUR, DAY = 3600, 86_400
CALL = CallSnapshot(guild_id=1, voice_id=2, text_id=3, begun_by=4)
ALL_SHARDS = ("0/3", "1/3", "2/3")


@pytest.fixture
def ours(database: Database) -> OwnershipStore:
    """What Ada's process owns."""
    return OwnershipStore(database, ADA)


@pytest.fixture
async def theirs(url: str) -> AsyncIterator[OwnershipStore]:
    """What another process owns."""
    async with Database(url) as another:
        yield OwnershipStore(another, BEN)


async def ages(database: Database) -> dict[str, float]:
    """How many seconds ago each process has beaten."""
    ages = select(PROCESSES.c.id, Now() - PROCESSES.c.beat_at)
    return await database.run(lambda connection: dict(connection.execute(ages).all()))


async def test_who_took_a_shard_last_owns_it(ours: OwnershipStore, theirs: OwnershipStore) -> None:
    await ours.claim_shards(ALL_SHARDS)
    assert await ours.keep_alive(ALL_SHARDS) == set(ALL_SHARDS)
    await theirs.claim_shards(ALL_SHARDS[1:])
    assert await ours.keep_alive(ALL_SHARDS) == {"0/3"}
    assert await theirs.keep_alive(ALL_SHARDS) == {"1/3", "2/3"}


async def test_only_shards_that_are_asked_for_are_told(ours: OwnershipStore) -> None:
    await ours.claim_shards(ALL_SHARDS)
    assert await ours.keep_alive(["1/3", "1/4"]) == {"1/3"}


async def test_a_beat_is_now_by_the_databases_clock(database: Database, ours: OwnershipStore) -> None:
    await ours.claim_shards(ALL_SHARDS)
    assert -0.1 < (await ages(database))[ADA] < 5
    await beat_ago(database, ADA, 60)
    assert (await ages(database))[ADA] > 59
    await ours.keep_alive(ALL_SHARDS)
    assert -0.1 < (await ages(database))[ADA] < 5


def now(connection: Connection) -> float:
    """The seconds since 1970, as the database has them."""
    return connection.execute(select(Now())).scalar_one()


@pytest.mark.usefixtures("database")
async def test_now_goes_on_within_a_transaction(url: str) -> None:
    async with held_transaction(url) as held:
        before = await held(now)
        await asyncio.sleep(0.05)
        after = await held(now)
    assert 0.03 < after - before < 5


async def test_both_databases_count_the_seconds_from_1970(database: Database) -> None:
    assert await database.run(now) > 1.7e9


async def test_who_beats_keeps_its_calls(database: Database, ours: OwnershipStore) -> None:
    await CallStore(database, ADA).begin(CALL)
    await beat_ago(database, ADA, 60)
    await ours.keep_alive([])
    assert await CallStore(database, BEN).claim(CALL.guild_id) is None


async def test_who_left_owns_nothing_and_its_calls_may_be_taken_at_once(
    database: Database, ours: OwnershipStore, theirs: OwnershipStore
) -> None:
    await ours.claim_shards(ALL_SHARDS)
    await theirs.claim_shards(["2/3"])
    await CallStore(database, ADA).begin(CALL)
    await ours.leave()
    assert list(await ages(database)) == [BEN]
    assert await rows_in(database, SHARDS) == 1
    assert await theirs.keep_alive(ALL_SHARDS) == {"2/3"}
    assert not await CallStore(database, ADA).accept(CALL.guild_id, 5, 3)
    assert await CallStore(database, BEN).claim(CALL.guild_id) == CALL


async def test_an_interaction_is_served_once_whoever_gets_it(ours: OwnershipStore, theirs: OwnershipStore) -> None:
    assert await theirs.claim(2**63 - 1)
    assert not await ours.claim(2**63 - 1)
    assert not await theirs.claim(2**63 - 1)
    assert await ours.claim(1)


async def test_an_interaction_that_many_get_at_once_is_served_by_one(url: str) -> None:
    async with databases(url, 4) as opened:
        stores = [OwnershipStore(database, f"{number:32x}") for number, database in enumerate(opened)]
        for interaction_id in range(30):
            claimed = await asyncio.gather(*(store.claim(interaction_id) for store in stores))
            assert sum(claimed) == 1


async def test_shards_that_many_take_and_leave_at_once_are_owned_by_one(url: str) -> None:
    names = [f"{number}/20" for number in range(20)]
    async with databases(url, 3) as opened:
        stores = [OwnershipStore(database, f"{number:32x}") for number, database in enumerate(opened)]
        for number in range(10):
            shuffled = (names, names[::-1], names[number:] + names[:number])
            await asyncio.gather(*(store.claim_shards(each) for store, each in zip(stores, shuffled, strict=True)))
            owned = [await store.keep_alive(names) for store in stores]
            assert sorted(len(each) for each in owned) == [0, 0, 20]
            winner = next(store for store, each in zip(stores, owned, strict=True) if each)
            await asyncio.gather(
                winner.leave(), *(store.claim_shards(names[::-1]) for store in stores if store is not winner)
            )
            assert sorted([len(await store.keep_alive(names)) for store in stores]) == [0, 0, 20]


async def test_who_leaves_while_another_takes_its_shards_is_not_in_its_way(
    database: Database, ours: OwnershipStore, theirs: OwnershipStore
) -> None:
    names = [f"{number:02}/40" for number in range(40)]

    def begin(connection: Connection) -> None:  # in the order against which the other takes them
        connection.execute(delete(SHARDS))
        connection.execute(insert(SHARDS), [{"shard": name, "process_id": ADA} for name in names[::-1]])

    for _ in range(10):
        await database.run(begin)
        await asyncio.gather(theirs.claim_shards(names), ours.leave())
        assert await theirs.keep_alive(names) == set(names)


async def test_what_nobody_asks_for_again_is_forgotten(database: Database, ours: OwnershipStore) -> None:
    await ours.claim(1)
    await ours.claim(2)
    await beat_ago(database, EVE, DAY - 60)
    await beat_ago(database, BEN, DAY + 60)
    old = update(CLICKS).where(CLICKS.c.interaction_id == 1)
    await database.execute(old.values(claimed_at=Now() - HOUR - 60))
    await ours.delete_stale()
    assert await ours.claim(1)
    assert not await ours.claim(2)
    assert set(await ages(database)) == {ADA, EVE}


@pytest.mark.parametrize(
    ("beaten_ago", "is_released", "changed_ago", "is_kept"),
    [
        (1, False, 7 * DAY, True),  # its holder lives
        (DAY - 60, False, 7 * DAY, True),  # its holder died lately
        (DAY + 60, False, 7 * DAY, False),
        (DAY + 60, False, 60, True),  # somebody took it just now, and beats soon
        (1, True, DAY + 60, False),
        (DAY + 60, True, DAY - 60, True),
    ],
)
async def test_a_call_is_forgotten_that_nobody_held_for_a_day(
    database: Database,
    ours: OwnershipStore,
    *,
    beaten_ago: float,
    is_released: bool,
    changed_ago: float,
    is_kept: bool,
) -> None:
    calls = CallStore(database, BEN)
    await calls.begin(CALL)
    await calls.begin(replace(CALL, guild_id=9))
    await calls.accept(CALL.guild_id, 5, 3)
    await beat_ago(database, BEN, beaten_ago)
    row = update(CALLS).where(CALLS.c.guild_id == CALL.guild_id)
    await database.execute(row.values(is_released=is_released, changed_at=Now() - changed_ago))
    await ours.delete_stale()
    assert await calls.exists(CALL.guild_id) == is_kept
    assert await rows_in(database, QUESTIONS) == is_kept
    assert await calls.exists(9)


async def test_a_call_that_is_left_by_its_process_is_kept_for_a_day_however_old_it_is(
    database: Database, ours: OwnershipStore, theirs: OwnershipStore
) -> None:
    await CallStore(database, ADA).begin(CALL)
    await database.execute(update(CALLS).values(changed_at=Now() - 7 * DAY))
    await ours.leave()
    await theirs.delete_stale()
    assert await CallStore(database, BEN).claim(CALL.guild_id) == CALL


async def test_a_process_that_slept_for_days_does_not_forget_its_own_calls(
    database: Database, ours: OwnershipStore
) -> None:
    await CallStore(database, ADA).begin(CALL)
    await database.execute(update(CALLS).values(changed_at=Now() - 7 * DAY))
    await beat_ago(database, ADA, 2 * DAY)
    await ours.delete_stale()
    assert await CallStore(database, ADA).exists(CALL.guild_id)


async def test_what_is_in_use_is_tidied_another_time_and_not_waited_for(postgresql_url: str) -> None:
    async with databases(postgresql_url, 2) as (database, another):
        ours = OwnershipStore(another, ADA)
        calls = CallStore(database, BEN)
        for guild_id in (1, 2):
            await calls.begin(replace(CALL, guild_id=guild_id))
            await calls.release(guild_id)
        await database.execute(update(CALLS).values(changed_at=Now() - DAY - 60))
        in_use = select(CALLS).where(CALLS.c.guild_id == 1).with_for_update()
        async with held_transaction(postgresql_url) as held:
            await held(lambda connection: connection.execute(in_use).all())
            async with asyncio.timeout(10):
                await ours.delete_stale()
        assert [await calls.exists(guild_id) for guild_id in (1, 2)] == [True, False]


async def test_many_may_tidy_at_once_while_others_work(url: str) -> None:
    async with databases(url, 3) as opened:
        stores = [OwnershipStore(database, f"{number:32x}") for number, database in enumerate(opened)]
        calls = [CallStore(database, f"{number:32x}") for number, database in enumerate(opened)]
        for number in range(10):
            await calls[0].begin(replace(CALL, guild_id=number))
            await calls[0].release(number)
        await opened[0].execute(update(CALLS).values(changed_at=Now() - 7 * DAY))
        taken = await asyncio.gather(
            *(store.delete_stale() for store in stores), *(calls[1].claim(number) for number in range(10))
        )
        kept = [number for number in range(10) if await calls[1].exists(number)]
        assert kept == [call.guild_id for call in taken if call]


async def test_shards_are_served_while_the_one_who_took_them_lives(
    database: Database, ours: OwnershipStore, theirs: OwnershipStore
) -> None:
    assert not await ours.are_served(ALL_SHARDS), "nobody has taken them"
    await theirs.claim_shards(ALL_SHARDS)
    assert await ours.are_served(ALL_SHARDS)
    assert not await ours.are_served(["0/3", "0/4"])
    await beat_ago(database, BEN, 11)
    assert not await ours.are_served(ALL_SHARDS)
    await theirs.keep_alive(ALL_SHARDS)
    assert await ours.are_served(ALL_SHARDS)
    await theirs.leave()
    assert not await ours.are_served(ALL_SHARDS)


async def test_what_is_written_for_somebody_who_does_not_wait_for_it_is_written(ours: OwnershipStore) -> None:
    for interaction_id in range(20):
        claiming = asyncio.create_task(ours.claim(interaction_id))
        for _ in range(interaction_id):
            await asyncio.sleep(0)
        claiming.cancel()
        await asyncio.gather(claiming, return_exceptions=True)
    await ours.delete_stale()  # waits for its turn behind them
    assert not any([await ours.claim(interaction_id) for interaction_id in range(1, 20)])
