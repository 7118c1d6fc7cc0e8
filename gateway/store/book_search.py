"""What somebody may mean who searches a book: a name in kanji or kana, a policy number, a plate or its four digits."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, and_, func, select

from gateway.store import book_tables as tables
from gateway.store.book_access import by
from gateway.store.book_base import BookBase
from gateway.store.book_rows import FINGERPRINT_BYTES
from gateway.store.collation import beginning
from insurers import plate
from insurers.identity import DASHES, PolicyNumber
from insurers.kana import kana_key
from insurers.name import name_key

_SERIAL = re.compile(r"[0-9]{1,4}")
_LAST_DIGITS = re.compile(r"[0-9]+$")
_PARTED = re.compile(rf"[\s\-{DASHES}・·.]")

# No letter's UTF-8 begins with it, so it comes behind everything that begins alike.
_BEHIND = b"\xff"


class Found(Struct, frozen=True):
    """
    Entries that fit a search: `kana` and `name` say which, and `ids` name those found by a number.

    What fits nobody is None or empty, so that a query asks for no more than it has to.
    """

    kana: ColumnElement[bool] | None = None
    name: ColumnElement[bool] | None = None
    ids: frozenset[int] = frozenset()


class BookSearch(BookBase):
    async def found(self, agency: str, text: str) -> Found:
        named = self._named(text)
        by_name = named if named is not None and await self._any(agency, named) else None
        ids = {*await self._numbered(agency, text), *await self._plated(agency, text)}
        return Found(self._read(text), by_name, frozenset(ids))

    def _read(self, text: str) -> ColumnElement[bool] | None:
        try:
            reading = kana_key(text)
        except ValueError:
            return None
        if not reading:
            return None
        row = tables.book_entries.c.kana
        first, last, marks = beginning(reading)
        # Behind the letters and the end mark, each letter has its mark.
        behind = (func.length(row, type_=Integer) + 3) // 2
        return and_(row >= first, row < last, func.substr(row, behind, len(marks)) == marks)

    def _named(self, text: str) -> ColumnElement[bool] | None:
        name = name_key(text).encode()
        row = tables.book_entries.c.name
        return and_(row >= name, row < name + _BEHIND) if name else None

    async def _any(self, agency: str, named: ColumnElement[bool]) -> bool:
        row = tables.book_entries.c
        asked = select(row.id).where(row.agency == agency, tables.PRESENT, named)
        found = await self._connection.execute(by(asked, tables.BY_NAME).limit(1))
        return found.first() is not None

    async def _numbered(self, agency: str, text: str) -> Sequence[int]:
        try:
            number = PolicyNumber.parse(text)
        except ValueError:
            return ()
        totals, known = tables.book_totals.c, tables.book_known.c
        insurers = (
            await self._connection.scalars(select(totals.insurer).where(totals.agency == agency).distinct())
        ).all()
        found: list[int] = []
        for insurer in insurers:
            policy = self._print(f"policy:{insurer}:{number}")
            this = (known.agency == agency, known.insurer == insurer, known.policy == policy)
            found += (await self._connection.scalars(select(known.id).where(*this))).all()
        return found

    async def _plated(self, agency: str, text: str) -> Sequence[int]:
        row = tables.book_entries.c
        asked = by(select(row.id).where(row.agency == agency, tables.SERIAL), tables.BY_SERIAL)
        digits = _PARTED.sub("", unicodedata.normalize("NFKC", text))
        if _SERIAL.fullmatch(digits):
            wanted = row.serial == int(digits)
        elif (known := plate.canonical(text)) is not None:
            serial = int(_LAST_DIGITS.findall(known)[-1])
            wanted = and_(row.serial == serial, row.plate == self._print(f"car:{known}"))
        else:
            return ()
        return (await self._connection.scalars(asked.where(wanted))).all()

    def _print(self, text: str) -> bytes:
        return self._transaction.keyring.stamp(text)[:FINGERPRINT_BYTES]
