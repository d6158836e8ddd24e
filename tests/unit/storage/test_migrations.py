from alembic import command
from sqlalchemy import Connection

from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.preferences import GuildPreference, GuildPreferences, Preference
from assistant.storage.call_store import CallStore
from assistant.storage.database import Database
from assistant.storage.migrate import alembic_config
from assistant.storage.preference_store import PreferenceStore
from tests.support.database_processes import ADA

CALL = CallSnapshot(guild_id=1, voice_id=2, text_id=3, begun_by=4)
PREFERENCES = GuildPreferences(own=GuildPreference(language="de"), members={5: Preference(voice="offline")})


def go_back_to_0001(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "0001")


async def test_calls_come_and_go_and_leave_the_preferences_as_they_were(bare_url: str) -> None:
    async with Database(bare_url) as database:
        await PreferenceStore(database).set_for_guild(1, language="de")
        await PreferenceStore(database).set_for_member(1, 5, voice="offline")
        await CallStore(database, ADA).begin(CALL)
        await CallStore(database, ADA).accept(1, 6, 3)
        await database.run(go_back_to_0001)
    async with Database(bare_url) as database:
        assert await PreferenceStore(database).load_for_guild(1) == PREFERENCES
        assert not await CallStore(database, ADA).exists(1)
