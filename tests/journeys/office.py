"""An agency with a book of its own, without any insurer: the store, the post, the chores, and one clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from gateway import events
from gateway import store as stores
from gateway.application import node_ids
from gateway.chores import Chore
from gateway.correspondence import Correspondence
from gateway.journeys.entering import Entering
from gateway.journeys.orders import Orders
from gateway.settings import Settings, read
from gateway.store import Store
from gateway.store.book_rows import Circumstance
from gateway.vault import Keyring
from insurers.agency import Agency, Agent, AgentRole, Appointment, Branch
from insurers.contact import Contact
from insurers.feed import FeedAccess, FeedRecord, FeedSource
from insurers.hours import TOKYO
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.panel import discover, find
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.sandbox import TestClock
from insurers.text import Text
from tests.journeys import mail_server
from tests.journeys.mail_server import MailServer

CANCELLED = PolicyStatus.CANCELLED

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)
DAY = timedelta(days=1)

INSURERS = discover()
INSURER = INSURERS[0]

SAKURA = Agency(
    id="sakura",
    name="さくら保険サービス",
    contact=Contact(label=Text("代理店", "Agency"), phone="03-0000-1001", hours="平日 9:00～18:00"),
    branches=(Branch(code="01", name="本店"), Branch(code="02", name="駅前支店")),
    appointments=tuple(
        Appointment(insurer=code, access=FeedAccess(insurer=code, agency=AgencyCode("S1001"), secret="x"))
        for code in INSURERS
    ),
)
HANAKO = Agent(id="hanako", agency="sakura", name="募集 花子", role=AgentRole.AGENT, branch="01")
JIRO = Agent(id="jiro", agency="sakura", name="支店 次郎", role=AgentRole.AGENT, branch="02")
ICHIRO = Agent(id="ichiro", agency="sakura", name="店長 一郎", role=AgentRole.MANAGER)


def policy(number: str, ends: datetime, **changes: object) -> FeedRecord:
    """A policy of an invented person, whose mail address has its number."""
    known = FeedRecord(
        number=PolicyNumber(number),
        status=PolicyStatus.IN_FORCE,
        insurer_status=None,
        starts_at=ends.replace(year=ends.year - 1),
        ends_at=ends,
        holder=PersonName(family="見本", given="一", family_kana="ミホン", given_kana="ハジメ"),
        email=f"{number.lower()}@customer.example",
        vehicle="アクア",
        premium=Yen(52_000),
        branch="01",
    )
    return replace(known, **changes)


def matures(days: int, hour: int = 16) -> datetime:
    """The end of a term so many days after the Friday on which the clock begins."""
    return (FRIDAY + timedelta(days=days)).replace(hour=hour, minute=0)


class Death(Exception):
    """A process died where it looked at its clock."""


class Mortal:
    """A clock at which whoever looks dies, once it was looked at so often."""

    def __init__(self, clock: TestClock) -> None:
        self._clock = clock
        self.looks: int | None = None

    def __call__(self) -> datetime:
        if self.looks is not None:
            self.looks -= 1
            if self.looks < 0:
                self.looks = None
                raise Death
        return self._clock()


@dataclass
class Office:
    """`clock` moves, and `mortal` is the same one as those see it who work here."""

    store: Store
    keyring: Keyring
    clock: TestClock
    mortal: Mortal
    mails: MailServer
    writing: Correspondence

    async def enter(
        self, records: Sequence[FeedRecord], *, insurer: InsurerCode = INSURER, agency: str = SAKURA.id
    ) -> None:
        """Let a feed tell of these for the first time."""
        entering = Entering(self.keyring, agency, insurer, {})
        async with self.store.work() as work:
            run = await work.feeds.begin(agency, insurer, FeedSource.AGENCY_FILE, at=self.clock())
            assert run is not None
            maturities = {record.number: record.ends_at for record in records}
            known = await work.book.circumstances(agency, insurer, maturities, self.clock())
            rows = [
                entering.row(
                    record,
                    entering.stub(record),
                    None,
                    known.get(record.number, Circumstance(maturity=record.ends_at)),
                )
                for record in records
            ]
            await work.book.write(agency, insurer, rows, run=1)

    async def ids(self) -> dict[str, str]:
        """The id of each entry by its policy's number, in whatever state."""
        async with self.store.reading() as work:
            found = await work.book.entries([str(number) for number in range(1, 500)])
        return {entry.record.number.text: entry.id for entry in found.values()}

    async def turn(self) -> int:
        """Let every chore do what is due, until none is."""
        done = 0
        while more := sum([await self._turned(chore) for chore in self.writing.chores]):
            done += more
        return done

    async def _turned(self, chore: Chore) -> int:
        due = await chore.due()
        return await chore.turn() if due is not None and due <= self.clock() else 0


def settings(url: str, folder: Path, mails: MailServer) -> Settings:
    return read(
        data_folder=folder,
        database_url=url,
        environment="test",
        smtp_host="127.0.0.1",
        smtp_port=mails.port,
        mail_sender="tabane@gateway.example",
        customer_url="https://customers.example",
    )


@asynccontextmanager
async def opened(url: str, folder: Path, *, keyring: Keyring | None = None) -> AsyncIterator[Office]:
    """Open an office on this database; with the *keyring* of another one, what that one kept is found."""
    clock, keys = TestClock(FRIDAY, frozen=True), keyring or Keyring.fresh()
    async with (
        mail_server.serve(clock) as mails,
        events.opened(url) as bus,
        stores.opened(url, keyring=keys, bus=bus) as store,
    ):
        async with store.work() as work:
            await work.agencies.replace([SAKURA], [HANAKO, JIRO, ICHIRO])
        manifests = {code: find(code).MANIFEST for code in INSURERS}
        mortal = Mortal(clock)
        orders = Orders(store, mortal)
        writing = Correspondence(
            store, mortal, orders, settings(url, folder, mails), keys, node_ids(keys), manifests, lambda: 0.5
        )
        yield Office(store, keys, clock, mortal, mails, writing)
        await orders.drain()
