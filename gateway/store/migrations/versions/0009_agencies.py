"""Agencies, those who work there, and what customers let them do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
    )
    op.create_table(
        "agents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
    )
    op.create_index("ix_agents_agency", "agents", ["agency"])
    mandates()
    known()
    op.create_index("ix_comparisons_customer", "comparisons", ["customer"])


def mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("reads", sa.Boolean, nullable=False),
        sa.Column("prepares", sa.Boolean, nullable=False),
        sa.Column("submits", sa.Boolean, nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
    )
    op.create_index("ix_mandates_customer", "mandates", ["customer"])
    op.create_index("ix_mandates_agency_customer", "mandates", ["agency", "customer"])
    op.create_index("ix_mandates_agency_granted_at_id", "mandates", ["agency", "granted_at", "id"])
    op.create_index(
        "uq_mandates_standing",
        "mandates",
        ["customer", "agency"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        "ix_mandates_standing", "mandates", ["expires_at"], sqlite_where=STANDING, postgresql_where=STANDING
    )


def known() -> None:
    op.create_table(
        "known_policies",
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("customer", "insurer", "policy", name="pk_known_policies"),
    )
    op.create_index("ix_known_policies_insurer_policy", "known_policies", ["insurer", "policy"])
    op.create_table(
        "unread_accounts",
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("customer", "insurer", name="pk_unread_accounts"),
    )
    op.create_index("ix_unread_accounts_due_at", "unread_accounts", ["due_at"])
