"""
Questions to a book: the text of a query, put together from parts, with the values that stand in it.

A page is asked for some ten times a second and each of its questions is a short one, so that telling SQLAlchemy what to
write, for it to find that it has written the same before, costs more than the answer.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from msgspec import Struct
from sqlalchemy import Index
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.bulk import Values

# As SQLite is told which index to walk; PostgreSQL chooses for itself.
_HINT = re.compile(r" (?:NOT INDEXED|INDEXED BY \w+)")

# Where one value stands for many; SQLite has nothing of the kind, and is told each.
_MANY = "= ANY(?)"

# As many questions differ in more than their values.
_SPELLED = 2_000


class Part(Struct, frozen=True):
    """A part of a question, as SQLite writes it; each `?` is the place of one of *values*."""

    text: str
    values: Values = ()


def among(column: str, words: Collection[Any]) -> Part:
    """Say that a column has one of these words. Nothing is equal to NULL, so that among none there is nobody."""
    places = ", ".join("?" * len(words)) or "NULL"
    return Part(f"{column} IN ({places})", tuple(words))


def one_of(column: str, keys: Collection[Any]) -> Part:
    """Say the same of very many, in words that are the same however many there are."""
    return Part(f"{column} {_MANY}", (list(keys),))


def either(parts: Sequence[Part]) -> Part:
    return Part(f"({' OR '.join(part.text for part in parts)})", _values(parts))


def together(questions: Sequence[Part]) -> Part:
    """Ask several questions in one."""
    return Part(" UNION ALL ".join(each.text for each in questions), _values(questions))


def by(index: Index | None, named: str = "book_entries") -> str:
    """
    Have SQLite walk this index of the entries and no other; without one, find rows by their ids.

    A question that cannot use it fails, where it would otherwise read the whole book.
    """
    table = "book_entries" if named == "book_entries" else f"book_entries AS {named}"
    return f"{table} INDEXED BY {index.name}" if index is not None else f"{table} NOT INDEXED"


def question(columns: str, source: str | Part, conditions: Sequence[Part], then: str = "") -> Part:
    """Ask for *columns* of those rows of *source* of which all *conditions* are true."""
    of = Part(source) if isinstance(source, str) else source
    where = f" WHERE {' AND '.join(part.text for part in conditions)}" if conditions else ""
    # Words that somebody entered are among the values, and never in the text.
    return Part(f"SELECT {columns} FROM {of.text}{where}{then}", (*of.values, *_values(conditions)))  # noqa: S608


# A row is typed by its columns, which stand in the question's text.
async def answered(connection: AsyncConnection, asked: Part) -> Sequence[Any]:
    if connection.dialect.name == "postgresql":
        return (await connection.exec_driver_sql(_postgresql(asked.text), asked.values)).all()
    each = _each(asked)
    return (await connection.exec_driver_sql(each.text, each.values)).all()


def moment(told: datetime | str) -> datetime:
    """Answer a moment that was read past `tables.Moment`."""
    return datetime.fromisoformat(told).replace(tzinfo=UTC) if isinstance(told, str) else told.astimezone(UTC)


@lru_cache(_SPELLED)
def _postgresql(text: str) -> str:
    return _HINT.sub("", text).replace(_MANY, "= ANY(%b)").replace("?", "%s")


def _each(asked: Part) -> Part:
    if _MANY not in asked.text:
        return asked
    first, *others = asked.text.split(_MANY)
    many = [among("", value).text + other for value, other in zip(_lists(asked), others, strict=True)]
    flat = (value if isinstance(value, list) else [value] for value in asked.values)
    return Part(first.rstrip() + "".join(many), tuple(chain.from_iterable(flat)))


def _lists(asked: Part) -> Iterator[list[Any]]:
    return (value for value in asked.values if isinstance(value, list))


def _values(parts: Sequence[Part]) -> Values:
    return tuple(value for part in parts for value in part.values)
