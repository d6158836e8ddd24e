"""Who said a question that was heard in a call."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Do it."""
    op.add_column("questions", sa.Column("speaker_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("questions") as table:
        table.drop_column("speaker_id")
