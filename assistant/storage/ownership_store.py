"""Which process serves what: its shards, and each command and press of a button."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select, update

from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.heartbeat import is_alive, record_heartbeat
from assistant.storage.tables import CALLS, CLICKS, PROCESSES, SHARDS
from assistant.storage.upsert import insert_or_ignore, upsert

_GONE_SECONDS: Final = 10.0
"""After so long without a heartbeat of its owner a shard is served by nobody."""
_CLICK_SECONDS: Final = 3600.0
"""How long it is known who served an interaction; Discord takes no answer to one after 15 minutes."""
_DAY_SECONDS: Final = 86_400.0
"""After so long nobody goes on with a call."""


class OwnershipStore:
    """What one process owns.

    Raises:
        StorageUnavailable: by every method, when the database can't be reached.
    """

    def __init__(self, database: Database, process_id: str) -> None:
        """`process_id` is the UUID of this process, in hexadecimal digits."""
        self._database = database
        self._process_id = process_id

    async def claim_shards(self, shards: Sequence[str]) -> None:
        """Own these shards, such as "0/1", from now on, whoever owned them; and write a heartbeat."""
        ours = {"process_id": self._process_id}
        dialect = self._database.dialect

        def work(connection: Connection) -> None:
            for shard in sorted(shards):  # all in the same order: no two processes wait for each other
                connection.execute(upsert(dialect, SHARDS, {"shard": shard}, ours))
            connection.execute(record_heartbeat(dialect, self._process_id))

        await self._database.run(work)

    async def keep_alive(self, shards: Collection[str]) -> frozenset[str]:
        """Tell the others that this process lives. Returns those of `shards` that it still owns."""
        owned = select(SHARDS.c.shard).where(SHARDS.c.process_id == self._process_id)

        def work(connection: Connection) -> Sequence[str]:
            names = connection.execute(owned).scalars().all()
            connection.execute(record_heartbeat(self._database.dialect, self._process_id))
            return names

        return frozenset(shards).intersection(await self._database.run(work))

    async def are_served(self, shards: Collection[str]) -> bool:
        """Whether each of these shards has an owner that lives."""
        served = select(func.count()).where(SHARDS.c.shard.in_(shards), is_alive(SHARDS.c.process_id, _GONE_SECONDS))
        return await self._database.run(lambda connection: connection.execute(served).scalar_one()) == len(shards)

    async def leave(self) -> None:
        """This process ends: it owns no shard, and releases the calls it still holds.

        To write a heartbeat, or to claim or begin anything afterwards, would let it live again.
        """
        ours = SHARDS.c.process_id == self._process_id
        held = update(CALLS).where(CALLS.c.holder == self._process_id, CALLS.c.is_released.is_(False))

        def work(connection: Connection) -> None:
            connection.execute(held.values(is_released=True, changed_at=Now()))
            connection.execute(select(SHARDS.c.shard).where(ours).order_by(SHARDS.c.shard).with_for_update())
            connection.execute(delete(SHARDS).where(ours))
            connection.execute(delete(PROCESSES).where(PROCESSES.c.id == self._process_id))

        await self._database.run(work)

    async def claim(self, interaction_id: int) -> bool:
        """Whether this process is the one to serve an interaction: True once, over all processes."""
        click = {"interaction_id": interaction_id, "claimed_at": Now()}
        return await self._database.execute(insert_or_ignore(self._database.dialect, CLICKS, click)) == 1

    async def delete_stale(self) -> None:
        """Forget what nobody asks for again: old interactions, dead processes, and calls nobody held for a day."""
        await self.keep_alive(())  # a machine that slept for a day is not to forget its own calls
        day_ago = Now() - _DAY_SECONDS
        is_abandoned = or_(CALLS.c.is_released, ~is_alive(CALLS.c.holder, _DAY_SECONDS))
        await self._forget(CLICKS, CLICKS.c.interaction_id, CLICKS.c.claimed_at < Now() - _CLICK_SECONDS)
        await self._forget(CALLS, CALLS.c.guild_id, CALLS.c.changed_at < day_ago, is_abandoned)
        await self._forget(PROCESSES, PROCESSES.c.id, PROCESSES.c.beat_at < day_ago)

    async def _forget(self, table: Table, key: ColumnElement[Any], *conditions: ColumnElement[bool]) -> None:
        # What another transaction uses at the moment is left to the next time: neither waits for the other.
        rows = select(key).where(*conditions).with_for_update(of=table, skip_locked=True)
        await self._database.execute(delete(table).where(key.in_(rows)))
