"""The tables, as the code sees them. Every change to them needs a migration: see alembic.ini."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.preferences import LONGEST_LANGUAGE, LONGEST_VOICE, DuringSpeech


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


class MemberPreferenceRow(Chosen, Table):
    """What a member of a guild chose there."""

    __tablename__ = "member_preferences"

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
