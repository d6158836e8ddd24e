"""What members decided about being heard, in a database of each kind."""

import asyncio

import pytest
from sqlalchemy import update

from assistant.domain.consent import Consent
from assistant.storage.consent_store import ConsentStore
from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.tables import CONSENTS
from tests.support.database_processes import rows_in

GUILD, OTHER = 1_400_000_000_000_000_001, 2**63 - 1
ADA, BEN = 1_400_000_000_000_000_002, 1_400_000_000_000_000_003
YEAR = 365 * 86_400.0


@pytest.fixture
def consents(database: Database) -> ConsentStore:
    return ConsentStore(database)


def decisions(found: list[Consent]) -> dict[tuple[int, int], bool]:
    return {(consent.guild_id, consent.user_id): consent.is_given for consent in found}


async def test_the_last_decision_is_told_for_the_guild_and_for_the_member(consents: ConsentStore) -> None:
    assert await consents.load_for_guild(GUILD) == []
    given = await consents.decide(GUILD, ADA, is_given=True)
    await consents.decide(GUILD, BEN, is_given=True)
    await consents.decide(OTHER, ADA, is_given=True)
    taken_back = await consents.decide(GUILD, BEN, is_given=False)
    assert decisions(await consents.load_for_guild(GUILD)) == {(GUILD, ADA): True, (GUILD, BEN): False}
    assert decisions(await consents.load_for_user(ADA)) == {(GUILD, ADA): True, (OTHER, ADA): True}
    assert given in await consents.load_for_user(ADA)
    assert taken_back.changed_at > given.changed_at


async def test_a_decision_that_is_made_twice_is_one(consents: ConsentStore, database: Database) -> None:
    await asyncio.gather(*(consents.decide(GUILD, ADA, is_given=True) for _ in range(10)))
    assert decisions(await consents.load_for_guild(GUILD)) == {(GUILD, ADA): True}
    assert await rows_in(database, CONSENTS) == 1


async def test_changes_are_told_to_whoever_asks_again(consents: ConsentStore, database: Database) -> None:
    await consents.decide(GUILD, BEN, is_given=True)
    await database.execute(update(CONSENTS).values(changed_at=Now() - 60))
    changes, now = await consents.load_changes(None)
    assert changes == []
    await consents.decide(GUILD, ADA, is_given=False)
    changes, later = await consents.load_changes(now)
    assert decisions(changes) == {(GUILD, ADA): False}
    assert later >= now
    assert decisions((await consents.load_changes(now - 100))[0]) == {(GUILD, ADA): False, (GUILD, BEN): True}


async def test_a_change_that_is_committed_late_is_told_too(consents: ConsentStore, database: Database) -> None:
    _, now = await consents.load_changes(None)
    await consents.decide(GUILD, ADA, is_given=False)
    await database.execute(update(CONSENTS).values(changed_at=now - 5))
    assert decisions((await consents.load_changes(now))[0]) == {(GUILD, ADA): False}


async def test_a_guild_that_was_left_and_a_member_who_left_are_forgotten(
    consents: ConsentStore, database: Database
) -> None:
    for guild_id in (GUILD, OTHER):
        for user_id in (ADA, BEN):
            await consents.decide(guild_id, user_id, is_given=True)
    await consents.forget_member(GUILD, ADA)
    assert decisions(await consents.load_for_guild(GUILD)) == {(GUILD, BEN): True}
    await consents.forget_guild(OTHER)
    assert await rows_in(database, CONSENTS) == 1


async def test_a_decision_lapses_after_a_year(consents: ConsentStore, database: Database) -> None:
    await consents.decide(GUILD, ADA, is_given=True)
    await database.execute(update(CONSENTS).values(changed_at=Now() - YEAR - 60))
    await consents.decide(GUILD, BEN, is_given=True)
    await consents.forget_old()
    assert decisions(await consents.load_for_guild(GUILD)) == {(GUILD, BEN): True}
