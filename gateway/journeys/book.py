"""The book as an agent reads it: each question sees one moment of it."""

from collections.abc import Mapping, Sequence

from gateway.store import Store
from gateway.store.book_bounds import position
from insurers.agency import Agent, ConsentScope, Mandate
from insurers.book import (
    BookSummary,
    Entry,
    EntryChange,
    EntryFilter,
    EntryOrder,
    EntryPage,
    Holder,
    HolderPage,
    Note,
)
from insurers.feed import Flaw
from insurers.panel import Clock
from insurers.renewal import Renewal
from schema.agency_ports import BookNews, FeedsOf


class Books:
    """See `schema.agency_ports.BookDesk`."""

    def __init__(self, kept: Store, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    async def page(
        self,
        agent: Agent,
        wanted: EntryFilter,
        order: EntryOrder,
        *,
        descending: bool,
        first: int,
        after: str | None,
        count: bool,
    ) -> EntryPage:
        now = self._clock()
        async with self._kept.reading() as work:
            page = await work.book.page(
                agent, wanted, order, descending=descending, first=first + 1, after=after, now=now
            )
            total = await work.book.total(agent, wanted, now) if count else None
        return EntryPage(
            entries=tuple(page.found[:first]),
            cursors=page.cursors[:first],
            more_before=page.goes_on,
            more_after=len(page.found) > first,
            total=total,
        )

    async def count(self, agent: Agent, wanted: EntryFilter) -> int | None:
        async with self._kept.reading() as work:
            return await work.book.total(agent, wanted, self._clock())

    async def entries(self, agent: Agent, ids: Sequence[str]) -> Mapping[str, Entry]:
        async with self._kept.reading() as work:
            return await work.book.seen_by(agent, ids)

    async def holders(self, agent: Agent, search: str | None, *, first: int, after: str | None) -> HolderPage:
        async with self._kept.reading() as work:
            page = await work.book.holders(agent, search, first=first + 1, after=after)
            persons = page.found[:first]
            entries = await work.book.of(agent, persons)
        return HolderPage(
            holders=tuple(Holder(person=person, entries=tuple(entries.get(person, ()))) for person in persons),
            cursors=page.cursors[:first],
            more_before=page.goes_on,
            more_after=len(page.found) > first,
        )

    async def of(self, agent: Agent, persons: Sequence[str]) -> Mapping[str, Sequence[Entry]]:
        async with self._kept.reading() as work:
            return await work.book.of(agent, persons)

    async def summary(self, agent: Agent, due_within_days: int) -> BookSummary:
        async with self._kept.reading() as work:
            return await work.book.summary(agent, due_within_days, self._clock())

    async def feeds(self, agent: Agent) -> Sequence[FeedsOf]:
        async with self._kept.reading() as work:
            agency = await work.agencies.get(agent.agency)
            runs = await work.feeds.latest(agent.agency)
            entries = await work.book.totals(agent)
        return [
            FeedsOf(
                insurer=appointment.insurer,
                latest=runs[appointment.insurer][0] if appointment.insurer in runs else None,
                done=runs[appointment.insurer][1] if appointment.insurer in runs else None,
                entries=entries.get(appointment.insurer, 0),
            )
            for appointment in (agency.appointments if agency else ())
        ]

    async def flaws(self, agent: Agent, run: str, *, first: int, after: int) -> tuple[Sequence[Flaw], bool]:
        async with self._kept.reading() as work:
            of = await work.feeds.get(run)
            if of is None or of.agency != agent.agency:
                return (), False
            found = await work.feeds.flaws(run, first=first + 1, after=after)
        return found[:first], len(found) > first

    async def changes(
        self, agent: Agent, entries: Sequence[str], *, first: int, before: str | None
    ) -> Mapping[str, tuple[Sequence[EntryChange], bool]]:
        async with self._kept.reading() as work:
            mine = await work.book.visible_among(agent, entries)
            found = await work.book.changes(mine, first=first + 1, before=position(before))
        return {entry: (lines[:first], len(lines) > first) for entry, lines in found.items()}

    async def notes(
        self, agent: Agent, entries: Sequence[str], *, first: int, before: str | None
    ) -> Mapping[str, tuple[Sequence[Note], bool]]:
        async with self._kept.reading() as work:
            mine = await work.book.visible_among(agent, entries)
            found = await work.book.notes(mine, first=first + 1, before=position(before))
        return {entry: (lines[:first], len(lines) > first) for entry, lines in found.items()}

    async def since(self, agent: Agent, mark: str | None, *, first: int) -> BookNews:
        async with self._kept.reading() as work:
            newest = await work.book.moved(agent.agency)
            behind = position(mark)
            if behind is None:
                return BookNews(entries=(), mark=str(newest), more=False)
            entries, left, more = await work.book.since(agent, behind, first=first)
        return BookNews(entries=tuple(entries), left=tuple(left), mark=str(newest), more=more)

    async def mandates(self, agent: Agent, customers: Sequence[str]) -> Mapping[str, Mandate]:
        async with self._kept.reading() as work:
            return await work.mandates.standing(agent.agency, customers, self._clock())

    async def renewals(self, agent: Agent, ids: Sequence[str]) -> Mapping[str, Renewal]:
        now = self._clock()
        async with self._kept.reading() as work:
            found = await work.renewals.among(ids)
            given = await work.mandates.standing(agent.agency, [renewal.customer for renewal in found], now)
        return {
            renewal.id: renewal
            for renewal in found
            if renewal.customer in given and given[renewal.customer].allows(ConsentScope.READ_POLICIES, now)
        }
