"""What somebody may mean who searches a book: a name in kanji or kana, a policy number, a plate or its four digits."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Index

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, among, answered, by, either, one_of, question, together
from gateway.store.book_base import BookBase
from gateway.store.book_bounds import can_stand
from gateway.store.book_narrowing import PRESENT, SERIAL
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

    kana: Sequence[Part] = ()
    name: Sequence[Part] = ()
    ids: frozenset[int] = frozenset()


class BookSearch(BookBase):
    async def found(self, agency: str, text: str) -> Found:
        """Answer who fits of those who stand in their feeds."""
        if not can_stand(text):
            return Found()
        asked = [(fits, tables.BY_KANA) for fits in self._read(text)]
        asked += [(fits, tables.BY_NAME) for fits in self._named(text)]
        fitting = await self._some(agency, asked)
        ids = {*await self._numbered(agency, text), *await self._plated(agency, text)}
        return Found(
            kana=[fits for fits, index in fitting if index is tables.BY_KANA],
            name=[fits for fits, index in fitting if index is tables.BY_NAME],
            ids=frozenset(ids),
        )

    async def meant(self, agency: str, text: str) -> Part:
        """Answer what is true of an entry that fits, and by no index."""
        if not can_stand(text):
            return among("id", ())
        numbered = one_of("id", await self._numbered(agency, text))
        return either([numbered, *self._read(text), *self._named(text), *self._plate(text)])

    async def _some(self, agency: str, asked: Sequence[tuple[Part, Index]]) -> Sequence[tuple[Part, Index]]:
        """Answer those of these conditions, each with its index, that are true of anybody."""
        if not asked:
            return []
        mine = Part("agency = ?", (agency,))
        anybody = [question("id", by(index), [mine, PRESENT, fits], " LIMIT 1") for fits, index in asked]
        text = "SELECT " + ", ".join(f"({each.text})" for each in anybody)
        found = await answered(self._connection, Part(text, tuple(value for each in anybody for value in each.values)))
        return [fits for fits, id_ in zip(asked, found[0], strict=True) if id_ is not None]

    def _read(self, text: str) -> list[Part]:
        try:
            reading = kana_key(text)
        except ValueError:
            return []
        return [self._beginning(beginning) for beginning in (beginnings(reading) if reading else ())]

    def _beginning(self, beginning: Beginning) -> Part:
        text, values = self._marked(beginning)
        return Part(
            f"(kana >= ? AND kana < ? AND substr(kana, {text}, ?) = ?)",
            (beginning.key, beginning.behind, *values, len(beginning.marks), beginning.marks),
        )

    def _marked(self, beginning: Beginning) -> tuple[str, tuple[bytes | int, ...]]:
        """Answer where in a key the marks of the letters begin."""
        if beginning.family is not None:
            # Of two letters and two marks each, and the gap and the end, half lie before the end.
            return "length(kana) / 2 + ?", (beginning.family + 2,)
        if self._connection.dialect.name == "sqlite":
            return "instr(kana, ?) + 1", (KEY_GAP,)
        return "position(? IN kana) + 1", (KEY_GAP,)

    def _named(self, text: str) -> list[Part]:
        name = name_key(text).encode()
        return [Part("(name >= ? AND name < ?)", (name, name + _BEHIND))] if name else []

    async def _numbered(self, agency: str, text: str) -> Sequence[int]:
        try:
            number = PolicyNumber.parse(text)
        except ValueError:
            return ()
        mine = Part("agency = ?", (agency,))
        insurers = await answered(self._connection, question("DISTINCT insurer", "book_totals", [mine]))
        if not insurers:
            return ()
        policies = [
            Part("insurer = ? AND policy = ?", (insurer, self._print(f"policy:{insurer}:{number}")))
            for (insurer,) in insurers
        ]
        asked = [question("id", "book_known", [mine, policy]) for policy in policies]
        return [id_ for (id_,) in await answered(self._connection, together(asked))]

    async def _plated(self, agency: str, text: str) -> Sequence[int]:
        mine = Part("agency = ?", (agency,))
        plates = [question("id", by(tables.BY_SERIAL), [mine, SERIAL, fits]) for fits in self._plate(text)]
        return [id_ for each in plates for (id_,) in await answered(self._connection, each)]

    def _plate(self, text: str) -> list[Part]:
        digits = _PARTED.sub("", unicodedata.normalize("NFKC", text))
        if _SERIAL.fullmatch(digits):
            return [Part("serial = ?", (int(digits),))]
        if (known := plate.canonical(text)) is not None:
            serial = int(_LAST_DIGITS.findall(known)[-1])
            return [Part("(serial = ? AND plate = ?)", (serial, self._print(f"car:{known}")))]
        return []

    def _print(self, text: str) -> bytes:
        return self._transaction.keyring.stamp(text)[:FINGERPRINT_BYTES]
