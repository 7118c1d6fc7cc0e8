"""
The tables of the agents' books.

A book is read page by page in three orders and searched by name, number and plate, at a million policies. So beside ids
and states there stand in the clear: the branch, the agent, the moment of maturity, the premium and its change, the
folded name and reading, and the plate's four digits. What a record says besides is sealed.

An entry is two rows of one id. `book_known` is what a sync needs to recognise it, in as few bytes as can be: a feed
that tells nothing new touches nothing else. `book_entries` is what a page needs.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from gateway.store.tables import Moment, metadata
from insurers.book import Blocker, ChangeKind, EntryStatus, Mark, Reach
from insurers.renewal import RenewalState

Word = TypeVar("Word", bound=StrEnum)


class Coded(TypeDecorator[Word], Generic[Word]):
    """A word, kept as its place among *words*: an index of a million of them is half as large."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, *words: Word) -> None:
        super().__init__()
        self.words = words
        self.codes = {word: code for code, word in enumerate(words)}

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> int | None:
        return None if value is None else self.codes[value]

    def process_result_value(self, value: int | None, dialect: Dialect) -> Word | None:
        return None if value is None else self.words[value]


# The place of a word here is what stands in the tables: a new one goes to the end, and none ever moves.
STATUSES = Coded(
    EntryStatus.NOT_STARTED,
    EntryStatus.IN_PROGRESS,
    EntryStatus.READY,
    EntryStatus.REFERRED,
    EntryStatus.QUEUED,
    EntryStatus.SUBMITTING,
    EntryStatus.UNCONFIRMED,
    EntryStatus.ACCEPTED,
    EntryStatus.RENEWED,
    EntryStatus.DONE_ELSEWHERE,
    EntryStatus.CANCELLED,
    EntryStatus.LAPSED,
)
BLOCKERS = Coded(
    Blocker.NOT_LINKED,
    Blocker.NOTHING,
    Blocker.NEEDS_CUSTOMER,
    Blocker.NEEDS_AGENCY,
    Blocker.INSURER_CLOSED,
    Blocker.WAITING_FOR_PASSCODE,
    Blocker.OUTCOME_UNCONFIRMED,
)
MARKS = Coded(Mark.DONE_ELSEWHERE, Mark.REFERRED)
REACHES = Coded(Reach.NONE, Reach.PASSCODE, Reach.OPEN)
RENEWAL_STATES = Coded(
    RenewalState.IN_PROGRESS,
    RenewalState.REFERRED,
    RenewalState.READY,
    RenewalState.QUEUED,
    RenewalState.SUBMITTING,
    RenewalState.UNCONFIRMED,
    RenewalState.ACCEPTED,
    RenewalState.WITHDRAWN,
    RenewalState.LAPSED,
)
CHANGE_KINDS = Coded(ChangeKind.CHANGED, ChangeKind.VANISHED, ChangeKind.RETURNED)

# SQLite only counts up in a plain INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

book_known = Table(
    "book_known",
    metadata,
    Column("id", _NUMBER, Identity(), primary_key=True),
    Column("agency", Text, nullable=False),
    Column("insurer", Text, nullable=False),
    Column("policy", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    # The number of the run that last told of it.
    Column("seen", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    UniqueConstraint("agency", "insurer", "policy"),
)

# `due` is the maturity in minutes since 1970; `kana` the reading as it sorts (`collation`). `born` is the number of
# the run that first told of it, `opens` the minute in which its renewal opens, where somebody may know it and waits for
# that, and `moved` grows with every change of anything in the agency's book. `former` is the branch that it had before,
# and `parted` the change with which it left there.
book_entries = Table(
    "book_entries",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=False),
    Column("agency", Text, nullable=False),
    Column("insurer", Text, nullable=False),
    Column("policy", LargeBinary, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("branch", Text),
    Column("assignee", Text),
    Column("kana", LargeBinary, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("plate", LargeBinary),
    Column("serial", SmallInteger),
    Column("due", Integer, nullable=False),
    Column("status", STATUSES, nullable=False),
    Column("blocker", BLOCKERS, nullable=False),
    Column("premium", Integer),
    Column("change", Integer),
    Column("state", RENEWAL_STATES),
    Column("mark", MARKS),
    Column("reach", REACHES, nullable=False),
    Column("born", Integer, nullable=False),
    Column("moved", _NUMBER, nullable=False),
    Column("former", Text),
    Column("parted", _NUMBER),
    Column("gone_at", Moment),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("opens", Integer),
    info={"bound": ("agency", "insurer", "policy")},
)

# Text and not bound values, because a partial index serves only the query that says the very same.
PRESENT = text("gone_at IS NULL")
GONE = text("gone_at IS NOT NULL")
CHANGING = text("gone_at IS NULL AND change IS NOT NULL")
SERIAL = text("gone_at IS NULL AND serial IS NOT NULL")
ASSIGNED = text("gone_at IS NULL AND assignee IS NOT NULL")
OPENING = text("opens IS NOT NULL")
# Nine of ten entries are neither begun nor linked; who looks for any others finds them among these.
STIRRED = text("gone_at IS NULL AND (status > 0 OR blocker > 0)")

# What a page is narrowed by stands in the index of its order, so that what does not fit is passed over there. So does
# `gone_at`: SQLite looks it up in the row where the index has it only in its condition.
_NARROWING = ("insurer", "branch", "assignee", "status", "blocker")


def _index(name: str, columns: Iterable[str], where: object) -> Index:
    return Index(
        f"ix_book_entries_{name}",
        *(book_entries.c[column] for column in columns),
        sqlite_where=where,
        postgresql_where=where,
    )


BY_DUE = _index("due", ("agency", "due", "id", *_NARROWING, "premium", "change", "gone_at"), PRESENT)
BY_KANA = _index("kana", ("agency", "kana", "person", "id", *_NARROWING, "due", "change", "gone_at"), PRESENT)
BY_CHANGE = _index("change", ("agency", "change", "id", *_NARROWING, "due", "gone_at"), CHANGING)
BY_STIR = _index(
    "stirred", ("agency", "status", "blocker", "due", "id", "insurer", "branch", "assignee", "change"), STIRRED
)
BY_NAME = _index("name", ("agency", "name"), PRESENT)
BY_SERIAL = _index("serial", ("agency", "serial"), SERIAL)
BY_ASSIGNEE = _index("assignee", ("agency", "assignee", "due", "id"), ASSIGNED)
BY_PERSON = _index("person", ("agency", "person"), PRESENT)
# For branches that are small beside their agency. New rows go to the end of their branch, which costs next to nothing.
BY_BRANCH = _index("branch", ("agency", "branch"), PRESENT)
BY_GONE = _index("gone", ("agency", "due", "id"), GONE)
BY_OPENING = _index("opens", ("opens", "agency", "id"), OPENING)
BY_MOVE = Index("ix_book_entries_moved", book_entries.c.agency, book_entries.c.moved, book_entries.c.id)

# How many entries stand in their feeds. Every write keeps it up.
book_totals = Table(
    "book_totals",
    metadata,
    Column("agency", Text, primary_key=True),
    # Empty where a feed tells of no branch: a key has no NULL.
    Column("branch", Text, primary_key=True),
    Column("insurer", Text, primary_key=True),
    Column("status", STATUSES, primary_key=True, autoincrement=False),
    Column("blocker", BLOCKERS, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
)

# Whoever writes in a book locks this row before reading what is to change, and so has it alone until the commit; it
# is counted up when something does change.
book_moves = Table(
    "book_moves",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("moved", _NUMBER, nullable=False),
)

book_changes = Table(
    "book_changes",
    metadata,
    Column("id", _NUMBER, Identity(), primary_key=True),
    Column("agency", Text, nullable=False),
    Column("entry", _NUMBER, nullable=False),
    Column("run", Text, nullable=False),
    Column("kind", CHANGE_KINDS, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("agency", "entry", "run")},
)
Index(None, book_changes.c.entry, book_changes.c.id)

# To whom an agency gave a customer's entries of a branch, or with an empty word for it those of every branch without a
# row of its own; a row without an agent says that somebody took them away from whom the feed names.
book_assignments = Table(
    "book_assignments",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("person", LargeBinary, primary_key=True),
    Column("branch", Text, primary_key=True),
    Column("agent", Text),
)

book_notes = Table(
    "book_notes",
    metadata,
    Column("id", _NUMBER, Identity(), primary_key=True),
    Column("agency", Text, nullable=False),
    Column("entry", _NUMBER, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("agency", "entry", "author")},
)
Index(None, book_notes.c.entry, book_notes.c.id)

# `number` counts the runs of one agency at one insurer.
feed_runs = Table(
    "feed_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("insurer", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Moment),
    Column("lease_token", Text),
    Column("lease_until", Moment),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("agency", "insurer", "number"),
    info={"bound": ("id", "agency", "insurer")},
)
RUNNING = text("state = 'running'")
Index(
    "uq_feed_runs_running",
    feed_runs.c.agency,
    feed_runs.c.insurer,
    unique=True,
    sqlite_where=RUNNING,
    postgresql_where=RUNNING,
)
Index("ix_feed_runs_due", feed_runs.c.due_at, sqlite_where=RUNNING, postgresql_where=RUNNING)

feed_flaws = Table(
    "feed_flaws",
    metadata,
    Column("run", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    info={"bound": ("run", "line")},
)
