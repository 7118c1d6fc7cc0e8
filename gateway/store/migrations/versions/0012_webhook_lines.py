"""Each webhook's own line of messages, and whether it is failing."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OWED = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("failed_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_webhook_deliveries_due_at", "webhook_deliveries")
    op.create_index(
        "ix_webhook_deliveries_webhook_due_at_position",
        "webhook_deliveries",
        ["webhook", "due_at", "position"],
        sqlite_where=OWED,
        postgresql_where=OWED,
    )
