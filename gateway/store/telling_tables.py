"""The tables of what agencies' own systems are told."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from gateway.store.tables import Moment, metadata

agency_events = Table(
    "agency_events",
    metadata,
    # The order in which things were written; SQLite only counts up in a plain INTEGER.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("id"),
    info={"bound": ("id", "agency")},
)
Index(None, agency_events.c.agency, agency_events.c.position)
Index(None, agency_events.c.at)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # Whoever sends writes this beside the versions, which are for whoever changes the webhook.
    Column("failed_at", Moment),
    info={"bound": ("id", "agency")},
)
Index(None, webhooks.c.agency)

# One row for each message to each address; nothing in it is anybody's name.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("webhook", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("lease_token", Text),
    Column("lease_until", Moment),
    Column("status", Integer),
)
_owed = webhook_deliveries.c.due_at.is_not(None)
_leased = webhook_deliveries.c.lease_until.is_not(None)
Index(
    None,
    webhook_deliveries.c.webhook,
    webhook_deliveries.c.due_at,
    webhook_deliveries.c.position,
    sqlite_where=_owed,
    postgresql_where=_owed,
)
Index(None, webhook_deliveries.c.lease_until, sqlite_where=_leased, postgresql_where=_leased)

calendars = Table(
    "calendars",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agent", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("secret"),
    info={"bound": ("id", "agent")},
)
Index(None, calendars.c.agent)
