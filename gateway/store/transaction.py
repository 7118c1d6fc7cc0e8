"""One open transaction, as the repositories share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct
from sqlalchemy import Column, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.unsealed import Unsealed
from gateway.vault import Keyring, Unsealable

Value = TypeVar("Value", bound=Struct)
Columns = Mapping[str, Any] | RowMapping  # A row's values by column name, whatever their types.

# A thousand rows of a page or a feed are bound to the same agency and insurer.
_QUOTED = 1_000

# Both say ON CONFLICT alike, and yet each has its own class for it.
INSERTS: Mapping[str, type[sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.Insert,
    "postgresql": postgresql.Insert,
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection in a transaction, the keys, what they opened before, and the topics that its commit makes news."""

    connection: AsyncConnection
    keyring: Keyring
    unsealed: Unsealed
    topics: set[str] = field(default_factory=set)

    async def add(self, table: Table, values: Columns) -> bool:
        """
        Insert a row, and answer whether it was: not when a unique index stands in the way.

        The transaction is as good as before in either case.
        """
        inserted = INSERTS[self.connection.dialect.name](table).values(values).on_conflict_do_nothing()
        # A row comes back to tell; drivers do not agree on counting inserts.
        return (await self.connection.execute(inserted.returning(table.c[0]))).first() is not None

    def seal(self, table: Table, columns: Columns, value: Struct | bytes) -> bytes:
        plain = value if isinstance(value, bytes) else msgspec.json.encode(value)
        return self.keyring.seal(plain, about(table, columns))

    def unseal(self, table: Table, row: RowMapping) -> bytes:
        """
        Raises:
            Unsealable: the body is not this row's.
        """
        return self._unsealed(row["body"], about(table, row))

    def open(self, table: Table, row: RowMapping, kind: type[Value]) -> Value:
        """
        Raises:
            Unsealable: the body is not this row's, or not of this kind.
        """
        return self.opened(row["body"], about(table, row), kind)

    def reopened(self, body: bytes, about: str, kind: type[Value]) -> Value:
        """As `opened`, and the same value again for as long as the box is the same: not for what is secret."""
        # What is kept of a box was kept here: what it is about says of which kind it is.
        value: Value | None = self.unsealed.get(about, body)
        if value is None:
            value = self.opened(body, about, kind)
            self.unsealed.keep(about, body, value)
        return value

    def opened(self, body: bytes, about: str, kind: type[Value]) -> Value:
        """Open a body of which it is known what it is about; raises as `open` does."""
        # Remembering the decoder costs it its type.
        decoder: msgspec.json.Decoder[Value] = _decoder(kind)
        try:
            return decoder.decode(self._unsealed(body, about))
        except msgspec.MsgspecError:
            # Its message may quote what it could not read.
            error = Unsealable()
            error.add_note(f"a {kind.__name__} in {about}")
            raise error from None

    def _unsealed(self, body: bytes, about: str) -> bytes:
        try:
            return self.keyring.open(body, about)
        except Unsealable as error:
            error.add_note(f"in {about}")
            raise


def opening(table: Table, *others: str) -> list[Column[Any]]:
    """Answer the columns without which a row cannot be opened, and *others* of it."""
    return [table.c[name] for name in (*table.info["bound"], "body", *others)]


def about(table: Table, columns: Columns) -> str:
    """Name the row that a body belongs to: `links:ID:CUSTOMER:INSURER`."""
    return bound(table, *(columns[name] for name in table.info["bound"]))


def bound(table: Table, *values: object) -> str:
    """Name a row by the *values* to which its body is bound."""
    return ":".join([table.name, *map(_word, values)])


def _word(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else _quoted(str(value))


@lru_cache(_QUOTED)
def _quoted(word: str) -> str:
    return quote(word, safe="")


@cache
def _decoder(kind: type[Value]) -> msgspec.json.Decoder[Value]:
    return msgspec.json.Decoder(kind)
