"""Whose turn is next at each insurer, and since when a journey is in its state."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LEASED = sa.text("lease_until IS NOT NULL")


def upgrade() -> None:
    for table in ("registrations", "renewals"):
        op.add_column(table, sa.Column("since", sa.DateTime(timezone=True)))
        op.drop_index(f"ix_{table}_due_at", table)
        op.create_index(f"ix_{table}_insurer_due_at", table, ["insurer", "due_at"])
        op.create_index(f"ix_{table}_lease_until", table, ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)
