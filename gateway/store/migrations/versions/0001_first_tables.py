"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    links()
    registrations()
    renewals()
    consents()
    flow_events()
    openings()
    idempotency_keys()


def links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("customer", "insurer", name="uq_links_customer_insurer"),
    )


def journey() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("body", sa.LargeBinary, nullable=False),
    ]


def registrations() -> None:
    op.create_table("registrations", *journey(), sa.PrimaryKeyConstraint("id", name="pk_registrations"))
    op.create_index("ix_registrations_due_at", "registrations", ["due_at"])


def renewals() -> None:
    op.create_table(
        "renewals",
        *journey(),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("maturity", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_renewals"),
    )
    op.create_index("ix_renewals_due_at", "renewals", ["due_at"])
    op.create_index("ix_renewals_customer", "renewals", ["customer"])
    living = sa.text("state NOT IN ('withdrawn', 'lapsed')")
    op.create_index(
        "uq_renewals_living",
        "renewals",
        ["insurer", "policy", "maturity"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )


def consents() -> None:
    op.create_table(
        "consents",
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("flow", "sequence", name="pk_consents"),
    )


def flow_events() -> None:
    op.create_table(
        "flow_events",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_flow_events"),
        sa.UniqueConstraint("id", name="uq_flow_events_id"),
    )
    op.create_index("ix_flow_events_flow_position", "flow_events", ["flow", "position"])


def openings() -> None:
    op.create_table(
        "openings",
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("flow", "sha256", name="pk_openings"),
    )


def idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("viewer", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("viewer", "key", name="pk_idempotency_keys"),
    )
