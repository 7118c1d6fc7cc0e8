"""The tables of mails, reminders and requests: what an agency wants of customers."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Identity, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique

from gateway.store.tables import Moment, metadata

# SQLite only counts up in a plain INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

# A mail is about one thing, and there is never a second one about the same. Once it is sent or given up its body
# is gone: an address is kept no longer than it is needed.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("by_day", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", Text),
    Column("lease_until", Moment),
    Column("ended_at", Moment),
    Column("body", LargeBinary),
    Unique("about"),
    info={"bound": ("id", "about")},
)
Index(None, outbox.c.due_at)
_held = outbox.c.lease_until.is_not(None)
Index(None, outbox.c.lease_until, sqlite_where=_held, postgresql_where=_held)

# When an agency's next sweep is due, and how far the one under way has come.
reminder_schedules = Table(
    "reminder_schedules",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("due_at", Moment),
    Column("day", Date),
    Column("cursor", Text),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("agency",)},
)
Index(None, reminder_schedules.c.due_at)

# One row decides that a step of an agency's schedule was taken for a policy and term, before any mail is written.
# Reminders by hand have no step, and nulls are never alike. `position` is the order in which they were written;
# `policy` and `due` are as in `book_entries`.
reminders = Table(
    "reminders",
    metadata,
    Column("position", _NUMBER, Identity(), primary_key=True),
    Column("id", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("entry", _NUMBER, nullable=False),
    Column("policy", LargeBinary, nullable=False),
    Column("due", Integer, nullable=False),
    Column("step", Integer),
    Column("at", Moment, nullable=False),
    Column("unsent", Text),
    Unique("id"),
    Unique("agency", "policy", "due", "step"),
)
Index(None, reminders.c.agency, reminders.c.position)

# Of what an agency wants of one customer about one policy, one request of a kind is open.
agency_requests = Table(
    "agency_requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("insurer", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entry", Text),
    Column("customer", Text),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("id", "agency", "insurer", "policy")},
)
still_open = text("closed_at IS NULL")
Index(
    "uq_agency_requests_open",
    agency_requests.c.policy,
    agency_requests.c.agency,
    agency_requests.c.kind,
    unique=True,
    sqlite_where=still_open,
    postgresql_where=still_open,
)
Index(None, agency_requests.c.customer)
