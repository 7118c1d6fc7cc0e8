"""What an agency sees of our own renewals in its book, and what an agent of a branch sees and moves there."""

from datetime import timedelta

from msgspec.structs import replace

from gateway.journeys.book import Books
from gateway.store import Store
from gateway.vault import Keyring
from insurers.account import LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.book import Blocker, BookList, EntryFilter, EntryOrder, EntryStatus
from insurers.renewal import RenewalState
from insurers.telling import EventKind, Webhook, WebhookState
from tests.store.booked import AGENCY, CLERK, MANAGER, fill, record
from tests.store.invented import ACME, MATURITY, NOW, REF, link, renewal

S, B = EntryStatus, Blocker
TERM = record(str(REF.number), ends_at=MATURITY)
JIRO = replace(CLERK, id="a2", name="支店 次郎", branch="02")
ALL = frozenset(ConsentScope)
HOOK = Webhook(
    id="h1",
    agency=AGENCY,
    url="https://agency.example/",
    kinds=(EventKind.RENEWAL_CHANGED,),
    state=WebhookState.ACTIVE,
    created_at=NOW,
    secret="whsec_AAAA",
)


def mandate(id_: str, *scopes: ConsentScope, hours: int | None = None) -> Mandate:
    expires = None if hours is None else NOW + timedelta(hours=hours)
    return Mandate(
        id=id_, agency=AGENCY, customer="c1", scopes=frozenset(scopes) or ALL, granted_at=NOW, expires_at=expires
    )


async def linked(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link(state=LinkState.LINKED))
        await work.known.note("c1", ACME, [REF.number], at=NOW)


async def seen(store: Store, list_: BookList | None = None) -> list[tuple[EntryStatus, Blocker]]:
    books = Books(store, lambda: MATURITY + timedelta(days=3))
    wanted = EntryFilter(listed=list_)
    page = await books.page(MANAGER, wanted, EntryOrder.DUE, descending=False, first=9, after=None, count=False)
    return [(entry.status, entry.blocker) for entry in page.entries]


async def told(store: Store) -> tuple[int, int]:
    """How often the book moved, and what a webhook of the agency's is owed."""
    async with store.reading() as work:
        return await work.book.moved(AGENCY), len(await work.webhooks.deliveries("h1", first=9, before=None))


async def test_a_renewal_is_to_be_seen_in_a_book_while_its_customer_lets_the_agency_read(
    store: Store, keyring: Keyring
) -> None:
    await fill(store, keyring, [TERM])
    await linked(store)
    async with store.work() as work:
        await work.webhooks.add(HOOK)
    before = await told(store)
    async with store.work() as work:
        await work.renewals.add(renewal(state=RenewalState.READY), due_at=None)
    await fill(store, keyring, [replace(TERM, vehicle="別の車")])
    unseen, after = await seen(store), await told(store)

    heard: list[tuple[EntryStatus, Blocker]] = []
    for scopes in ([ConsentScope.PREPARE_RENEWAL], [ConsentScope.READ_POLICIES], sorted(ALL)):
        async with store.work() as work:
            await work.mandates.add(mandate(f"m{len(heard)}", *scopes))
        heard.append((await seen(store))[0])
        async with store.work() as work:
            await work.mandates.revoke(f"m{len(heard) - 1}", NOW)
        assert unseen == await seen(store)

    assert [(S.NOT_STARTED, B.NOT_LINKED)] == unseen
    assert (before[0] + 1, before[1]) == after
    assert [(S.NOT_STARTED, B.NOTHING), (S.READY, B.NOT_LINKED), (S.READY, B.NOTHING)] == heard


async def test_a_renewal_is_out_of_a_book_when_the_consent_has_run_out(store: Store, keyring: Keyring) -> None:
    await linked(store)
    async with store.work() as work:
        await work.mandates.add(mandate("m1", hours=1))
        await work.renewals.add(renewal(state=RenewalState.READY), due_at=None)
        about = await work.book.circumstances(AGENCY, ACME, {REF.number: MATURITY}, NOW)
        later = await work.book.circumstances(AGENCY, ACME, {REF.number: MATURITY}, NOW + timedelta(hours=1))
    await fill(store, keyring, [TERM])
    async with store.work() as work:
        await work.book.restand("c1", NOW)
    heard = await seen(store)
    async with store.work() as work:
        await work.mandates.expire(NOW + timedelta(hours=1))

    assert RenewalState.READY is about[REF.number].state
    assert {} == later
    assert [(S.READY, B.NOTHING)] == heard
    assert [(S.NOT_STARTED, B.NOT_LINKED)] == await seen(store)


async def test_what_lapsed_with_nothing_sent_stays_in_the_list_of_expired_ones_whatever_is_consented(
    store: Store, keyring: Keyring
) -> None:
    await fill(store, keyring, [TERM])
    await linked(store)
    async with store.work() as work:
        await work.mandates.add(mandate("m1"))
        await work.renewals.add(renewal(state=RenewalState.READY), due_at=None)
    async with store.work() as work:
        await work.renewals.save(renewal(state=RenewalState.LAPSED, version=2), was=1, due_at=None)
    heard = [await seen(store, BookList.EXPIRED)]
    for step in ("link", "consent"):
        async with store.work() as work:
            await (work.links.delete("l1", at=NOW) if step == "link" else work.mandates.revoke("m1", NOW))
        heard.append(await seen(store, BookList.EXPIRED))

    assert [[(S.LAPSED, B.NEEDS_AGENCY)], [(S.LAPSED, B.NEEDS_AGENCY)], [(S.NOT_STARTED, B.NOT_LINKED)]] == heard


async def test_a_holder_is_given_to_an_agent_within_a_branch_or_everywhere(store: Store, keyring: Keyring) -> None:
    await fill(store, keyring, [record("A1"), record("A2", branch="02"), record("A3", branch="02")])
    async with store.reading() as work:
        entries = await work.book.entries(["1", "2", "3"])
    person = bytes.fromhex(entries["1"].person)

    async def assignees() -> list[str | None]:
        async with store.reading() as work:
            found = await work.book.entries([str(n) for n in range(1, 6)])
        return [found[id_].assignee for id_ in sorted(found)]

    async with store.work() as work:
        moved = [await work.book.assign(AGENCY, [person], "a1", branch="01")]
        moved += [await work.book.assign(AGENCY, [person], "a2", branch="02")]
    heard = [await assignees()]
    await fill(store, keyring, [record("A4"), record("A3", branch="01"), record("A5", branch="03")])
    heard += [await assignees()]
    async with store.work() as work:
        moved += [await work.book.assign(AGENCY, [person], "m1")]
        moved += [await work.book.assign(AGENCY, [person], None, branch="02")]
    await fill(store, keyring, [record("A2", branch="02", change=7), record("A5", branch="02")])
    heard += [await assignees()]

    assert [[1], [2, 3], [1, 2, 3, 4, 5], [2]] == moved
    assert [["a1", "a2", "a2"], ["a1", "a2", "a1", "a1", None], ["m1", None, "m1", "m1", None]] == heard


async def test_an_entry_that_went_to_another_branch_is_told_to_have_left(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await fill(store, keyring, [record("A1"), record("A2"), record("A3", branch="02")])
    mark = (await books.since(CLERK, None, first=9)).mark
    await fill(store, keyring, [record("A1", branch="02"), record("A2", change=2), record("A3", branch="02", change=2)])

    hers, his = await books.since(CLERK, mark, first=9), await books.since(JIRO, mark, first=9)
    some = await books.since(CLERK, mark, first=1)
    all_ = await books.since(MANAGER, mark, first=9)
    await fill(store, keyring, [record("A1", branch="02", change=3)])
    later = await books.since(CLERK, hers.mark, first=9)

    assert (["2"], ("1",), False) == ([one.id for one in hers.entries], hers.left, hers.more)
    assert (["1", "3"], ()) == ([one.id for one in his.entries], his.left)
    assert (1, True) == (len(some.entries) + len(some.left), some.more)
    assert (["1", "2", "3"], ()) == ([one.id for one in all_.entries], all_.left)
    assert ((), ()) == (later.entries, later.left)
