"""What agencies fetch: a new file of maturity data every morning (WIRE.md §17.1)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from insurers.sandbox import TOKYO
from insurers.townsfolk import FIRST_CUSTOMER

from .maturity_book import Orders, Snapshot
from .maturity_files import File

if TYPE_CHECKING:
    from .house import House

MADE_AT = time(6)
SUNDAY = 6

# The agency of the personas, and the other one.
HOME, NEIGHBOUR = FIRST_CUSTOMER
CUSTOMERS = {HOME: 24, NEIGHBOUR: 12}


def day_of(moment: datetime) -> date:
    """Which day's file lies ready."""
    local = moment.astimezone(TOKYO)
    return local.date() - timedelta(days=local.time() < MADE_AT)


class Maturities:
    def __init__(self, house: "House") -> None:
        self._house = house
        self._start = house.clock().date()
        self._customers: Mapping[str, int] = CUSTOMERS
        self._made = 0
        self._full: dict[str, File] = {}
        self.orders = Orders()
        self.files: dict[str, File] = {}
        self._make_the_days(day_of(house.clock()))

    def publish(self, now: datetime) -> None:
        """Make the files that are due; what happened since six does not stand in them."""
        if (day := day_of(now)) > self._day:
            self._make_the_days(day)

    def populate(self, customers: int) -> None:
        """Give the two agencies so many customers in all."""
        self._customers = {HOME: customers // 10, NEIGHBOUR: customers - customers // 10}
        self.make(self._house.clock(), full=True)

    def make(self, at: datetime, *, full: bool) -> None:
        """Make every agency's file, out of turn; who reads the one before has to begin again."""
        self._made += 1
        now = self._snapshot(at)
        for agency in self._customers:
            base = self._full.get(agency)
            before = base.snapshot if base and base.received and not full else None
            file = File(agency, now, before, name=f"{agency}-{at:%Y%m%d%H%M%S}-{self._made}")
            self.files[agency] = file
            if file.is_full:
                self._full[agency] = file

    def knows(self, number: str) -> bool:
        now = self._snapshot(self._house.clock())
        return number in now.contracts or now.customer(number) is not None

    def _make_the_days(self, day: date) -> None:
        self._day = day
        self._house.book.let_riders_renew(_six(day), seed=self._house.world.seed)
        self.make(_six(day), full=day.weekday() == SUNDAY)

    def _snapshot(self, at: datetime) -> Snapshot:
        book = self._house.book
        return Snapshot(
            at=at,
            start=self._start,
            seed=self._house.world.seed,
            contracts=dict(book.contracts),
            personas=dict(book.personas),
            revisions=dict(book.revisions),
            home=HOME,
            customers=self._customers,
            orders=self.orders.copy(),
        )


def _six(day: date) -> datetime:
    return datetime.combine(day, MADE_AT, TOKYO)
