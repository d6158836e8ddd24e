"""Calls that outlive their process, and which process serves what."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Do it."""
    op.create_table(
        "processes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("beat_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
    )
    op.create_table(
        "shards",
        sa.Column("shard", sa.String(32), nullable=False),
        sa.Column("process_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("shard", name="pk_shards"),
    )
    op.create_table(
        "clicks",
        sa.Column("interaction_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claimed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_clicks"),
    )
    op.create_table(
        "calls",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("voice_id", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.BigInteger(), nullable=False),
        sa.Column("panel_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_calls"),
    )
    op.create_table(
        "questions",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("apology", sa.Text(), nullable=False),
        sa.Column("is_posted", sa.Boolean(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_questions"),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["calls.guild_id"], name="fk_questions_guild_id_calls", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_questions_guild_id", "questions", ["guild_id"])


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_questions_guild_id", "questions")
    for table in ("questions", "calls", "clicks", "shards", "processes"):
        op.drop_table(table)
