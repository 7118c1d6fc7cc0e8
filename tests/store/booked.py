"""Books of invented policies, written as a feed writes them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from gateway.journeys.entering import Entering
from gateway.store import Store, Work
from gateway.store.book_rows import BookRow, Circumstance
from gateway.store.feeds import Running
from gateway.vault import Keyring
from insurers.agency import Agent, AgentRole
from insurers.book import FeedRun, RunState
from insurers.feed import FeedRecord, FeedSource
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from tests.store.invented import ACME, NOW

AGENCY = "sakura"
LEASE_SECONDS = 60.0

MANAGER = Agent(id="m1", agency=AGENCY, name="店長 一郎", role=AgentRole.MANAGER)
CLERK = Agent(id="a1", agency=AGENCY, name="募集 花子", role=AgentRole.AGENT, branch="01")
STRANGER = Agent(id="x1", agency="hinode", name="日の出 光", role=AgentRole.MANAGER)

NAMES = [
    ("山田", "太郎", "ヤマダ", "タロウ"),
    ("山田", "花子", "ヤマダ", "ハナコ"),
    ("羽田", "健", "ハタ", "ケン"),
    ("羽田", "圭", "ハダ", "ケイ"),
    ("畑家", "愛", "ハタケ", "アイ"),
    ("小山", "大空", "オヤマ", "オオゾラ"),
]


def record(
    number: str,
    *,
    person: int = 0,
    ends_at: datetime = datetime(2026, 12, 31, 16, 0, tzinfo=TOKYO),
    branch: str | None = "01",
    change: int | None = 1_000,
    serial: int = 1234,
    status: PolicyStatus = PolicyStatus.IN_FORCE,
) -> FeedRecord:
    family, given, family_kana, given_kana = NAMES[person % len(NAMES)]
    return FeedRecord(
        number=PolicyNumber(number),
        status=status,
        insurer_status="有効",
        starts_at=ends_at - timedelta(days=365),
        ends_at=ends_at,
        holder=PersonName(family=family, given=given, family_kana=family_kana, given_kana=given_kana),
        birth_date=date(1960, 1, 1) + timedelta(days=person),
        plate=f"架空 500 あ {serial}",
        premium=Yen(60_000),
        next_premium=None if change is None else Yen(60_000 + change),
        branch=branch,
    )


def row(
    keyring: Keyring,
    told: FeedRecord,
    *,
    agency: str = AGENCY,
    insurer: InsurerCode = ACME,
    id_: int | None = None,
    circumstance: Circumstance | None = None,
) -> BookRow:
    entering = Entering(keyring, agency, insurer, {})
    return entering.row(told, entering.stub(told), id_, circumstance or Circumstance(maturity=told.ends_at))


async def begin(work: Work, *, agency: str = AGENCY, insurer: InsurerCode = ACME, at: datetime = NOW) -> Running:
    """Begin a reading of a feed, and take it on."""
    run = await work.feeds.begin(agency, insurer, FeedSource.AGENCY_FILE, at=at)
    assert run is not None
    running = await work.feeds.claim(at, lease_seconds=LEASE_SECONDS, insurer=insurer, run=run.id)
    assert running is not None
    return running


async def end(work: Work, running: Running) -> FeedRun:
    run = replace(running.run, state=RunState.DONE, ended_at=NOW, as_of=NOW, due_at=None)
    await work.feeds.save(run, held=running.lease, lease=None)
    return run


async def fill(
    store: Store,
    keyring: Keyring,
    records: Iterable[FeedRecord],
    *,
    agency: str = AGENCY,
    insurer: InsurerCode = ACME,
) -> Running:
    """Write these into a book as a feed does that tells of them first or anew."""
    async with store.work() as work:
        running = await begin(work, agency=agency, insurer=insurer)
        told = list(records)
        await tell(work, keyring, told, running)
        await end(work, running)
    return running


async def tell(work: Work, keyring: Keyring, records: Sequence[FeedRecord], running: Running) -> None:
    agency, insurer = running.run.agency, running.run.insurer
    entering = Entering(keyring, agency, insurer, {})
    stubs = [entering.stub(told) for told in records]
    known = await work.book.known(agency, insurer, [stub.policy for stub in stubs])
    stored = await work.book.stored([found.id for found in known.values()])
    rows = []
    for told, stub in zip(records, stubs, strict=True):
        found = known.get(stub.policy)
        before = stored[found.id].circumstance if found else Circumstance(maturity=told.ends_at)
        rows.append(entering.row(told, stub, found.id if found else None, before))
    await work.book.write(agency, insurer, rows, run=running.number)
