"""Who controls a guild's calls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Do it."""
    op.add_column("guild_preferences", sa.Column("control", sa.String(16), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("guild_preferences") as table:
        table.drop_column("control")
