"""What people chose, kept: for each guild and for each member who chose something, until they change it.

With the choices only the ids of the guild and the user are kept, and when they last changed. A choice that is taken
back leaves no row, and `forget_guild` is for the guild that the bot has left.
"""

from collections.abc import Mapping
from typing import Any, Final, Unpack

from sqlalchemy import Connection, Table, delete, func, select

from assistant.domain.preferences import (
    LONGEST_LANGUAGE,
    LONGEST_VOICE,
    GuildPreference,
    GuildPreferenceChanges,
    GuildPreferences,
    Preference,
    PreferenceChanges,
)
from assistant.storage.database import Database
from assistant.storage.tables import GUILD_PREFERENCES, MEMBER_PREFERENCES
from assistant.storage.upsert import upsert

_LONGEST: Final = {"language": LONGEST_LANGUAGE, "voice": LONGEST_VOICE}


class PreferenceStore:
    """The choices of all guilds.

    Raises:
        StorageUnavailable: by every method, when the database can't be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load_for_guild(self, guild_id: int) -> GuildPreferences:
        """What was chosen in a guild; empty where nothing was."""
        guild, member = GUILD_PREFERENCES.c, MEMBER_PREFERENCES.c
        own = select(
            guild.language,
            guild.voice,
            guild.during_speech,
            guild.spoken_seconds,
            guild.control,
            guild.addressing,
            guild.captions,
        )
        members = select(member.user_id, member.language, member.voice)

        def work(connection: Connection) -> GuildPreferences:
            row = connection.execute(own.where(guild.guild_id == guild_id)).one_or_none()
            rows = connection.execute(members.where(member.guild_id == guild_id))
            return GuildPreferences(
                own=GuildPreference(**row._mapping) if row else GuildPreference(),
                members={user_id: Preference(language=language, voice=voice) for user_id, language, voice in rows},
            )

        return await self._database.run(work)

    async def set_for_guild(self, guild_id: int, **changes: Unpack[GuildPreferenceChanges]) -> None:
        """Change a guild's choice.

        Raises:
            ValueError: a language or a voice is too long.
        """
        await self._set(GUILD_PREFERENCES, {"guild_id": guild_id}, changes)

    async def set_for_member(self, guild_id: int, user_id: int, **changes: Unpack[PreferenceChanges]) -> None:
        """Change what a member chose in a guild.

        Raises:
            ValueError: a language or a voice is too long.
        """
        await self._set(MEMBER_PREFERENCES, {"guild_id": guild_id, "user_id": user_id}, changes)

    async def forget_guild(self, guild_id: int) -> None:
        """Keep nothing of a guild and its members: the bot has left it."""

        def work(connection: Connection) -> None:
            for table in (GUILD_PREFERENCES, MEMBER_PREFERENCES):
                connection.execute(delete(table).where(table.c.guild_id == guild_id))

        await self._database.run(work)

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        """Keep nothing of a member of a guild."""
        row = MEMBER_PREFERENCES.c
        await self._database.execute(delete(MEMBER_PREFERENCES).where(row.guild_id == guild_id, row.user_id == user_id))

    async def _set(self, table: Table, key: Mapping[str, int], changes: Mapping[str, Any]) -> None:
        for name, longest in _LONGEST.items():
            if len(changes.get(name) or "") > longest:
                raise ValueError(f"a {name} has at most {longest} characters")
        values = {**changes, "changed_at": func.now()}
        columns = table.c
        is_row = [columns[name] == value for name, value in key.items()]
        chose_nothing = [column.is_(None) for column in columns if column.nullable]

        def work(connection: Connection) -> None:
            connection.execute(upsert(self._database.dialect, table, key, values))
            connection.execute(delete(table).where(*is_row, *chose_nothing))

        await self._database.run(work)
