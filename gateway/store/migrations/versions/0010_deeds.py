"""Mails of the gateway's own, reminders, and what agencies want of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

HELD = sa.text("lease_until IS NOT NULL")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    outbox()
    reminders()
    agency_requests()


def outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("by_day", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("about", name="uq_outbox_about"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.create_index("ix_outbox_lease_until", "outbox", ["lease_until"], sqlite_where=HELD, postgresql_where=HELD)


def reminders() -> None:
    op.create_table(
        "reminder_schedules",
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("day", sa.Date),
        sa.Column("cursor", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("agency", name="pk_reminder_schedules"),
    )
    op.create_index("ix_reminder_schedules_due_at", "reminder_schedules", ["due_at"])
    op.create_table(
        "reminders",
        sa.Column("position", NUMBER, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("policy", sa.LargeBinary, nullable=False),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unsent", sa.Text),
        sa.PrimaryKeyConstraint("position", name="pk_reminders"),
        sa.UniqueConstraint("id", name="uq_reminders_id"),
        sa.UniqueConstraint("agency", "policy", "due", "step", name="uq_reminders_agency_policy_due_step"),
    )
    op.create_index("ix_reminders_agency_position", "reminders", ["agency", "position"])


def agency_requests() -> None:
    op.create_table(
        "agency_requests",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("customer", sa.Text),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agency_requests"),
    )
    op.create_index(
        "uq_agency_requests_open",
        "agency_requests",
        ["policy", "agency", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_agency_requests_customer", "agency_requests", ["customer"])
