"""What somebody may mean who searches a book: a name in kanji or kana, a policy number, a plate or its four digits."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Index, Integer, and_, func, literal, or_, select

from gateway.store import book_tables as tables
from gateway.store.book_access import by
from gateway.store.book_base import BookBase
from gateway.store.book_bounds import can_stand
from gateway.store.book_rows import FINGERPRINT_BYTES
from gateway.store.collation import KEY_GAP, Beginning, beginnings
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

    What fits nobody is not among them, so that a query asks for no more than it has to.
    """

    kana: Sequence[ColumnElement[bool]] = ()
    name: Sequence[ColumnElement[bool]] = ()
    ids: frozenset[int] = frozenset()


class BookSearch(BookBase):
    async def found(self, agency: str, text: str) -> Found:
        """Answer who fits of those who stand in their feeds."""
        if not can_stand(text):
            return Found()
        kana = await self._some(agency, self._read(text), tables.BY_KANA)
        name = await self._some(agency, self._named(text), tables.BY_NAME)
        ids = {*await self._numbered(agency, text), *await self._plated(agency, text)}
        return Found(kana, name, frozenset(ids))

    async def meant(self, agency: str, text: str) -> ColumnElement[bool]:
        """Answer what is true of an entry that fits, and by no index."""
        row = tables.book_entries.c
        if not can_stand(text):
            return row.id.in_(())
        numbered = await self._numbered(agency, text)
        return or_(row.id.in_(numbered), *self._read(text), *self._named(text), *self._plate(text))

    async def _some(
        self, agency: str, asked: Sequence[ColumnElement[bool]], index: Index
    ) -> Sequence[ColumnElement[bool]]:
        """Answer those of these conditions that are true of anybody."""
        row = tables.book_entries.c
        anybody = [
            by(select(row.id).where(row.agency == agency, tables.PRESENT, fits), index).limit(1).scalar_subquery()
            for fits in asked
        ]
        if not anybody:
            return []
        found = (await self._connection.execute(select(*anybody))).one()
        return [fits for fits, id_ in zip(asked, found, strict=True) if id_ is not None]

    def _read(self, text: str) -> list[ColumnElement[bool]]:
        try:
            reading = kana_key(text)
        except ValueError:
            return []
        row = tables.book_entries.c.kana
        return [
            and_(
                row >= beginning.key,
                row < beginning.behind,
                func.substr(row, self._marked(beginning), len(beginning.marks)) == beginning.marks,
            )
            for beginning in (beginnings(reading) if reading else ())
        ]

    def _marked(self, beginning: Beginning) -> ColumnElement[int]:
        """Answer where in a key the marks of the letters begin."""
        row = tables.book_entries.c.kana
        if beginning.family is not None:
            # Of two letters and two marks each, and the gap and the end, half lie before the end.
            return func.length(row, type_=Integer) // 2 + beginning.family + 2
        if self._connection.dialect.name == "sqlite":
            return func.instr(row, KEY_GAP, type_=Integer) + 1
        return func.position(literal(KEY_GAP).op("IN")(row), type_=Integer) + 1

    def _named(self, text: str) -> list[ColumnElement[bool]]:
        name = name_key(text).encode()
        row = tables.book_entries.c.name
        return [and_(row >= name, row < name + _BEHIND)] if name else []

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
        asked = select(row.id).where(row.agency == agency, tables.SERIAL)
        plates = [by(asked.where(fits), tables.BY_SERIAL) for fits in self._plate(text)]
        return [id_ for each in plates for id_ in await self._connection.scalars(each)]

    def _plate(self, text: str) -> list[ColumnElement[bool]]:
        row = tables.book_entries.c
        digits = _PARTED.sub("", unicodedata.normalize("NFKC", text))
        if _SERIAL.fullmatch(digits):
            return [row.serial == int(digits)]
        if (known := plate.canonical(text)) is not None:
            serial = int(_LAST_DIGITS.findall(known)[-1])
            return [and_(row.serial == serial, row.plate == self._print(f"car:{known}"))]
        return []

    def _print(self, text: str) -> bytes:
        return self._transaction.keyring.stamp(text)[:FINGERPRINT_BYTES]
