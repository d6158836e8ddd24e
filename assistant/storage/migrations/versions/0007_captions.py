"""Whether speech is written in the chat, what was said without that, and the posts of an answer that grows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Do it."""
    op.add_column("guild_preferences", sa.Column("captions", sa.String(16), nullable=True))
    op.add_column("questions", sa.Column("said", sa.Text(), nullable=True))
    op.add_column("questions", sa.Column("post_ids", sa.Text(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("guild_preferences") as table:
        table.drop_column("captions")
    with op.batch_alter_table("questions") as table:
        table.drop_column("said")
        table.drop_column("post_ids")
