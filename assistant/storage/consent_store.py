"""Who may be heard, kept: each member's last decision in each guild, with ids only, and when they made it."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select

from assistant.domain.consent import Consent
from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.tables import CONSENTS
from assistant.storage.upsert import upsert

_OVERLAP_SECONDS: Final = 10.0
"""How far `load_changes` goes back behind the last time: a transaction may be committed after a later one."""

_YEAR_SECONDS: Final = 365 * 86_400.0
"""After so long a decision is forgotten: whoever has left the server, or Discord, may not be able to take it back."""


class ConsentStore:
    """The decisions of all members.

    Raises:
        StorageUnavailable: by every method, when the database can't be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def decide(self, guild_id: int, user_id: int, *, is_given: bool) -> Consent:
        """Write down what a member of a guild has decided, in place of what they decided before."""
        key = {"guild_id": guild_id, "user_id": user_id}
        values = {"is_given": is_given, "changed_at": Now()}

        def work(connection: Connection) -> Consent:
            connection.execute(upsert(self._database.dialect, CONSENTS, key, values))
            [consent] = _read(connection, CONSENTS.c.guild_id == guild_id, CONSENTS.c.user_id == user_id)
            return consent

        return await self._database.run(work)

    async def load_for_guild(self, guild_id: int) -> list[Consent]:
        """What the members of a guild have decided."""
        return await self._database.run(lambda connection: _read(connection, CONSENTS.c.guild_id == guild_id))

    async def load_for_user(self, user_id: int) -> list[Consent]:
        """What somebody has decided, in all guilds."""
        return await self._database.run(lambda connection: _read(connection, CONSENTS.c.user_id == user_id))

    async def load_changes(self, since: float | None) -> tuple[list[Consent], float]:
        """What was decided since an earlier call of this, some of it maybe told before, and what to give the next one.

        With None, it is what was decided in the last seconds.
        """

        def work(connection: Connection) -> tuple[list[Consent], float]:
            now: float = connection.execute(select(Now())).scalar_one()
            begin = (now if since is None else since) - _OVERLAP_SECONDS
            return _read(connection, CONSENTS.c.changed_at > begin), now

        return await self._database.run(work)

    async def forget_old(self) -> None:
        """Keep no decision that is older than a year: who still wants to be heard is asked again."""
        await self._database.execute(delete(CONSENTS).where(CONSENTS.c.changed_at < Now() - _YEAR_SECONDS))

    async def forget_guild(self, guild_id: int) -> None:
        """Keep nothing of a guild's members: the bot has left it."""
        await self._database.execute(delete(CONSENTS).where(CONSENTS.c.guild_id == guild_id))

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        """Keep nothing of a member of a guild: they have left it."""
        is_theirs = (CONSENTS.c.guild_id == guild_id, CONSENTS.c.user_id == user_id)
        await self._database.execute(delete(CONSENTS).where(*is_theirs))


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[Consent]:
    row = CONSENTS.c
    found = select(row.guild_id, row.user_id, row.is_given, row.changed_at).where(*conditions)
    return [Consent(**each._mapping) for each in connection.execute(found.order_by(row.guild_id, row.user_id))]
