"""What is written in a book, and by whom: feeds, our own renewals, consents and agents."""

from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.journeys.book import Books
from gateway.store import LeaseLost, Store
from gateway.store.book_rows import Changed
from gateway.store.book_tables import PRESENT, book_entries, book_totals
from gateway.vault import Keyring, fresh_key
from insurers.account import LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.book import Blocker, ChangeKind, Entry, EntryFilter, EntryOrder, EntryStatus, FieldChange, Mark, Note
from insurers.feed import FeedSource, Flaw, FlawKind
from insurers.policy import PolicyStatus
from insurers.renewal import RenewalState
from insurers.text import Text
from tests.store.booked import AGENCY, LEASE_SECONDS, MANAGER, begin, end, fill, record, row, tell
from tests.store.invented import ACME, MATURITY, NOW, REF, link, renewal

S, B = EntryStatus, Blocker
TERM = record(str(REF.number), ends_at=MATURITY)
MANDATE = Mandate(id="c1", agency=AGENCY, customer="c1", scopes=frozenset(ConsentScope), granted_at=NOW)


async def entry(store: Store, entry_id: str = "1") -> Entry:
    async with store.reading() as work:
        return (await work.book.entries([entry_id]))[entry_id]


async def stands(store: Store, entry_id: str = "1") -> tuple[EntryStatus, Blocker]:
    found = await entry(store, entry_id)
    return found.status, found.blocker


async def recounted(database: AsyncEngine) -> tuple[Counter[object], Counter[object]]:
    """The counts as every write keeps them, and as they are."""
    entry, total = book_entries.c, book_totals.c
    kinds = (func.coalesce(entry.branch, ""), entry.insurer, entry.status, entry.blocker)
    async with database.connect() as connection:
        real = await connection.execute(select(*kinds, func.count()).where(PRESENT).group_by(*kinds))
        kept = await connection.execute(
            select(total.branch, total.insurer, total.status, total.blocker, total.entries).where(total.entries != 0)
        )
        return Counter({tuple(found[:4]): found[4] for found in kept}), Counter(
            {tuple(found[:4]): found[4] for found in real}
        )


async def linked(store: Store, state: LinkState) -> None:
    """Let the customer's account prove whose policy it is, and the customer let the agency act."""
    async with store.work() as work:
        await work.links.put(link(state=state))
        await work.known.note("c1", ACME, [REF.number], at=NOW)
        await work.mandates.add(MANDATE)
        await work.book.restand("c1", NOW)


async def test_a_feed_that_tells_nothing_new_is_known_again(store: Store, keyring: Keyring) -> None:
    told = [record(f"A{n}") for n in range(3)]
    rows = [row(keyring, one) for one in told]
    first = await fill(store, keyring, told)

    async with store.work() as work:
        known = await work.book.known(AGENCY, ACME, [one.policy for one in rows])
        running = await begin(work)
        await work.book.seen([found.id for found in known.values()][:2], run=running.number)
        counted = await work.book.unseen(AGENCY, ACME, number=running.number)

    assert {one.policy: one.digest for one in rows} == {policy: found.digest for policy, found in known.items()}
    assert {first.number} == {found.seen for found in known.values()}
    assert (3, 1) == counted


async def test_the_counts_are_always_those_of_a_recount(store: Store, keyring: Keyring, database: AsyncEngine) -> None:
    told = [record(f"A{n}", branch=["01", None][n % 2]) for n in range(6)]
    await fill(store, keyring, told)
    await fill(store, keyring, [replace(told[0], branch="02"), replace(told[1], status=PolicyStatus.RENEWED)])
    async with store.work() as work:
        await work.book.mark(AGENCY, [3, 4], Mark.DONE_ELSEWHERE, at=NOW)
        await work.book.removed(AGENCY, [4, 5], NOW)
        await work.book.mark(AGENCY, [5], Mark.REFERRED, at=NOW)
    await fill(store, keyring, [told[4]])

    kept, real = await recounted(database)

    assert real == kept
    assert 5 == sum(kept.values())


async def test_an_entry_follows_our_renewal_of_its_term_and_of_no_other(store: Store, keyring: Keyring) -> None:
    await fill(store, keyring, [TERM])
    await linked(store, LinkState.LINKED)
    heard = []
    async with store.work() as work:
        await work.renewals.add(renewal(state=RenewalState.QUEUED), due_at=None)
    heard.append(await stands(store))
    renewing = (await entry(store)).renewal
    for version, state in enumerate((RenewalState.UNCONFIRMED, RenewalState.ACCEPTED), start=2):
        async with store.work() as work:
            await work.renewals.save(renewal(state=state, version=version), was=version - 1, due_at=None)
        heard.append(await stands(store))
    async with store.work() as work:
        await work.book.follow(renewal(state=RenewalState.LAPSED, maturity=MATURITY + timedelta(days=365)))
    heard.append(await stands(store))

    assert "r1" == renewing
    assert [
        (S.QUEUED, B.INSURER_CLOSED),
        (S.UNCONFIRMED, B.OUTCOME_UNCONFIRMED),
        (S.ACCEPTED, B.NOTHING),
        (S.ACCEPTED, B.NOTHING),
    ] == heard


async def test_a_policy_that_is_new_in_a_feed_stands_as_what_is_known_of_it_says(
    store: Store, keyring: Keyring
) -> None:
    await linked(store, LinkState.LINKED)
    async with store.work() as work:
        await work.renewals.add(renewal(state=RenewalState.READY), due_at=None)

    async with store.work() as work:
        numbers = {REF.number: MATURITY, record("A1").number: MATURITY}
        about = await work.book.circumstances(AGENCY, ACME, numbers, NOW)
        running = await begin(work)
        rows = [row(keyring, TERM, circumstance=about[REF.number])]
        await work.book.write(AGENCY, ACME, rows, run=running.number)

    assert [REF.number] == list(about)
    assert (S.READY, B.NOTHING) == await stands(store)
    assert "c1" == (await entry(store)).customer


@pytest.mark.parametrize(
    ("state", "blocker"),
    [(LinkState.LINKED, B.NOTHING), (LinkState.CREDENTIALS_REJECTED, B.WAITING_FOR_PASSCODE)],
)
async def test_what_a_customer_lets_the_agency_do_decides_what_is_in_the_way(
    store: Store, keyring: Keyring, state: LinkState, blocker: Blocker
) -> None:
    await fill(store, keyring, [TERM, record("A1")])
    heard = [await stands(store)]
    await linked(store, state)
    heard.append(await stands(store))
    async with store.work() as work:
        await work.mandates.revoke("c1", NOW)
        await work.book.restand("c1", NOW)
    heard.append(await stands(store))

    assert [(S.NOT_STARTED, B.NOT_LINKED), (S.NOT_STARTED, blocker), (S.NOT_STARTED, B.NOT_LINKED)] == heard
    assert (S.NOT_STARTED, B.NOT_LINKED) == await stands(store, "2")


async def test_whom_a_full_feed_does_not_tell_of_is_marked_and_comes_back(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    told = [record(f"A{n}") for n in range(5)]
    await fill(store, keyring, told)
    async with store.work() as work:
        running = await begin(work)
        await tell(work, keyring, told[:3], running)
        after: bytes | None = b""
        vanished = 0
        while after is not None:
            found, after = await work.book.vanished(
                AGENCY, ACME, number=running.number, run=running.run.id, at=NOW, after=after, limit=2
            )
            vanished += found
        await end(work, running)

    async def numbers(wanted: EntryFilter) -> list[str]:
        page = await books.page(MANAGER, wanted, EntryOrder.DUE, descending=False, first=9, after=None, count=False)
        return sorted(one.record.number.text for one in page.entries)

    assert (2, ["A3", "A4"]) == (vanished, await numbers(EntryFilter(gone=True)))
    changes, _ = (await books.changes(MANAGER, ["4"], first=5, before=None))["4"]
    assert [ChangeKind.VANISHED] == [change.kind for change in changes]
    await fill(store, keyring, told[3:4])
    assert ["A0", "A1", "A2", "A3"] == await numbers(EntryFilter())


async def test_a_holder_is_given_to_an_agent_with_all_entries_of_now_and_later(store: Store, keyring: Keyring) -> None:
    await fill(store, keyring, [record("A1"), record("A2"), record("A3", person=1)])
    person = (await entry(store)).person
    async with store.work() as work:
        await work.book.assign(AGENCY, [bytes.fromhex(person)], "a1")
    await fill(store, keyring, [record("A4"), record("A2", change=5)])

    assignees = {number: (await entry(store, str(number))).assignee for number in range(1, 5)}

    assert {1: "a1", 2: "a1", 3: None, 4: "a1"} == assignees


async def test_what_changed_and_what_was_noted_is_told_newest_first(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    running = await fill(store, keyring, [record("A1")])
    mark = (await books.since(MANAGER, None, first=5)).mark
    async with store.work() as work:
        for text in ("一", "二", "三"):
            fields = (FieldChange(field="vehicle", before=None, after=text),)
            changed = [Changed(entry=1, kind=ChangeKind.CHANGED, fields=fields)]
            await work.book.changed(AGENCY, changed, run=running.run.id, at=NOW)
            note = Note(id="", entry="1", author="a1", author_name="募集 花子", at=NOW, text=text)
            await work.book.note(AGENCY, note)

    notes, more = (await books.notes(MANAGER, ["1"], first=2, before=None))["1"]
    changes, _ = (await books.changes(MANAGER, ["1"], first=2, before=None))["1"]
    older, last = (await books.notes(MANAGER, ["1"], first=2, before=notes[-1].id))["1"]
    news = await books.since(MANAGER, mark, first=5)

    assert (["三", "二"], True) == ([note.text for note in notes], more)
    assert ["三", "二"] == [change.fields[0].after for change in changes]
    assert (["一"], False) == ([note.text for note in older], last)
    assert ["1"] == [one.id for one in news.entries]
    assert () == (await books.since(MANAGER, news.mark, first=5)).entries


async def test_one_feed_is_read_once_at_a_time_and_who_lost_it_writes_nothing(store: Store, keyring: Keyring) -> None:
    later = NOW + timedelta(seconds=2 * LEASE_SECONDS)
    async with store.work() as work:
        running = await begin(work)
        assert None is await work.feeds.begin(AGENCY, ACME, FeedSource.AGENCY_FILE, at=NOW)
        assert None is await work.feeds.claim(NOW, lease_seconds=LEASE_SECONDS, insurer=ACME)
    async with store.work() as work:
        taken = await work.feeds.claim(later, lease_seconds=LEASE_SECONDS, insurer=ACME)
        assert taken is not None

    async def written_by_the_first() -> None:
        async with store.work() as work:
            await work.book.write(AGENCY, ACME, [row(keyring, record("A1"))], run=running.number)
            await work.feeds.held(running)

    with pytest.raises(LeaseLost):
        await written_by_the_first()
    async with store.work() as work:
        assert {} == await work.book.known(AGENCY, ACME, [row(keyring, record("A1")).policy])
        await end(work, taken)
        assert await work.feeds.begin(AGENCY, ACME, FeedSource.AGENCY_FILE, at=later)


async def test_flaws_are_kept_by_their_lines(store: Store) -> None:
    flaws = [Flaw(line=line, kind=FlawKind.TRUNCATED, reason=Text("短い", "Short")) for line in (2, 5, 9)]
    async with store.work() as work:
        running = await begin(work)
        await work.feeds.flaw(running.run.id, [*flaws, flaws[0]])

    books = Books(store, lambda: NOW)
    assert (flaws[1:2], True) == await books.flaws(MANAGER, running.run.id, first=1, after=2)
    assert ((), False) == await books.flaws(replace(MANAGER, agency="hinode"), running.run.id, first=1, after=2)


async def test_a_book_is_sealed_again_page_by_page_and_opens_under_the_new_key_alone(database_url: str) -> None:
    old, new = fresh_key(1), fresh_key(2)
    ring = Keyring.parse(old)
    async with stores.opened(database_url, keyring=ring) as store:
        await fill(store, ring, [record(f"A{n}") for n in range(5)])

    async with stores.opened(database_url, keyring=Keyring.parse(f"{new},{old}")) as store:
        pages = [await store.reseal(limit=2) for _ in range(4)]
        sealed = await store.sealed()

    # A run of the feed is sealed, too.
    assert ([2, 2, 2, 0], {2: 6}) == (pages, sealed)
    async with stores.opened(database_url, keyring=Keyring.parse(new)) as store:
        assert "A4" == (await entry(store, "5")).record.number.text
