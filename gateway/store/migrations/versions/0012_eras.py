"""What comes in no order is indexed by era on SQLite, so that a new row touches no more than the last one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# PostgreSQL keeps these as they are.
INDEXES = {
    "name": "gone_at IS NULL",
    "serial": "gone_at IS NULL AND serial IS NOT NULL",
    "person": "gone_at IS NULL",
}


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    for name, condition in INDEXES.items():
        index = f"ix_book_entries_{name}"
        op.drop_index(index, "book_entries")
        where = sa.text(condition)
        op.create_index(index, "book_entries", ["agency", sa.text("id >> 16"), name], sqlite_where=where)
