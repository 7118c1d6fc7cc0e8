"""When renewals open that nobody can begin yet."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OPENING = sa.text("opens IS NOT NULL")


def upgrade() -> None:
    op.add_column("known_policies", sa.Column("opens_at", sa.DateTime(timezone=True)))
    op.add_column("book_entries", sa.Column("opens", sa.Integer))
    op.create_index(
        "ix_book_entries_opens",
        "book_entries",
        ["opens", "agency", "id"],
        sqlite_where=OPENING,
        postgresql_where=OPENING,
    )
