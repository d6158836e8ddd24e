"""The calls of all processes, written down while they last, so that another process can go on with them.

Each call has one holder. A holder that lost its call to another process changes nothing any more; one that released it
still may until another takes it, but accepts no message. Of messages only the ids are kept until they are answered.

A transaction locks the call's row before it touches the call's questions: nobody takes or ends the call meanwhile, and
no two transactions wait for each other in a circle. In SQLite a transaction has the database for itself.
"""

from collections.abc import Collection, Set
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from assistant.memory import Turn
from assistant.storage.call_reader import read_call
from assistant.storage.clock import Now
from assistant.storage.database import Database, to_its_end
from assistant.storage.heartbeat import STALE_SECONDS, beat, has_beaten
from assistant.storage.tables import CallRow, QuestionRow
from assistant.storage.upsert import insert_or_ignore_if, upsert
from assistant.stored_call import StoredCall

_IDS_A_STATEMENT: Final = 500
"""Databases take a limited number of parameters."""


class CallStore:
    """The calls, as one process sees them. Every method raises StorageUnavailable when the database can't be reached.

    But for `begin` and `take`, changes to a call that this process does not hold do nothing.
    """

    def __init__(self, database: Database, process_id: str) -> None:
        """`process_id` is the UUID of this process, in hexadecimal digits."""
        self._database = database
        self._process_id = process_id

    @to_its_end
    async def begin(self, call: StoredCall) -> None:
        """Write down a call that begins, held by this process, in place of any other of its guild.

        What it has heard is not looked at: `accept` writes that down.
        """
        row = {
            "holder": self._process_id,
            "is_released": False,
            "voice_id": call.voice_id,
            "text_id": call.text_id,
            "begun_by": call.begun_by,
            "panel_id": call.panel_id,
            **_memory(call.conversation, call.told),
            "begun_at": Now(),
            "changed_at": Now(),
        }
        async with self._database.transaction() as connection:
            dialect = connection.dialect.name
            await connection.execute(upsert(dialect, CallRow, {"guild_id": call.guild_id}, row))
            await connection.execute(delete(QuestionRow).where(QuestionRow.guild_id == call.guild_id))
            await connection.execute(beat(dialect, self._process_id))

    @to_its_end
    async def others(self, guild_ids: Collection[int]) -> list[int]:
        """Those of the guilds that have a call which this process does not hold, or has released."""
        ids = sorted(set(guild_ids))
        not_ours = or_(CallRow.holder != self._process_id, CallRow.is_released)
        found: list[int] = []
        if not ids:
            return found
        async with self._database.transaction() as connection:
            for start in range(0, len(ids), _IDS_A_STATEMENT):
                among = CallRow.guild_id.in_(ids[start : start + _IDS_A_STATEMENT])
                calls = select(CallRow.guild_id).where(among, not_ours).order_by(CallRow.guild_id)
                found += (await connection.execute(calls)).scalars()
        return found

    @to_its_end
    async def exists(self, guild_id: int) -> bool:
        """Whether the guild has a call, whoever holds it."""
        async with self._database.transaction() as connection:
            call = select(CallRow.guild_id).where(CallRow.guild_id == guild_id)
            return (await connection.execute(call)).one_or_none() is not None

    @to_its_end
    async def take(self, guild_id: int) -> StoredCall | None:
        """Become the holder of a call that was released, or whose holder is dead: of those who try, one does.

        None when there is no such call: it is over, it is ours, or its holder lives.
        """
        holder_is_dead = and_(CallRow.holder != self._process_id, ~has_beaten(CallRow.holder, STALE_SECONDS))
        is_free = and_(CallRow.guild_id == guild_id, or_(CallRow.is_released, holder_is_dead))
        ours = {"holder": self._process_id, "is_released": False, "changed_at": Now()}
        async with self._database.transaction() as connection:
            # In two steps: in PostgreSQL, a statement that waited for a lock sees the row as it is then, but not yet
            # the beat of its new holder, which the next statement sees.
            locked = await connection.execute(select(CallRow.guild_id).where(is_free).with_for_update(of=CallRow))
            if locked.one_or_none() is None:
                return None
            if not (await connection.execute(update(CallRow).where(is_free).values(ours))).rowcount:
                return None
            call = await read_call(connection, guild_id)
            await connection.execute(beat(connection.dialect.name, self._process_id))
        return call

    @to_its_end
    async def accept(self, guild_id: int, message_id: int, channel_id: int, *, is_answered: bool = False) -> bool:
        """Whether this process is the one to answer a message: True once for each message, however often it comes.

        With `is_answered`, it is one that is not going to be answered, such as the first of two that are one question.
        """
        question = {
            "message_id": message_id,
            "guild_id": guild_id,
            "channel_id": channel_id,
            "is_answered": is_answered,
        }
        is_open = self._is_held(guild_id, CallRow.is_released.is_(False))
        async with self._database.transaction() as connection:
            accepted = insert_or_ignore_if(connection.dialect.name, QuestionRow, question, is_open)
            inserted = await connection.execute(accepted)
        return inserted.rowcount == 1

    @to_its_end
    async def moved(self, guild_id: int, voice_id: int) -> None:
        """The call is in another voice channel."""
        await self._change(guild_id, voice_id=voice_id)

    @to_its_end
    async def panel(self, guild_id: int, panel_id: int) -> None:
        """The panel is another message."""
        await self._change(guild_id, panel_id=panel_id)

    @to_its_end
    async def written(self, guild_id: int, message_id: int, reply: str, apology: str) -> None:
        """The answer to a message is written, whole, or as far as it came before what `apology` says."""
        await self._change_question(guild_id, message_id, reply=reply, apology=apology)

    @to_its_end
    async def posted(self, guild_id: int, message_id: int) -> None:
        """The answer to a message stands in the channel."""
        await self._change_question(guild_id, message_id, is_posted=True)

    @to_its_end
    async def heard(self, guild_id: int, message_id: int, sentences: int) -> None:
        """So many sentences of the answer to a message were heard."""
        await self._change_question(guild_id, message_id, heard=sentences)

    @to_its_end
    async def answered(self, guild_id: int, message_id: int, conversation: Collection[Turn], told: Set[str]) -> None:
        """A message is done with, and this is what the model is reminded of from now on, and what people were told."""
        question = and_(QuestionRow.message_id == message_id, QuestionRow.guild_id == guild_id)
        done = {"is_answered": True, "reply": None, "apology": ""}
        async with self._database.transaction() as connection:
            memory = update(CallRow).where(self._is_ours(guild_id)).values(_memory(conversation, told))
            if (await connection.execute(memory)).rowcount:
                await connection.execute(update(QuestionRow).where(question).values(done))

    @to_its_end
    async def release(self, guild_id: int) -> None:
        """Leave the call to any process that takes it."""
        await self._change(guild_id, is_released=True, changed_at=Now())

    @to_its_end
    async def end(self, guild_id: int) -> None:
        """Keep nothing of the call: it is over."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(CallRow).where(self._is_ours(guild_id)))

    def _is_ours(self, guild_id: int) -> ColumnElement[bool]:
        return and_(CallRow.guild_id == guild_id, CallRow.holder == self._process_id)

    async def _change(self, guild_id: int, **values: Any) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(update(CallRow).where(self._is_ours(guild_id)).values(values))

    async def _change_question(self, guild_id: int, message_id: int, **values: Any) -> None:
        question = and_(
            QuestionRow.message_id == message_id,
            QuestionRow.guild_id == guild_id,
            QuestionRow.is_answered.is_(False),  # nothing is kept of what is done with
        )
        change = update(QuestionRow).where(self._is_held(guild_id), question).values(values)
        async with self._database.transaction() as connection:
            await connection.execute(change)

    def _is_held(self, guild_id: int, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """Whether we hold the call, and do so until the end of the transaction, which must not change its row.

        As a part of the statement that depends on it, since each statement costs SQLite's thread four ways and back.
        PostgreSQL looks once, before the statement looks for its rows, and waits there for whoever takes the call.
        """
        call = select(CallRow.guild_id).where(self._is_ours(guild_id), *conditions)
        return call.with_for_update(read=True).exists()


def _memory(conversation: Collection[Turn], told: Set[str]) -> dict[str, Any]:
    return {"conversation": [[turn.author, turn.text, turn.reply] for turn in conversation], "told": sorted(told)}
