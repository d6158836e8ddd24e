"""A call as the rows tell it."""

from sqlalchemy import Connection, func, select

from assistant.domain.call_snapshot import CallSnapshot, QuestionSnapshot
from assistant.domain.exchange import Exchange
from assistant.storage.tables import CallRow, QuestionRow


def read_call(connection: Connection, guild_id: int) -> CallSnapshot:
    """The call of a guild, which must have one."""
    call, question = CallRow, QuestionRow
    columns = select(call.voice_id, call.text_id, call.begun_by, call.panel_id, call.conversation, call.told)
    waiting = (
        select(
            question.message_id,
            question.channel_id,
            question.reply,
            question.apology,
            question.is_posted,
            question.heard,
        )
        .where(question.guild_id == guild_id, question.is_answered.is_(False))
        .order_by(question.message_id)
    )
    newest = (
        select(question.channel_id, func.max(question.message_id))
        .where(question.guild_id == guild_id)
        .group_by(question.channel_id)
    )
    row = connection.execute(columns.where(call.guild_id == guild_id)).one()
    questions = connection.execute(waiting).all()
    newest_ids = dict(connection.execute(newest).all())
    return CallSnapshot(
        guild_id=guild_id,
        voice_id=row.voice_id,
        text_id=row.text_id,
        begun_by=row.begun_by,
        panel_id=row.panel_id,
        conversation=tuple(Exchange(author, text, reply) for author, text, reply in row.conversation),
        told=frozenset(row.told),
        waiting=tuple(QuestionSnapshot(**each._mapping) for each in questions),
        newest=newest_ids,
    )
