"""Deadlines of registrations, and wrong attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("registrations", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("registrations", sa.Column("warn_at", sa.DateTime(timezone=True)))
    # Until now, when a question dies was when the worker had to look.
    op.execute("UPDATE registrations SET expires_at = due_at, due_at = NULL WHERE state = 'asked'")
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])
    op.create_index("ix_registrations_warn_at", "registrations", ["warn_at"])
    op.create_table(
        "attempts",
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("customer", "insurer", name="pk_attempts"),
    )
