"""The tables, as the code sees them. Every change to them needs a migration: see alembic.ini.

Ids are Discord's snowflakes: below 2**63, so a signed BIGINT holds them. SQLAlchemy's ORM would take 6 MB, and nothing
here needs it.
"""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
)

from assistant.domain.preferences import LONGEST_LANGUAGE, LONGEST_VOICE

_PROCESS: Final = 32
"""The characters of a process's id: a UUID in hexadecimal digits."""
_SHARD: Final = 32


class AsJson(TypeDecorator[Any]):
    """Anything that JSON can hold, in a text; None is NULL.

    Strings too: PostgreSQL's texts take neither a NUL nor half a surrogate pair, and JSON in ASCII writes both.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - as it is called
        """The text that is kept."""
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - as it is called
        """What was given; of tuples, lists."""
        return None if value is None else json.loads(value)


METADATA: Final = MetaData(
    # A constraint without a name can't be changed by a later migration.
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables."""


class ChosenColumns(TypedColumns):
    """The columns that guilds and members have in common."""

    language: Named[str | None] = Column(String(LONGEST_LANGUAGE))
    voice: Named[str | None] = Column(String(LONGEST_VOICE))
    changed_at: Named[datetime] = Column(DateTime(timezone=True))
    """In UTC; SQLite keeps no time zone."""


class GuildPreferenceColumns(ChosenColumns):
    """The columns of GUILD_PREFERENCES."""

    guild_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    during_speech: Named[str | None] = Column(String(16))
    spoken_seconds: Named[int | None] = Column(Integer)
    control: Named[str | None] = Column(String(16))
    addressing: Named[str | None] = Column(String(16))
    captions: Named[str | None] = Column(String(16))


GUILD_PREFERENCES: Final = Table("guild_preferences", METADATA, GuildPreferenceColumns)
"""What was chosen for a guild."""


class MemberPreferenceColumns(ChosenColumns):
    """The columns of MEMBER_PREFERENCES."""

    guild_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)


MEMBER_PREFERENCES: Final = Table("member_preferences", METADATA, MemberPreferenceColumns)
"""What a member of a guild chose there."""


class ConsentColumns(TypedColumns):
    """The columns of CONSENTS."""

    guild_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False, index=True)
    is_given: Named[bool] = Column(Boolean)
    changed_at: Named[float] = Column(Double, index=True)
    """As the times below."""


CONSENTS: Final = Table("consents", METADATA, ConsentColumns)
"""Whether a member of a guild may be heard in its calls: what they decided last."""


class ProcessColumns(TypedColumns):
    """The columns of PROCESSES."""

    id: Named[str] = Column(String(_PROCESS), primary_key=True)
    beat_at: Named[float] = Column(Double)
    """Its last heartbeat. This and all times below are seconds since 1970 by the database's clock: see db_clock.py."""


PROCESSES: Final = Table("processes", METADATA, ProcessColumns)
"""A process that lives, or lived until lately."""


class ShardColumns(TypedColumns):
    """The columns of SHARDS."""

    shard: Named[str] = Column(String(_SHARD), primary_key=True)
    """Its number, and of how many, such as "0/1"."""
    process_id: Named[str] = Column(String(_PROCESS))


SHARDS: Final = Table("shards", METADATA, ShardColumns)
"""A part of Discord's guilds, and the process that serves it: the one that took it last."""


class ClickColumns(TypedColumns):
    """The columns of CLICKS."""

    interaction_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    claimed_at: Named[float] = Column(Double)


CLICKS: Final = Table("clicks", METADATA, ClickColumns)
"""A command or a press of a button that a process serves."""


class CallColumns(TypedColumns):
    """The columns of CALLS."""

    guild_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    holder: Named[str] = Column(String(_PROCESS))
    """The process that serves the call, or did so last."""
    is_released: Named[bool] = Column(Boolean)
    """Whether the holder left the call to any process that takes it."""
    voice_id: Named[int] = Column(BigInteger)
    text_id: Named[int] = Column(BigInteger)
    begun_by: Named[int] = Column(BigInteger)
    panel_id: Named[int | None] = Column(BigInteger)
    conversation: Named[list[list[str]]] = Column(AsJson)
    """The author, the text and the reply of each turn, the oldest first."""
    unspoken_languages: Named[list[str]] = Column("told", AsJson, key="unspoken_languages")
    """The column has its old name: renamed, it would fail an older process that still holds calls during an update."""
    begun_at: Named[float] = Column(Double)
    changed_at: Named[float] = Column(Double)
    """When it was begun, taken or released last."""


CALLS: Final = Table("calls", METADATA, CallColumns)
"""A guild's call: as assistant/domain/call_snapshot.py tells it, and who holds it."""


class QuestionColumns(TypedColumns):
    """The columns of QUESTIONS."""

    message_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    guild_id: Named[int] = Column(BigInteger, ForeignKey(CALLS.c.guild_id, ondelete="CASCADE"), index=True)
    channel_id: Named[int] = Column(BigInteger)
    speaker_id: Named[int | None] = Column(BigInteger)
    said: Named[str | None] = Column(AsJson)
    is_answered: Named[bool] = Column(Boolean)
    reply: Named[str | None] = Column(AsJson)
    apology: Named[str] = Column(AsJson, default="")
    post_ids: Named[list[int] | None] = Column(AsJson)
    is_posted: Named[bool] = Column(Boolean, default=False)
    heard: Named[int] = Column(Integer, default=0)


QUESTIONS: Final = Table("questions", METADATA, QuestionColumns)
"""A message that was accepted in a call: kept until the call ends, so that it is not accepted again.

Also what was said there and stands in no message.
"""
