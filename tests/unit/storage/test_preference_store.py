import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from assistant.domain.preferences import GuildPreference, GuildPreferences, Preference
from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore
from assistant.storage.tables import GUILD_PREFERENCES, MEMBER_PREFERENCES
from tests.support.database_processes import rows_in

GUILD, OTHER = 1_400_000_000_000_000_001, 2**63 - 1
ADA, BEN = 1_400_000_000_000_000_002, 1_400_000_000_000_000_003


async def test_of_a_guild_that_chose_nothing_nothing_is_known(store: PreferenceStore) -> None:
    assert await store.load_for_guild(GUILD) == GuildPreferences()


async def test_what_a_guild_and_its_members_chose_is_told(store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de", voice="gtts:com", during_speech="replace", spoken_seconds=60)
    await store.set_for_member(GUILD, ADA, language="auto")
    await store.set_for_member(GUILD, BEN, voice="gtts:co.uk")
    assert await store.load_for_guild(GUILD) == GuildPreferences(
        own=GuildPreference(language="de", voice="gtts:com", during_speech="replace", spoken_seconds=60),
        members={ADA: Preference(language="auto"), BEN: Preference(voice="gtts:co.uk")},
    )


async def test_guilds_do_not_see_each_other(store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de")
    await store.set_for_member(GUILD, ADA, language="fr")
    await store.set_for_member(OTHER, ADA, language="es")
    assert await store.load_for_guild(OTHER) == GuildPreferences(members={ADA: Preference(language="es")})


async def test_a_change_leaves_the_other_choices_as_they_were(store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de", spoken_seconds=60)
    await store.set_for_guild(GUILD, language="fr", voice="offline")
    await store.set_for_member(GUILD, ADA, language="de", voice="offline")
    await store.set_for_member(GUILD, ADA, voice=None)
    assert await store.load_for_guild(GUILD) == GuildPreferences(
        own=GuildPreference(language="fr", voice="offline", spoken_seconds=60),
        members={ADA: Preference(language="de")},
    )


async def test_changes_at_the_same_time_are_all_kept(url: str, store: PreferenceStore) -> None:
    async with Database(url) as another:
        other_process = PreferenceStore(another)
        await asyncio.gather(
            store.set_for_guild(GUILD, language="de"),
            other_process.set_for_guild(GUILD, voice="offline"),
            store.set_for_guild(GUILD, during_speech="queue"),
            other_process.set_for_guild(GUILD, spoken_seconds=5),
            *(store.set_for_member(GUILD, user_id, language="fr") for user_id in range(20)),
            *(other_process.set_for_member(GUILD, user_id, voice="offline") for user_id in range(20)),
        )
    kept = await store.load_for_guild(GUILD)
    assert kept.own == GuildPreference(language="de", voice="offline", during_speech="queue", spoken_seconds=5)
    assert kept.members == {user_id: Preference(language="fr", voice="offline") for user_id in range(20)}


async def test_a_choice_that_was_taken_back_leaves_no_row(database: Database, store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de")
    await store.set_for_guild(GUILD, language=None)
    await store.set_for_member(GUILD, ADA, voice="offline")
    await store.set_for_member(GUILD, ADA, voice=None)
    for table in (GUILD_PREFERENCES, MEMBER_PREFERENCES):
        assert await rows_in(database, table) == 0


async def test_a_guild_is_forgotten_with_its_members(store: PreferenceStore) -> None:
    for guild_id in (GUILD, OTHER):
        await store.set_for_guild(guild_id, language="de")
        await store.set_for_member(guild_id, ADA, language="de")
    await store.forget_guild(GUILD)
    assert await store.load_for_guild(GUILD) == GuildPreferences()
    assert await store.load_for_guild(OTHER) != GuildPreferences()


async def test_a_member_is_forgotten_alone(store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de")
    for user_id in (ADA, BEN):
        await store.set_for_member(GUILD, user_id, language="fr")
    await store.forget_member(GUILD, ADA)
    await store.forget_member(OTHER, BEN)
    assert await store.load_for_guild(GUILD) == GuildPreferences(
        own=GuildPreference(language="de"), members={BEN: Preference(language="fr")}
    )


async def test_a_text_that_is_too_long_is_refused_and_changes_nothing(store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="x" * 16, voice="x" * 64)
    before = await store.load_for_guild(GUILD)
    with pytest.raises(ValueError, match="language has at most 16"):
        await store.set_for_guild(GUILD, language="x" * 17, voice="offline")
    with pytest.raises(ValueError, match="voice has at most 64"):
        await store.set_for_member(GUILD, ADA, voice="x" * 65)
    assert await store.load_for_guild(GUILD) == before


async def test_each_row_tells_in_utc_when_it_changed(database: Database, store: PreferenceStore) -> None:
    await store.set_for_guild(GUILD, language="de")
    await store.set_for_member(GUILD, ADA, language="de")

    def changes(connection: Connection) -> list[datetime]:
        tables = (GUILD_PREFERENCES, MEMBER_PREFERENCES)
        return [connection.execute(select(table.c.changed_at)).scalar_one() for table in tables]

    for at in await database.run(changes):
        age = datetime.now(UTC) - (at if at.tzinfo else at.replace(tzinfo=UTC))
        assert timedelta(seconds=-2) < age < timedelta(seconds=30)


async def test_choices_outlive_the_process(url: str) -> None:
    async with Database(url) as database:
        await PreferenceStore(database).set_for_member(GUILD, ADA, language="de")
    async with Database(url) as database:
        kept = await PreferenceStore(database).load_for_guild(GUILD)
    assert kept == GuildPreferences(members={ADA: Preference(language="de")})
