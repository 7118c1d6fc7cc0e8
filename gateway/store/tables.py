"""
The tables.

A row is what queries need and one `body`: the value itself, sealed. `info["bound"]` names the
columns that its seal is bound to, so that a body copied to another row does not open there.
In the clear stand only ids, insurers' codes, states, times, and keyed fingerprints.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in time, kept in UTC: SQLite has no zones, and there the text must sort by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _journey() -> list[Column[object]]:
    """What a registration, a renewal and an inquiry are: somebody's, at an insurer, in a state, and a worker's job."""
    return [
        Column("id", Text, primary_key=True),
        Column("customer", Text, nullable=False),
        Column("insurer", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("due_at", Moment),
        Column("attempts", Integer, nullable=False),
        Column("lease_token", Text),
        Column("lease_until", Moment),
        Column("body", LargeBinary, nullable=False),
    ]


def _since() -> Column[object]:
    """When a journey came into its state."""
    return Column("since", Moment)


def _leased(journeys: Table) -> None:
    """Find the few that are worked on among the many that are not."""
    leased = journeys.c.lease_until.is_not(None)
    Index(None, journeys.c.lease_until, sqlite_where=leased, postgresql_where=leased)


links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("insurer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("customer", "insurer"),
    info={"bound": ("id", "customer", "insurer")},
)

# The columns decide where they and the body differ: one update moves all rows whose deadline has come.
registrations = Table(
    "registrations",
    metadata,
    *_journey(),
    Column("expires_at", Moment),
    Column("warn_at", Moment),
    _since(),
    info={"bound": ("id", "customer", "insurer")},
)
Index(None, registrations.c.insurer, registrations.c.due_at)
_leased(registrations)
Index(None, registrations.c.expires_at)
Index(None, registrations.c.warn_at)

attempts = Table(
    "attempts",
    metadata,
    Column("customer", Text, primary_key=True),
    Column("insurer", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("locked_until", Moment),
)

renewals = Table(
    "renewals",
    metadata,
    *_journey(),
    Column("policy", Text, nullable=False),
    Column("maturity", Moment, nullable=False),
    _since(),
    Column("alarmed_at", Moment),
    info={"bound": ("id", "customer", "insurer", "policy")},
)
# Thousands are due at the very moment of an opening, and then the term that ends first has its turn first.
Index(None, renewals.c.insurer, renewals.c.due_at, renewals.c.maturity)
_leased(renewals)
Index(None, renewals.c.customer)

# A term whose renewal was withdrawn or lapsed may be renewed after all. Text and not bound values,
# because a partial index serves only the query that says the very same.
living = text("state NOT IN ('withdrawn', 'lapsed')")
Index(
    "uq_renewals_living",
    renewals.c.insurer,
    renewals.c.policy,
    renewals.c.maturity,
    unique=True,
    sqlite_where=living,
    postgresql_where=living,
)

# Whoever may see it is told that it lapsed, until its term is renewed after all.
lapsed = text("state = 'lapsed'")
Index("ix_renewals_lapsed", renewals.c.insurer, renewals.c.policy, sqlite_where=lapsed, postgresql_where=lapsed)

# These went out, or may have: what became of them is found out before anything else is sent.
sent = text("state IN ('submitting', 'unconfirmed')")
unsent = text("state NOT IN ('submitting', 'unconfirmed')")
Index(
    "ix_renewals_sent",
    renewals.c.insurer,
    renewals.c.due_at,
    renewals.c.maturity,
    sqlite_where=sent,
    postgresql_where=sent,
)

# The few that people were called to.
_alarmed = renewals.c.alarmed_at.is_not(None)
Index(None, renewals.c.alarmed_at, sqlite_where=_alarmed, postgresql_where=_alarmed)

# What is known of one car, which is found by the keyed fingerprint of its plate: until when an accepted
# application covers it, and which application is under way.
cars = Table(
    "cars",
    metadata,
    Column("car", Text, primary_key=True),
    Column("covered_by", Text),
    Column("covered_until", Moment),
    Column("held_by", Text),
    Column("held_until", Moment),
)
Index(None, cars.c.held_by)

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("id", "customer")},
)
Index(None, comparisons.c.customer)

inquiries = Table(
    "inquiries",
    metadata,
    *_journey(),
    Column("comparison", Text, nullable=False),
    Column("position", Integer, nullable=False),
    _since(),
    info={"bound": ("id", "customer", "insurer", "comparison")},
)
Index(None, inquiries.c.comparison)
Index(None, inquiries.c.insurer, inquiries.c.due_at)
_leased(inquiries)

consents = Table(
    "consents",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("flow", "sequence")},
)

flow_events = Table(
    "flow_events",
    metadata,
    # The order in which things were written; SQLite only counts up in a plain INTEGER.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("id"),
    info={"bound": ("id", "flow")},
)
Index(None, flow_events.c.flow, flow_events.c.position)

# A hash of a document tells nobody anything, so nothing here is sealed.
openings = Table(
    "openings",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("viewer", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("body", LargeBinary),
    Column("joined_at", Moment),
    info={"bound": ("viewer", "key")},
)
