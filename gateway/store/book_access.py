"""By which index the rows of a book are found."""

from typing import Any

from sqlalchemy import FromClause, Index, Select

from gateway.store import book_tables as tables


def by(asked: Select[Any], index: Index | None, entries: FromClause = tables.book_entries) -> Select[Any]:
    """
    Have SQLite walk this index and no other; without one, find rows by their ids.

    A query that cannot use it fails, where it would otherwise read the whole book.
    """
    hint = f"INDEXED BY {index.name}" if index is not None else "NOT INDEXED"
    return asked.with_hint(entries, hint, "sqlite")
