"""What is asked of the database about a call and its messages.

The statements are built once: to build one takes longer than to run it. They are run with `held_by`, our process,
`of_guild`, for those about a message `of_message`, and with each column that is to be changed, by its name.
"""

import functools
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Delete,
    Executable,
    String,
    Update,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)

from assistant.domain.call_snapshot import CallSnapshot, QuestionSnapshot
from assistant.domain.exchange import Exchange
from assistant.storage.tables import CALLS, QUESTIONS, AsJson
from assistant.storage.upsert import insert_or_ignore_if

_GUILD: Final = bindparam("of_guild", type_=BigInteger)
_MESSAGE: Final = bindparam("of_message", type_=BigInteger)
_IS_OURS: Final = and_(CALLS.c.guild_id == _GUILD, CALLS.c.holder == bindparam("held_by", type_=String))
_IS_QUESTION: Final = and_(QUESTIONS.c.message_id == _MESSAGE, QUESTIONS.c.guild_id == _GUILD)


def _is_held(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether we hold the call, and do so until the end of the transaction, which must not change its row.

    As a part of the statement that depends on it: that is one statement less for each message. PostgreSQL looks once,
    before the statement looks for its rows, and waits there for whoever takes the call.
    """
    return select(CALLS.c.guild_id).where(_IS_OURS, *conditions).with_for_update(read=True).exists()


CHANGE_CALL: Final[Update] = update(CALLS).where(_IS_OURS)
"""Change the call."""
END_CALL: Final[Delete] = delete(CALLS).where(_IS_OURS)
"""Forget the call, and its messages with it."""
CHANGE_QUESTION: Final[Update] = update(QUESTIONS).where(_is_held(), _IS_QUESTION, QUESTIONS.c.is_answered.is_(False))
"""Change what is kept of a message that is not done with."""
CLOSE_QUESTION: Final[Update] = update(QUESTIONS).where(_IS_QUESTION)
"""Change what is kept of a message for good. The transaction must have changed the call before, and so hold it."""


@functools.cache
def accept_question(dialect: str) -> Executable:
    """Insert a message, unless it is there, or the call is not open to us.

    It is run with `in_channel`, `said_by`, `was_said` and `as_answered`. `dialect` is as for `upsert`.
    """
    row: dict[str, ColumnElement[Any]] = {
        "message_id": _MESSAGE,
        "guild_id": _GUILD,
        "channel_id": bindparam("in_channel", type_=BigInteger),
        "speaker_id": bindparam("said_by", type_=BigInteger),
        "said": bindparam("was_said", type_=AsJson),
        "is_answered": bindparam("as_answered", type_=Boolean),
    }
    return insert_or_ignore_if(dialect, QUESTIONS, row, _is_held(CALLS.c.is_released.is_(False)))


def read_call(connection: Connection, guild_id: int) -> CallSnapshot:
    """The call of a guild, which must have one."""
    call, question = CALLS.c, QUESTIONS.c
    columns = select(
        call.voice_id, call.text_id, call.begun_by, call.panel_id, call.conversation, call.unspoken_languages
    )
    waiting = (
        select(
            question.message_id,
            question.channel_id,
            question.speaker_id,
            question.said,
            question.reply,
            question.apology,
            question.post_ids,
            question.is_posted,
            question.heard,
        )
        .where(question.guild_id == guild_id, question.is_answered.is_(False))
        .order_by(question.message_id)
    )
    newest = (
        select(question.channel_id, func.max(question.message_id))
        .where(question.guild_id == guild_id, question.speaker_id.is_(None))
        .group_by(question.channel_id)
    )
    row = connection.execute(columns.where(call.guild_id == guild_id)).one()
    questions = connection.execute(waiting).all()
    newest_ids = dict(connection.execute(newest).all())
    voice_id, text_id, begun_by, panel_id, conversation, unspoken_languages = row
    return CallSnapshot(
        guild_id=guild_id,
        voice_id=voice_id,
        text_id=text_id,
        begun_by=begun_by,
        panel_id=panel_id,
        conversation=tuple(Exchange(*exchange) for exchange in conversation),
        unspoken_languages=frozenset(unspoken_languages),
        waiting=tuple(_question(**each._mapping) for each in questions),
        newest=newest_ids,
    )


def _question(*, post_ids: list[int] | None, **row: Any) -> QuestionSnapshot:
    return QuestionSnapshot(post_ids=tuple(post_ids or ()), **row)
