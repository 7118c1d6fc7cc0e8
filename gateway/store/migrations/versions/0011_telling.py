"""Webhooks, their deliveries, and calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LEASED = sa.text("lease_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "agency_events",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_agency_events"),
        sa.UniqueConstraint("id", name="uq_agency_events_id"),
    )
    op.create_index("ix_agency_events_agency_position", "agency_events", ["agency", "position"])
    op.create_index("ix_agency_events_at", "agency_events", ["at"])
    webhooks()
    op.create_table(
        "calendars",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
        sa.UniqueConstraint("secret", name="uq_calendars_secret"),
    )
    op.create_index("ix_calendars_agent", "calendars", ["agent"])


def webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_agency", "webhooks", ["agency"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("webhook", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer),
        sa.PrimaryKeyConstraint("webhook", "position", name="pk_webhook_deliveries"),
    )
    op.create_index("ix_webhook_deliveries_due_at", "webhook_deliveries", ["due_at"])
    op.create_index(
        "ix_webhook_deliveries_lease_until",
        "webhook_deliveries",
        ["lease_until"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )
