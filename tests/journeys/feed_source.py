"""An insurer on paper that tells an agency of its policies, and may be told to fail; and the records that it tells."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from msgspec.structs import replace

from insurers import townsfolk
from insurers.adapter import Insurer
from insurers.agency import Agency, Agent, AgentRole, Appointment
from insurers.capability import Manifest
from insurers.contact import Contact
from insurers.errors import Expired
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, FeedSource, FeedTerms, Flaw
from insurers.hours import TOKYO
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.panel import discover, find
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.text import Text

SEED = 6
DAILY = timedelta(days=1)
MADE_AT = datetime(2026, 11, 20, 4, tzinfo=TOKYO)
FIRST_MATURITY = datetime(2026, 11, 1, 16, tzinfo=TOKYO)
TERMS = FeedTerms(source=FeedSource.AGENCY_SYSTEM, name=Text("契約データ", "policy data"), every=DAILY)


def policy(n: int, *, prefix: str = "P") -> FeedRecord:
    """Answer the n-th invented policy."""
    who, ends_at = townsfolk.person(SEED, n), FIRST_MATURITY + timedelta(days=n % 365)
    branch, solicitor = townsfolk.solicitor(SEED, n)
    return FeedRecord(
        number=PolicyNumber(f"{prefix}{n:09d}"),
        status=PolicyStatus.IN_FORCE,
        insurer_status="有効",
        starts_at=ends_at.replace(year=ends_at.year - 1),
        ends_at=ends_at,
        holder=PersonName(family=who.family, given=who.given, family_kana=who.family_kana, given_kana=who.given_kana),
        birth_date=who.born,
        phone=who.phone.replace("-", ""),
        email=who.email,
        vehicle=townsfolk.car(SEED, n).model,
        plate=townsfolk.plate(SEED, n),
        premium=Yen(40_000 + n % 60_000),
        next_premium=Yen(41_000 + n % 57_000),
        grade=6 + n % 15,
        auto_renewal=bool(n % 7 == 0),
        branch=branch,
        solicitor=solicitor,
    )


def policies(count: int) -> list[FeedRecord]:
    return [policy(n) for n in range(count)]


def agency(*insurers: InsurerCode, id_: str = "sakura", code: str = "S1001") -> Agency:
    access = {
        insurer: FeedAccess(insurer=insurer, agency=AgencyCode(code), secret=f"sandbox-{code}") for insurer in insurers
    }
    return Agency(
        id=id_,
        name="さくら保険サービス",
        contact=Contact(label=Text("さくら保険サービス", "Sakura")),
        appointments=tuple(Appointment(insurer=insurer, access=given) for insurer, given in access.items()),
    )


HANAKO = Agent(id="hanako", agency="sakura", name="募集 花子", role=AgentRole.AGENT, solicitors=("101",))


class PaperFeed:
    """Tells *records*, so many to a page. `trouble` is raised before the page with that number, once each."""

    def __init__(self, code: InsurerCode, records: Sequence[FeedRecord] = (), *, per_page: int = 100) -> None:
        self.code = code
        self.records = list(records)
        self.per_page = per_page
        self.kind = FeedKind.FULL
        self.as_of = MADE_AT
        self.flaws: tuple[Flaw, ...] = ()
        self.total: int | None = None
        self.trouble: dict[int, Exception] = {}
        self.asked: list[int] = []
        self.told: Callable[[FeedPage], FeedPage] = lambda page: page

    @property
    def manifest(self) -> Manifest:
        return replace(find(discover()[0]).MANIFEST, code=self.code, feed=TERMS)

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        """The cursor names the feed that it is of: another one has replaced it since."""
        made, start = (after or f"{self.as_of.isoformat()} 0").split()
        number = int(start) // self.per_page
        self.asked.append(number)
        if number in self.trouble:
            raise self.trouble.pop(number)
        if datetime.fromisoformat(made) != self.as_of:
            raise Expired(self.code)
        return self.told(self.page(int(start)))

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        """Tell the same of any file, a page for each of its bytes."""
        at = int(after.split()[0]) if after else 0
        page = self.told(self.page(at * self.per_page))
        return replace(page, after=f"{at + 1} bytes" if page.after else None)

    def page(self, start: int) -> FeedPage:
        end = min(start + self.per_page, len(self.records))
        last = end == len(self.records)
        return FeedPage(
            kind=self.kind,
            as_of=self.as_of,
            records=tuple(self.records[start:end]),
            lines=tuple(range(start + 1, end + 1)),
            flaws=self.flaws if last else (),
            after=None if last else f"{self.as_of.isoformat()} {end}",
            read=end,
            total=len(self.records) if self.total is None else self.total,
        )

    def next_day(self) -> None:
        self.as_of += DAILY


def as_insurer(feed: PaperFeed) -> Insurer:
    """Of an insurer, a reading of feeds asks nothing but these."""
    return cast(Insurer, feed)


def now() -> datetime:
    return datetime.now(UTC)
