"""Contracts that nobody signed: as many as are wanted, the same at every start, and written when they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from insurers.sompo.sandbox import broken
from insurers.sompo.sandbox.contracts import IN_FORCE, MATURED
from insurers.sompo.sandbox.dates import era_day, ymd
from insurers.townsfolk import ANOTHER_CAR, FIRST_CUSTOMER, car, draw, person, plate, solicitor

# Behind the letters of all others, so that a list by numbers has these at its end.
LETTER = "T"
SERIES_SIZE = 100_000_000

# The other insurers of the town have everybody; half of them have a second car, and it is insured here.
EVERY_SECOND = 2

# Some are over already when the clock starts; the others mature within a year.
OLDEST_MATURITY, MATURITIES = timedelta(days=20), 365

# A prime that divides no count that anybody orders, so that each is met once.
SCATTER = 1_000_003

# For draws about a contract; the town's own questions have the numbers before.
ABOUT = 40

FULL_WIDTH = str.maketrans("0123456789 -・", "０１２３４５６７８９　－・")


@dataclass
class Changes:
    """What has been ordered of one contract since."""

    premium: int = 0
    phone: int = 0
    plate: int = 0


@dataclass(kw_only=True)
class Generated:
    """The generated contracts of one agency. `today` is when its world began, of the townsfolk with this *seed*."""

    agency: str
    series: int
    seed: int
    count: int
    today: date
    changed: dict[int, Changes] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    broken: dict[int, str] = field(default_factory=dict)

    @property
    def held(self) -> int:
        return self.count - len(self.removed)

    def refill(self, count: int) -> None:
        """Have *count* of them as on the first morning, and forget what was ordered."""
        self.count = count
        self.changed.clear()
        self.removed.clear()
        self.broken.clear()

    def pick(self, times: int) -> list[int]:
        """Answer so many that nothing has been ordered of yet, from all over the list; fewer if there are no more."""
        touched = self.changed.keys() | self.removed | self.broken.keys()
        order = (n * SCATTER % self.count for n in range(self.count))
        return list(islice((n for n in order if n not in touched), times))

    def change(self, what: str, times: int) -> list[str]:
        """Let *what* befall so many of them: `removed`, or the name of one of `Changes`."""
        chosen = self.pick(times)
        for n in chosen:
            if what == "removed":
                self.removed.add(n)
            else:
                self.changed[n] = Changes(**{what: 1})
        return [self.number(n) for n in chosen]

    def break_off(self, kind: str, times: int) -> list[str]:
        """Let so many of their lines be broken in this way."""
        chosen = self.pick(times)
        self.broken |= dict.fromkeys(chosen, kind)
        return [self.number(n) for n in chosen]

    def number(self, n: int) -> str:
        return f"{LETTER}{self.series}{n:08}"

    def index_behind(self, number: str) -> int:
        """Answer the first that stands behind *number* in the list."""
        if number < self.number(0):
            return 0
        if number >= self.number(SERIES_SIZE - 1):
            return SERIES_SIZE
        return int(number[2:]) + 1

    def lines(self, behind: str, today: str) -> Iterator[tuple[str, bytes]]:
        """Write one after the other, each behind its number, as of *today* (YYYYMMDD). A line may be broken, or two."""
        orders = self.changed or self.removed or self.broken
        for n in range(self.index_behind(behind), self.count):
            if not orders:
                yield self.number(n), self._written(n, today)
            elif n not in self.removed:
                line = self._written(n, today)
                yield self.number(n), broken.LINES[self.broken[n]](line) if n in self.broken else line

    def _written(self, n: int, today: str) -> bytes:
        customer = FIRST_CUSTOMER[self.agency] + n * EVERY_SECOND
        who, vehicle = person(self.seed, customer), customer + ANOTHER_CAR
        bits = draw(self.seed, customer, ABOUT)
        start, end = _term(self.today, bits % MATURITIES)
        premium = 28_000 + (bits >> 10) % 1_200 * 100
        # A grade higher is cheaper for most; a dearer tariff or an accident is not, for some.
        next_premium = premium * (88 + (bits >> 24) % 20) // 1_000 * 10
        phone, number_plate = who.phone, plate(self.seed, vehicle)
        if changes := self.changed.get(n):
            premium += changes.premium * 1_000
            phone = f"{phone[:-4]}{(int(phone[-4:]) + changes.phone) % 10_000:04}"
            number_plate = plate(self.seed, vehicle - changes.plate)
        branch, seller = solicitor(self.seed, customer)
        text = (
            f"REC=ITIRAN&SYOKEN_NO={LETTER}{self.series}{n:08}&DAIRITEN_CD={self.agency}"
            f"&KEIYAKU_JYOTAI={IN_FORCE if today < end else MATURED}"
            f"&SIKI_YMD={start}&SIKI_JI=1600&MANKI_YMD={end}&MANKI_JI=1600"
            f"&KEIYAKUSYA_SEI={who.family}&KEIYAKUSYA_MEI={who.given}"
            f"&KEIYAKUSYA_SEI_KANA={who.family_kana}&KEIYAKUSYA_MEI_KANA={who.given_kana}"
            f"&SEINEN_YMD={_born(who.born)}&TEL_NO={phone}&MAIL={who.email}"
            f"&SYAMEI={car(self.seed, vehicle).model}&TOROKU_NO={number_plate.translate(FULL_WIDTH)}"
            f"&HOKENRYO={premium}&JIKI_HOKENRYO={next_premium}&TOUKYU={6 + (bits >> 40) % 15}"
            f"&ANSIN_KOUSIN={int((bits >> 46) % 8 == 0)}&KYOTEN_CD={branch}&BOSYUNIN_CD={seller}"
            "&KOUKAIGO_SYOKEN_NO="
        )
        return broken.in_cp932(text)


@lru_cache(2 * MATURITIES)
def _term(today: date, days: int) -> tuple[str, str]:
    """Answer the first and the last day of a term of a year."""
    end = today - OLDEST_MATURITY + timedelta(days=days)
    start = end.replace(year=end.year - 1, day=28 if (end.month, end.day) == (2, 29) else end.day)
    return ymd(start), ymd(end)


@lru_cache(32_768)
def _born(day: date) -> str:
    return era_day(day)
