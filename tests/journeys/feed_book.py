"""A book as it lies in the database, row by row, for holding it against a feed."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from sqlalchemy import select

from gateway.journeys.entering import record
from gateway.store import book_tables as tables
from gateway.store.engines import Reader
from gateway.store.transaction import about
from gateway.vault import Keyring
from insurers.book import ChangeKind, FieldChange
from insurers.feed import FeedRecord


class Row(Struct, frozen=True):
    record: FeedRecord
    gone: bool
    seen: int


async def rows(database: Reader, keyring: Keyring, agency: str) -> Mapping[str, Row]:
    """
    Answer every entry of an agency by its number.

    Raises:
        ValueError: a policy stands there twice.
    """
    found: dict[str, Row] = {}
    entry, known = tables.book_entries.c, tables.book_known.c
    asked = (
        select(tables.book_entries, known.gone, known.seen)
        .join(tables.book_known, known.id == entry.id)
        .where(entry.agency == agency)
    )
    async with database.connect() as connection:
        for row in (await connection.execute(asked)).mappings():
            told = record(keyring.open(row["body"], about(tables.book_entries, row)))
            if told.number.text in found:
                raise ValueError(f"{told.number} stands there twice")
            found[told.number.text] = Row(told, bool(row["gone"]), row["seen"])
    return found


async def changes(database: Reader, keyring: Keyring, agency: str) -> list[tuple[ChangeKind, list[FieldChange]]]:
    """Answer what feeds changed in an agency's book, in the order in which they did."""
    table = tables.book_changes
    async with database.connect() as connection:
        kept = (await connection.execute(select(table).where(table.c.agency == agency).order_by(table.c.id))).mappings()
        return [
            (row["kind"], msgspec.json.decode(keyring.open(row["body"], about(table, row)), type=list[FieldChange]))
            for row in kept
        ]
