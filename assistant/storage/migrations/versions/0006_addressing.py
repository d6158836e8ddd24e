"""Which speech is for the assistant."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Do it."""
    op.add_column("guild_preferences", sa.Column("addressing", sa.String(16), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("guild_preferences") as table:
        table.drop_column("addressing")
