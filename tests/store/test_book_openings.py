"""What waits for its insurer to open does so in rows, filters and counts alike, whatever else happens meanwhile."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.journeys.book import Books
from gateway.journeys.coming_open import ComingOpen
from gateway.store import Store
from gateway.vault import Keyring
from insurers.account import LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.book import Blocker, Entry, EntryFilter, EntryOrder, EntryStatus, Mark, opening
from insurers.identity import PolicyRef
from insurers.sandbox import TestClock
from tests.store.booked import AGENCY, MANAGER, fill, record
from tests.store.invented import ACME, NOW, link
from tests.store.test_book_writing import recounted

DRAWS, STEPS = 4, 25
AN_HOUR, A_MINUTE = timedelta(hours=1), timedelta(minutes=1)
TERMS = [record(f"A{n}", person=n, ends_at=NOW + timedelta(days=40 + n), branch=["01", None][n % 2]) for n in range(6)]
LINKED, ASKED = link(state=LinkState.LINKED), link(state=LinkState.CREDENTIALS_REJECTED)


class World:
    """A book of one customer's policies, and what is known of their openings besides."""

    def __init__(self, store: Store, keyring: Keyring, chance: random.Random) -> None:
        self.store = store
        self.keyring = keyring
        self.chance = chance
        self.clock = TestClock(NOW, frozen=True)
        self.coming = ComingOpen(store, self.clock)
        self.told: dict[str, datetime | None] = {}
        self.mandates = 0
        self.lets, self.linked = False, True

    async def begin(self) -> None:
        await fill(self.store, self.keyring, TERMS)
        async with self.store.work() as work:
            await work.links.put(LINKED)
            await work.known.note("c1", ACME, [term.number for term in TERMS], at=NOW)

    async def hear(self) -> None:
        """Let the insurer tell something of an opening, to the second."""
        number = self.chance.choice(TERMS).number
        seconds = self.chance.choice([None, *(self.chance.randrange(1, 20_000) for _ in range(3))])
        at = None if seconds is None else self.clock() + timedelta(seconds=seconds)
        self.told[str(number)] = at
        print_ = self.store.fingerprint(PolicyRef(ACME, number))
        async with self.store.work() as work:
            await work.known.hear(ACME, {print_: at}, at=self.clock())

    async def wait(self) -> None:
        self.clock.advance(timedelta(seconds=self.chance.randrange(60, 1_800)))

    async def let(self) -> None:
        """Let the customer grant or take back what the agency may do."""
        self.mandates, self.lets = self.mandates + 1, not self.lets
        async with self.store.work() as work:
            if self.lets:
                scopes = frozenset(ConsentScope)
                given = Mandate(
                    id=f"m{self.mandates}", agency=AGENCY, customer="c1", scopes=scopes, granted_at=self.clock()
                )
                await work.mandates.add(given)
            else:
                await work.mandates.revoke(f"m{self.mandates - 1}", self.clock())

    async def relink(self) -> None:
        self.linked = not self.linked
        async with self.store.work() as work:
            await work.links.put(replace(LINKED if self.linked else ASKED, updated_at=self.clock()))

    async def mark(self) -> None:
        async with self.store.work() as work:
            ids = [self.chance.randrange(1, len(TERMS) + 1)]
            await work.book.mark(AGENCY, ids, self.chance.choice([None, *Mark]), at=self.clock())

    async def tell(self) -> None:
        """Let a feed tell of a policy anew, or that it is gone."""
        term = self.chance.choice(TERMS)
        if self.chance.random() < 0.3:
            async with self.store.work() as work:
                await work.book.removed(AGENCY, [TERMS.index(term) + 1], self.clock())
        else:
            await fill(self.store, self.keyring, [replace(term, branch=self.chance.choice(["01", "02"]))])

    async def settle(self) -> None:
        while (due := await self.coming.due()) is not None and due <= self.clock():
            assert await self.coming.turn()

    def waits(self, entry: Entry) -> bool:
        """Whether an entry that nobody began waits for its insurer by all that is known."""
        at = self.told.get(str(entry.record.number))
        opens_at = opening(entry.record, at, self.clock())
        return self.lets and self.linked and opens_at is not None


async def shown(world: World, blocker: Blocker | None = None) -> Mapping[str, Entry]:
    books = Books(world.store, world.clock)
    wanted = EntryFilter(blockers=frozenset({blocker}) if blocker else None)
    page = await books.page(MANAGER, wanted, EntryOrder.DUE, descending=False, first=100, after=None, count=True)
    assert len(page.entries) == page.total
    return {entry.id: entry for entry in page.entries}


@pytest.mark.parametrize("seed", range(DRAWS))
async def test_rows_filters_and_counts_agree_whatever_happens(
    store: Store, keyring: Keyring, database: AsyncEngine, seed: int
) -> None:
    world = World(store, keyring, random.Random(seed))  # noqa: S311 - the same world each time
    await world.begin()
    await world.let()
    happenings = [*[world.hear] * 4, *[world.wait] * 2, world.let, world.relink, world.mark, world.tell]
    waited = 0

    for _ in range(STEPS):
        await world.chance.choice(happenings)()
        await world.settle()

        entries = await shown(world)
        for blocker in Blocker:
            assert await shown(world, blocker) == {i: one for i, one in entries.items() if one.blocker is blocker}
        summary = await Books(store, world.clock).summary(MANAGER, 100)
        assert Counter(entry.blocker for entry in entries.values()) == Counter(summary.by_blocker)
        kept, real = await recounted(database)
        assert real == kept
        for entry in entries.values():
            waiting = entry.blocker is Blocker.INSURER_CLOSED
            waited += waiting
            if entry.status is not EntryStatus.NOT_STARTED:
                assert not waiting
            elif waiting != world.waits(entry):
                # The book keeps minutes, and lets nobody in early.
                assert waiting
                assert entry.opens_at is not None
                assert world.clock() < entry.opens_at < world.clock() + A_MINUTE
    assert waited


async def test_a_policy_whose_term_has_yet_to_begin_waits_for_that(store: Store, keyring: Keyring) -> None:
    world = World(store, keyring, random.Random(0))  # noqa: S311 - nothing is drawn
    begins = NOW + AN_HOUR
    await world.begin()
    await world.let()
    await fill(store, keyring, [replace(TERMS[0], starts_at=begins)])
    async with store.work() as work:
        await work.book.restand("c1", NOW)

    before = (await shown(world))["1"]
    world.clock.set(begins)
    await world.settle()

    assert (Blocker.INSURER_CLOSED, begins) == (before.blocker, before.opens_at)
    assert Blocker.NOTHING is (await shown(world))["1"].blocker
