"""The calls of all processes, written down while they last, so that another process can go on with them.

Each call has one holder. A holder that lost its call to another process changes nothing any more; one that released it
still may until another takes it, but accepts no message. Of messages only the ids are kept until they are answered, and
of what was said without a message, the text.

A transaction locks the call's row before it touches the call's questions: nobody takes or ends the call meanwhile, and
no two transactions wait for each other in a circle. In SQLite a transaction has the database for itself.
"""

from collections.abc import Collection, Set
from dataclasses import astuple
from typing import Any, Final, Unpack

from sqlalchemy import Connection, and_, delete, or_, select, update

from assistant.domain.call_snapshot import CallChanges, CallSnapshot, QuestionChanges
from assistant.domain.exchange import Exchange
from assistant.storage.call_queries import (
    CHANGE_CALL,
    CHANGE_QUESTION,
    CLOSE_QUESTION,
    END_CALL,
    accept_question,
    read_call,
)
from assistant.storage.database import Database
from assistant.storage.db_clock import Now
from assistant.storage.heartbeat import STALE_SECONDS, is_alive, record_heartbeat
from assistant.storage.tables import CALLS, QUESTIONS
from assistant.storage.upsert import upsert

_IDS_A_STATEMENT: Final = 500
"""Databases take a limited number of parameters."""


class CallStore:
    """The calls, as one process sees them.

    But for `begin` and `claim`, changes to a call that this process does not hold do nothing.

    Raises:
        StorageUnavailable: by every method, when the database can't be reached.
    """

    def __init__(self, database: Database, process_id: str) -> None:
        """`process_id` is the UUID of this process, in hexadecimal digits."""
        self._database = database
        self._process_id = process_id

    async def begin(self, call: CallSnapshot) -> None:
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
            **_memory(call.conversation, call.unspoken_languages),
            "begun_at": Now(),
            "changed_at": Now(),
        }
        dialect = self._database.dialect

        def work(connection: Connection) -> None:
            connection.execute(upsert(dialect, CALLS, {"guild_id": call.guild_id}, row))
            connection.execute(delete(QUESTIONS).where(QUESTIONS.c.guild_id == call.guild_id))
            connection.execute(record_heartbeat(dialect, self._process_id))

        await self._database.run(work)

    async def guilds_held_elsewhere(self, guild_ids: Collection[int]) -> list[int]:
        """Those of the guilds that have a call which this process does not hold, or has released."""
        ids = sorted(set(guild_ids))
        not_ours = or_(CALLS.c.holder != self._process_id, CALLS.c.is_released)
        if not ids:
            return []

        def work(connection: Connection) -> list[int]:
            found: list[int] = []
            for start in range(0, len(ids), _IDS_A_STATEMENT):
                among = CALLS.c.guild_id.in_(ids[start : start + _IDS_A_STATEMENT])
                calls = select(CALLS.c.guild_id).where(among, not_ours).order_by(CALLS.c.guild_id)
                found += connection.execute(calls).scalars()
            return found

        return await self._database.run(work)

    async def exists(self, guild_id: int) -> bool:
        """Whether the guild has a call, whoever holds it."""
        call = select(CALLS.c.guild_id).where(CALLS.c.guild_id == guild_id)
        return await self._database.run(lambda connection: connection.execute(call).one_or_none() is not None)

    async def is_empty(self) -> bool:
        """Whether no guild has a call."""
        calls = select(CALLS.c.guild_id).limit(1)
        return await self._database.run(lambda connection: connection.execute(calls).one_or_none() is None)

    async def is_held_elsewhere(self, guild_id: int) -> bool:
        """Whether another process holds the guild's call, or was the last to hold it."""
        call = select(CALLS.c.guild_id).where(CALLS.c.guild_id == guild_id, CALLS.c.holder != self._process_id)
        return await self._database.run(lambda connection: connection.execute(call).one_or_none() is not None)

    async def claim(self, guild_id: int) -> CallSnapshot | None:
        """Become the holder of a call that was released, or whose holder is dead: of those who try, one does.

        None when there is no such call: it is over, it is ours, or its holder lives.
        """
        holder_is_dead = and_(CALLS.c.holder != self._process_id, ~is_alive(CALLS.c.holder, STALE_SECONDS))
        is_free = and_(CALLS.c.guild_id == guild_id, or_(CALLS.c.is_released, holder_is_dead))
        ours = {"holder": self._process_id, "is_released": False, "changed_at": Now()}

        def work(connection: Connection) -> CallSnapshot | None:
            # In two steps: in PostgreSQL, a statement that waited for a lock sees the row as it is then, but not yet
            # the heartbeat of its new holder, which the next statement sees.
            locked = connection.execute(select(CALLS.c.guild_id).where(is_free).with_for_update(of=CALLS))
            if locked.one_or_none() is None:
                return None
            if not connection.execute(update(CALLS).where(is_free).values(ours)).rowcount:
                return None
            call = read_call(connection, guild_id)
            connection.execute(record_heartbeat(self._database.dialect, self._process_id))
            return call

        return await self._database.run(work)

    async def accept(
        self,
        guild_id: int,
        message_id: int,
        channel_id: int,
        *,
        is_answered: bool = False,
        speaker_id: int | None = None,
        said: str | None = None,
    ) -> bool:
        """Whether this process is the one to answer a message: True once for each message, however often it comes.

        With `is_answered`, it is one that is not going to be answered, such as the first of two that are one question.
        `speaker_id` and `said` are as in `QuestionSnapshot`.
        """
        question = {
            **self._message(guild_id, message_id),
            "in_channel": channel_id,
            "as_answered": is_answered,
            "said_by": speaker_id,
            "was_said": said,
        }
        return await self._database.execute(accept_question(self._database.dialect), question) == 1

    async def update_call(self, guild_id: int, **changes: Unpack[CallChanges]) -> None:
        """Record what has changed in the call."""
        await self._database.execute(CHANGE_CALL, {**self._call(guild_id), **changes})

    async def update_question(self, guild_id: int, message_id: int, **changes: Unpack[QuestionChanges]) -> None:
        """Record how far the answer to a message has come; of one that is done with, nothing is recorded."""
        await self._database.execute(CHANGE_QUESTION, {**self._message(guild_id, message_id), **changes})

    async def close_question(
        self, guild_id: int, message_id: int, conversation: Collection[Exchange], unspoken_languages: Set[str]
    ) -> None:
        """A message is done with; from now on, what is remembered is this conversation, and these languages."""
        memory = {**self._call(guild_id), **_memory(conversation, unspoken_languages)}
        nothing = {"said": None, "reply": None, "apology": "", "post_ids": None}
        done = {**self._message(guild_id, message_id), "is_answered": True, **nothing}

        def work(connection: Connection) -> None:
            if connection.execute(CHANGE_CALL, memory).rowcount:
                connection.execute(CLOSE_QUESTION, done)

        await self._database.run(work)

    async def release(self, guild_id: int) -> None:
        """Leave the call to any process that takes it."""
        released = CHANGE_CALL.values(is_released=True, changed_at=Now())
        await self._database.execute(released, self._call(guild_id))

    async def end(self, guild_id: int) -> None:
        """Keep nothing of the call: it is over."""
        await self._database.execute(END_CALL, self._call(guild_id))

    def _call(self, guild_id: int) -> dict[str, Any]:
        return {"of_guild": guild_id, "held_by": self._process_id}

    def _message(self, guild_id: int, message_id: int) -> dict[str, Any]:
        return {**self._call(guild_id), "of_message": message_id}


def _memory(conversation: Collection[Exchange], unspoken_languages: Set[str]) -> dict[str, Any]:
    return {
        "conversation": [list(astuple(exchange)) for exchange in conversation],
        "unspoken_languages": sorted(unspoken_languages),
    }
