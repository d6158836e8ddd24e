"""The tables, as the code sees them. Every change to them needs a migration: see alembic.ini."""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.domain.preferences import LONGEST_LANGUAGE, LONGEST_VOICE, Addressing, Captions, Control, DuringSpeech

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


class Table(DeclarativeBase):
    """The base of all tables. Ids are Discord's snowflakes: below 2**63, so a signed BIGINT holds them."""

    # A constraint without a name can't be changed by a later migration.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Chosen:
    """The columns that guilds and members have in common."""

    language: Mapped[str | None] = mapped_column(String(LONGEST_LANGUAGE))
    voice: Mapped[str | None] = mapped_column(String(LONGEST_VOICE))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """In UTC; SQLite keeps no time zone."""


class GuildPreferenceRow(Chosen, Table):
    """What was chosen for a guild."""

    __tablename__ = "guild_preferences"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    during_speech: Mapped[DuringSpeech | None] = mapped_column(String(16))
    spoken_seconds: Mapped[int | None] = mapped_column(Integer)
    control: Mapped[Control | None] = mapped_column(String(16))
    addressing: Mapped[Addressing | None] = mapped_column(String(16))
    captions: Mapped[Captions | None] = mapped_column(String(16))


class MemberPreferenceRow(Chosen, Table):
    """What a member of a guild chose there."""

    __tablename__ = "member_preferences"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ConsentRow(Table):
    """Whether a member of a guild may be heard in its calls: what they decided last."""

    __tablename__ = "consents"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    is_given: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[float] = mapped_column(Double, index=True)
    """As the times below."""


class ProcessRow(Table):
    """A process that lives, or lived until lately."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(_PROCESS), primary_key=True)
    beat_at: Mapped[float] = mapped_column(Double)
    """Its last heartbeat. This and all times below are seconds since 1970 by the database's clock: see db_clock.py."""


class ShardRow(Table):
    """A part of Discord's guilds, and the process that serves it: the one that took it last."""

    __tablename__ = "shards"

    shard: Mapped[str] = mapped_column(String(_SHARD), primary_key=True)
    """Its number, and of how many, such as "0/1"."""
    process_id: Mapped[str] = mapped_column(String(_PROCESS))


class ClickRow(Table):
    """A command or a press of a button that a process serves."""

    __tablename__ = "clicks"

    interaction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    claimed_at: Mapped[float] = mapped_column(Double)


class CallRow(Table):
    """A guild's call: as assistant/domain/call_snapshot.py tells it, and who holds it."""

    __tablename__ = "calls"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(_PROCESS))
    """The process that serves the call, or did so last."""
    is_released: Mapped[bool] = mapped_column(Boolean)
    """Whether the holder left the call to any process that takes it."""
    voice_id: Mapped[int] = mapped_column(BigInteger)
    text_id: Mapped[int] = mapped_column(BigInteger)
    begun_by: Mapped[int] = mapped_column(BigInteger)
    panel_id: Mapped[int | None] = mapped_column(BigInteger)
    conversation: Mapped[list[list[str]]] = mapped_column(AsJson)
    """The author, the text and the reply of each turn, the oldest first."""
    unspoken_languages: Mapped[list[str]] = mapped_column("told", AsJson, key="unspoken_languages")
    """The column has its old name: renamed, it would fail an older process that still holds calls during an update."""
    begun_at: Mapped[float] = mapped_column(Double)
    changed_at: Mapped[float] = mapped_column(Double)
    """When it was begun, taken or released last."""


class QuestionRow(Table):
    """A message that was accepted in a call: kept until the call ends, so that it is not accepted again.

    Also what was said there and stands in no message.
    """

    __tablename__ = "questions"

    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey(CallRow.guild_id, ondelete="CASCADE"), index=True)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    speaker_id: Mapped[int | None] = mapped_column(BigInteger)
    said: Mapped[str | None] = mapped_column(AsJson)
    is_answered: Mapped[bool] = mapped_column(Boolean)
    reply: Mapped[str | None] = mapped_column(AsJson)
    apology: Mapped[str] = mapped_column(AsJson, default="")
    post_ids: Mapped[list[int] | None] = mapped_column(AsJson)
    is_posted: Mapped[bool] = mapped_column(Boolean, default=False)
    heard: Mapped[int] = mapped_column(Integer, default=0)
