"""Books of any size, of the sandboxes' townsfolk, written through the store as a sync writes them."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from gateway.journeys.entering import Entering
from gateway.store import Store
from gateway.store.book_rows import BookRow, Circumstance
from gateway.vault import Keyring
from insurers import townsfolk
from insurers.book import Mark, Reach, RunState
from insurers.feed import FeedRecord, FeedSource
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.renewal import RenewalState

SEED = 6
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=TOKYO)
SMALL, LARGE = "sakura", "hinode"
# The second one insures every second customer of the first.
INSURERS = (InsurerCode("ichibanchi_kasai"), InsurerCode("nibanchi_songai"))
ROWS_AT_ONCE = 5_000
LEASE_SECONDS = 3_600.0
YEAR_DAYS = 365

# Of a hundred entries, so many are linked, or further than that; of a feed's records, so many are over.
_STANDING = {
    0: Circumstance(maturity=NOW, reach=Reach.OPEN),
    1: Circumstance(maturity=NOW, reach=Reach.OPEN, state=RenewalState.IN_PROGRESS),
    2: Circumstance(maturity=NOW, reach=Reach.PASSCODE),
    3: Circumstance(maturity=NOW, reach=Reach.OPEN, state=RenewalState.ACCEPTED),
    4: Circumstance(maturity=NOW, mark=Mark.DONE_ELSEWHERE),
}
_RARE = {
    0: Circumstance(maturity=NOW, reach=Reach.OPEN, state=RenewalState.QUEUED),
    1: Circumstance(maturity=NOW, reach=Reach.OPEN, state=RenewalState.UNCONFIRMED),
    2: Circumstance(maturity=NOW, reach=Reach.OPEN, state=RenewalState.READY),
    3: Circumstance(maturity=NOW, mark=Mark.REFERRED),
}
_STATUS = {5: PolicyStatus.RENEWED, 6: PolicyStatus.RENEWED, 7: PolicyStatus.CANCELLED}


def records(agency: int, position: int, policies: int) -> Iterator[FeedRecord]:
    """Tell of so many policies of one agency at the insurer of this position."""
    for place in range(policies):
        n = agency * 10_000_000 + place * (position + 1)
        person = townsfolk.person(SEED, n)
        chance = townsfolk.draw(SEED, n, 10 + position)
        matures = townsfolk.day(SEED + position, n, NOW.date() - timedelta(days=10), YEAR_DAYS)
        ends_at = datetime.combine(matures, datetime.min.time().replace(hour=16), TOKYO)
        premium = 30_000 + chance % 7_000 * 10
        # An insurer reckons the next premium when the term is about to end.
        soon = matures - NOW.date() < timedelta(days=90)
        branch, solicitor = townsfolk.solicitor(SEED, n)
        yield FeedRecord(
            number=PolicyNumber(f"{'AB'[position]}{n:09d}"),
            status=_STATUS.get(chance % 100, PolicyStatus.IN_FORCE),
            insurer_status="有効",
            starts_at=ends_at - timedelta(days=YEAR_DAYS),
            ends_at=ends_at,
            holder=PersonName(
                family=person.family,
                given=person.given,
                family_kana=person.family_kana,
                given_kana=person.given_kana,
            ),
            birth_date=person.born,
            phone=person.phone,
            email=person.email,
            vehicle=townsfolk.car(SEED, n).model,
            plate=townsfolk.plate(SEED, n + position * townsfolk.ANOTHER_CAR),
            premium=Yen(premium),
            next_premium=Yen(premium + chance % 401 * 50 - 8_000) if soon else None,
            grade=6 + chance % 15,
            branch=branch,
            solicitor=solicitor,
        )


def circumstance(record: FeedRecord) -> Circumstance:
    chance = townsfolk.draw(SEED, int(record.number.text[1:]), 20)
    about = _RARE.get(chance % 2_000) or _STANDING.get(chance % 100)
    return replace(about, maturity=record.ends_at) if about else Circumstance(maturity=record.ends_at)


async def build(store: Store, keyring: Keyring, policies: int) -> float:
    """Build a book of so many policies, and answer how many seconds of our own work the writing alone took."""
    seconds = 0.0
    for number, (agency, share) in enumerate([(SMALL, policies // 10), (LARGE, policies - policies // 10)]):
        for position, insurer in enumerate(INSURERS):
            wanted = share - share // 3 if position == 0 else share // 3
            seconds += await _fill(store, keyring, agency, insurer, records(number, position, wanted))
    return seconds


async def _fill(store: Store, keyring: Keyring, agency: str, insurer: InsurerCode, told: Iterator[FeedRecord]) -> float:
    entering = Entering(keyring, agency, insurer, {})
    async with store.work() as work:
        begun = await work.feeds.begin(agency, insurer, FeedSource.AGENCY_FILE, at=NOW)
        assert begun is not None
        running = await work.feeds.claim(NOW, lease_seconds=LEASE_SECONDS, insurer=insurer)
        assert running is not None
    seconds = 0.0
    rows: list[BookRow] = []
    for record in told:
        rows.append(entering.row(record, entering.stub(record), None, circumstance(record)))
        if len(rows) == ROWS_AT_ONCE:
            seconds += await _write(store, agency, insurer, rows, running.number)
            rows = []
    seconds += await _write(store, agency, insurer, rows, running.number)
    async with store.work() as work:
        over = replace(begun, state=RunState.DONE, as_of=NOW, ended_at=NOW, due_at=None)
        await work.feeds.save(over, held=running.lease, lease=None)
    return seconds


async def _write(store: Store, agency: str, insurer: InsurerCode, rows: list[BookRow], run: int) -> float:
    begun = time.process_time()
    async with store.work() as work:
        await work.book.known(agency, insurer, [row.policy for row in rows])
        await work.book.write(agency, insurer, rows, run=run)
    return time.process_time() - begun
