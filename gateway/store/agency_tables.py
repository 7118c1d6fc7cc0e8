"""The tables of agencies, of those who work there, and of what customers let them do."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from gateway.store.tables import Moment, metadata

# Whoever is no longer named in the operator's file stays, inactive: consents and evidence tell of them.
agencies = Table(
    "agencies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("id",)},
)

agents = Table(
    "agents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("id", "agency")},
)
Index(None, agents.c.agency)

# Ids, scopes and times tell nobody who anybody is, so nothing here is sealed. `ended_at` is when its end, by whatever
# way, was acted upon.
mandates = Table(
    "mandates",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("reads", Boolean, nullable=False),
    Column("prepares", Boolean, nullable=False),
    Column("submits", Boolean, nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("ended_at", Moment),
)
Index(None, mandates.c.customer)
Index(None, mandates.c.agency, mandates.c.customer)
Index(None, mandates.c.agency, mandates.c.granted_at, mandates.c.id)

# A customer's newest word to an agency is the only one that stands.
_standing = text("ended_at IS NULL")
Index(
    "uq_mandates_standing",
    mandates.c.customer,
    mandates.c.agency,
    unique=True,
    sqlite_where=_standing,
    postgresql_where=_standing,
)
Index("ix_mandates_standing", mandates.c.expires_at, sqlite_where=_standing, postgresql_where=_standing)

# Whose policy it is, as a linked account proved; found by the keyed fingerprint of its number.
known_policies = Table(
    "known_policies",
    metadata,
    Column("customer", Text, primary_key=True),
    Column("insurer", Text, primary_key=True),
    Column("policy", Text, primary_key=True),
    # When its renewal opens, as the insurer said last; it may have passed.
    Column("opens_at", Moment),
)
Index(None, known_policies.c.insurer, known_policies.c.policy)

# Accounts that are still to be read for that, because their insurer could not be asked.
unread_accounts = Table(
    "unread_accounts",
    metadata,
    Column("customer", Text, primary_key=True),
    Column("insurer", Text, primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
)
Index(None, unread_accounts.c.due_at)
