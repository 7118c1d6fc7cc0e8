"""What the insurer knows of each agency's contracts at one moment, and what is otherwise than before (WIRE.md §17)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from insurers.townsfolk import FIRST_CUSTOMER

from .contracts import Contract
from .maturity_lines import GENERATED, Row, maturing, of_contract, of_customer
from .personas import Persona

UNCHANGED, NEW, ALTERED, LOST = "0", "1", "2", "3"

# The prefix of an agency's generated numbers, behind GENERATED.
PREFIX = {agency: str(place) for place, agency in enumerate(FIRST_CUSTOMER)}
AGENCY_OF = {prefix: agency for agency, prefix in PREFIX.items()}


class Break(StrEnum):
    """How a line may be broken on order."""

    MIJIKAI = "MIJIKAI"  # It ends in the midst of a column.
    NAGAI = "NAGAI"  # It has bytes too many.
    RETSU = "RETSU"  # There are letters where digits belong, in 年間保険料.
    CODE = "CODE"  # 契約状態 is a code that there is none of.
    MOJI = "MOJI"  # 契約者名 has bytes that are no CP932.
    HIZUKE = "HIZUKE"  # 保険満期 is the 30th of February.
    CHOFUKU = "CHOFUKU"  # The line stands twice.
    DAIRITEN = "DAIRITEN"  # 代理店コード is another's.


def broken(line: bytes, how: Break | None) -> tuple[bytes, ...]:
    """The line, or the lines, that stand for this one."""
    match how:
        case Break.MIJIKAI:
            return (line[:100],)
        case Break.NAGAI:
            return (line + b" " * 7,)
        case Break.RETSU:
            return (line[:256] + b"12,345,67" + line[265:],)
        case Break.CODE:
            return (line[:17] + b"99" + line[19:],)
        case Break.MOJI:
            return (line[:35] + b"\xfd\xfe\x80\xff" + line[39:],)
        case Break.HIZUKE:
            return (line[:31] + b"0230" + line[35:],)
        case Break.CHOFUKU:
            return (line, line)
        case Break.DAIRITEN:
            return (line[:2] + b"X9999" + line[7:],)
    return (line,)


@dataclass
class Orders:
    """What was ordered behind the customers' backs, by the number of the contract."""

    # Any: each column has a type of its own.
    changed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    # To which agency a contract has moved; None where no agency has it any more.
    moved: dict[str, str | None] = field(default_factory=dict)
    breaks: dict[str, Break] = field(default_factory=dict)
    miscounted: set[str] = field(default_factory=set)

    def copy(self) -> "Orders":
        return Orders(dict(self.changed), dict(self.moved), dict(self.breaks), set(self.miscounted))


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All that goes into a file, as it was when the file was made."""

    at: datetime
    start: date
    seed: int
    contracts: Mapping[str, Contract]
    personas: Mapping[str, Persona]
    revisions: Mapping[str, int]
    home: str
    customers: Mapping[str, int]
    orders: Orders

    def agency(self, number: str) -> str | None:
        """Whose contract this is; None for nobody's."""
        if number in self.orders.moved:
            return self.orders.moved[number]
        if number in self.contracts:
            return self.home
        who = self.customer(number)
        return who[0] if who else None

    def customer(self, number: str) -> tuple[str, int] | None:
        """Of whose customers this is the how many-th."""
        agency = AGENCY_OF.get(number[2:3]) if number.startswith(GENERATED) else None
        n = int(number[3:])
        return (agency, n) if agency and n < self.customers[agency] else None

    def row(self, number: str) -> Row:
        if (contract := self.contracts.get(number)) is not None:
            holder = self.personas.get(contract.holder_code)
            row = of_contract(contract, holder, self.at, self.revisions.get(number, 1000))
        else:
            who = self.customer(number)
            if who is None:
                raise LookupError(number)
            row = self._generated(*who)
        return self._as_ordered(row)

    def generated(self, agency: str, n: int) -> Row:
        return self._as_ordered(self._generated(agency, n))

    def _generated(self, agency: str, n: int) -> Row:
        return of_customer(self.seed, FIRST_CUSTOMER[agency], n, PREFIX[agency], self.start, self.at)

    def _as_ordered(self, row: Row) -> Row:
        ordered = self.orders.changed.get(row.number)
        return row._replace(**ordered) if ordered else row

    def beside(self, agency: str) -> list[str]:
        """The numbers in this agency's data that are not simply one of its generated customers."""
        moved_here = {number for number, to in self.orders.moved.items() if to == agency}
        own = {number for number in self.contracts if self.agency(number) == agency}
        generated = {number for number in self.special() if self.customer(number) and self.agency(number) == agency}
        return sorted(moved_here | own | generated)

    def special(self) -> set[str]:
        """Contracts whose lines are otherwise than their neighbours'."""
        return {*self.orders.moved, *self.orders.breaks}

    def runs(self, agency: str) -> Iterator[range]:
        """The agency's generated customers, in stretches without a special one among them."""
        places = (self.customer(number) for number in self.special())
        gone = sorted(who[1] for who in places if who and who[0] == agency)
        begins = 0
        for n in (*gone, self.customers[agency]):
            if begins < n:
                yield range(begins, n)
            begins = n + 1


class Change(NamedTuple):
    """A line of a file of changes."""

    number: str
    kind: str
    row: Row


def changes(before: Snapshot, now: Snapshot, agency: str) -> Iterator[Change]:
    """What is otherwise than before, by number."""
    days = ((before.at + timedelta(days=passed)).date() for passed in range((now.at - before.at).days + 1))
    ended = {
        f"{GENERATED}{PREFIX[agency]}{n:07d}" for day in days for n in maturing(day, now.start, now.customers[agency])
    }
    ordered = {*before.orders.changed, *now.orders.changed, *before.orders.moved, *now.orders.moved}
    for number in sorted({*before.contracts, *now.contracts, *ended, *ordered, *now.orders.breaks}):
        old = before.row(number) if before.agency(number) == agency else None
        new = now.row(number) if now.agency(number) == agency else None
        if new is not None and (old != new or number in now.orders.breaks):
            yield Change(number, ALTERED if old else NEW, new)
        elif old is not None and new is None:
            yield Change(number, LOST, old)
