"""Whose turn comes first, whom people were called to, who joined an order, and the last ways round the evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SENT = sa.text("state IN ('submitting', 'unconfirmed')")
ALARMED = sa.text("alarmed_at IS NOT NULL")

GUARDS = {
    "sqlite": """
        CREATE TRIGGER consents_are_not_replaced BEFORE INSERT ON consents
        WHEN EXISTS (SELECT 1 FROM consents WHERE flow = NEW.flow AND sequence = NEW.sequence)
        BEGIN SELECT RAISE(ABORT, 'evidence is only ever appended'); END
        """,
    "postgresql": """
        CREATE TRIGGER consents_are_not_emptied BEFORE TRUNCATE ON consents
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_evidence()
        """,
}


def upgrade() -> None:
    turns()
    alarms()
    ages()
    op.add_column("idempotency_keys", sa.Column("joined_at", sa.DateTime(timezone=True)))
    op.execute(GUARDS[op.get_context().dialect.name].strip())


def turns() -> None:
    op.drop_index("ix_renewals_insurer_due_at", "renewals")
    op.create_index("ix_renewals_insurer_due_at_maturity", "renewals", ["insurer", "due_at", "maturity"])
    op.create_index(
        "ix_renewals_sent", "renewals", ["insurer", "due_at", "maturity"], sqlite_where=SENT, postgresql_where=SENT
    )


def alarms() -> None:
    # Of an alarm from before the moment is sealed. The worker writes it here when it next asks what became of it.
    op.add_column("renewals", sa.Column("alarmed_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_renewals_alarmed_at", "renewals", ["alarmed_at"], sqlite_where=ALARMED, postgresql_where=ALARMED
    )


def ages() -> None:
    """Since when what stood before 0004 is in its state: since the last line of its history, as nearly as is known."""
    flows = sa.table("flow_events", sa.column("flow"), sa.column("at"))
    for name in ("registrations", "renewals"):
        row = sa.table(name, *map(sa.column, ("id", "created_at", "since")))
        told = sa.select(sa.func.max(flows.c.at)).where(flows.c.flow == row.c.id).scalar_subquery()
        since = sa.func.coalesce(told, row.c.created_at)
        op.execute(sa.update(row).where(row.c.since.is_(None)).values(since=since))
