"""The agency's book: entries, the feeds that told of them, and what these changed."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PRESENT = "gone_at IS NULL"
NARROWING = ("insurer", "branch", "assignee", "status", "blocker")

INDEXES: Mapping[str, tuple[Sequence[str], str | None]] = {
    "due": (("agency", "due", "id", *NARROWING, "premium", "change", "gone_at"), PRESENT),
    "kana": (("agency", "kana", "person", "id", *NARROWING, "due", "change", "gone_at"), PRESENT),
    "change": (("agency", "change", "id", *NARROWING, "due", "gone_at"), "gone_at IS NULL AND change IS NOT NULL"),
    "stirred": (
        ("agency", "status", "blocker", "due", "id", "insurer", "branch", "assignee", "change"),
        "gone_at IS NULL AND (status > 0 OR blocker > 0)",
    ),
    "name": (("agency", "name"), PRESENT),
    "serial": (("agency", "serial"), "gone_at IS NULL AND serial IS NOT NULL"),
    "assignee": (("agency", "assignee", "due", "id"), "gone_at IS NULL AND assignee IS NOT NULL"),
    "person": (("agency", "person"), PRESENT),
    "branch": (("agency", "branch"), PRESENT),
    "gone": (("agency", "due", "id"), "gone_at IS NOT NULL"),
    "moved": (("agency", "moved", "id"), None),
}


def upgrade() -> None:
    known()
    entries()
    counts()
    beside()
    feeds()
    lapsed()


def known() -> None:
    op.create_table(
        "book_known",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("policy", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book_known"),
        sa.UniqueConstraint("agency", "insurer", "policy", name="uq_book_known_agency_insurer_policy"),
    )


def entries() -> None:
    op.create_table(
        "book_entries",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("policy", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("branch", sa.Text),
        sa.Column("assignee", sa.Text),
        sa.Column("kana", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("plate", sa.LargeBinary),
        sa.Column("serial", sa.SmallInteger),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("blocker", sa.SmallInteger, nullable=False),
        sa.Column("premium", sa.Integer),
        sa.Column("change", sa.Integer),
        sa.Column("state", sa.SmallInteger),
        sa.Column("mark", sa.SmallInteger),
        sa.Column("reach", sa.SmallInteger, nullable=False),
        sa.Column("born", sa.Integer, nullable=False),
        sa.Column("moved", NUMBER, nullable=False),
        sa.Column("former", sa.Text),
        sa.Column("parted", NUMBER),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book_entries"),
    )
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition) if condition else None
        op.create_index(
            f"ix_book_entries_{name}", "book_entries", list(columns), sqlite_where=where, postgresql_where=where
        )


def counts() -> None:
    op.create_table(
        "book_totals",
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("branch", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("status", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("blocker", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("agency", "branch", "insurer", "status", "blocker", name="pk_book_totals"),
    )
    op.create_table(
        "book_moves",
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("moved", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("agency", name="pk_book_moves"),
    )


def beside() -> None:
    op.create_table(
        "book_changes",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book_changes"),
    )
    op.create_index("ix_book_changes_entry_id", "book_changes", ["entry", "id"])
    op.create_table(
        "book_assignments",
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("branch", sa.Text, nullable=False),
        sa.Column("agent", sa.Text),
        sa.PrimaryKeyConstraint("agency", "person", "branch", name="pk_book_assignments"),
    )
    op.create_table(
        "book_notes",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book_notes"),
    )
    op.create_index("ix_book_notes_entry_id", "book_notes", ["entry", "id"])


def feeds() -> None:
    op.create_table(
        "feed_runs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("insurer", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed_runs"),
        sa.UniqueConstraint("agency", "insurer", "number", name="uq_feed_runs_agency_insurer_number"),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        "uq_feed_runs_running",
        "feed_runs",
        ["agency", "insurer"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index("ix_feed_runs_due", "feed_runs", ["due_at"], sqlite_where=running, postgresql_where=running)
    op.create_table(
        "feed_flaws",
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("run", "line", name="pk_feed_flaws"),
    )


def lapsed() -> None:
    where = sa.text("state = 'lapsed'")
    op.create_index("ix_renewals_lapsed", "renewals", ["insurer", "policy"], sqlite_where=where, postgresql_where=where)
