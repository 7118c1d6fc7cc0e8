"""How the entries of a book are gathered where few can fit: by what makes them few, whichever order they go into."""

from msgspec import Struct
from sqlalchemy import Index

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, among, answered, by, either, one_of, question, together
from gateway.store.book_narrowing import (
    ASSIGNED,
    CHANGING,
    GONE,
    PRESENT,
    STIRRED,
    changing,
    is_stirred,
    matured,
    of_blockers,
    of_statuses,
    spelled,
    statuses,
    visible,
)
from gateway.store.book_search import BookSearch, Found
from gateway.store.book_window import Window
from insurers.agency import Agent
from insurers.book import Blocker, EntryFilter, EntryOrder, EntryStatus

# So many entries are sorted sooner than an index is walked for those among them that fit.
FEW = 1_500

_ALL_STATUSES, _ALL_BLOCKERS = frozenset(EntryStatus), frozenset(Blocker)


class Access(Struct, frozen=True):
    """How entries are gathered: by an index, or as some that are known; `ordered` is the index's own order."""

    conditions: tuple[Part, ...]
    index: Index | None = None
    ordered: EntryOrder | None = None


class BookGathering(BookSearch):
    async def _access(self, agent: Agent, filter_: EntryFilter, order: EntryOrder, window: Window) -> Access | None:
        """Answer how the few are gathered that can fit; None where the order's own index is walked."""
        if filter_.gone:
            meant = [] if filter_.search is None else [await self.meant(agent.agency, filter_.search)]
            return Access((GONE, *meant), tables.BY_GONE, EntryOrder.DUE)
        if filter_.search is not None:
            return searched(await self.found(agent.agency, filter_.search), agent.agency)
        if filter_.person is not None:
            return Access((PRESENT,), tables.BY_PERSON)
        if filter_.assignee is not None:
            return Access((ASSIGNED,), tables.BY_ASSIGNEE, EntryOrder.DUE)
        if (few := await self._few(agent, filter_)) is not None:
            return few
        for index, leading, present in (
            (tables.BY_DUE, matured(window), PRESENT),
            (tables.BY_CHANGE, changing(filter_), CHANGING),
        ):
            ordered = EntryOrder.DUE if index is tables.BY_DUE else EntryOrder.PREMIUM_CHANGE
            if leading and order is not ordered:
                mine = Part("agency = ?", (agent.agency,))
                if await self._bounded(question("id", by(index), [present, mine, *leading]), FEW) <= FEW:
                    return Access((present,), index)
        return None

    async def _few(self, agent: Agent, filter_: EntryFilter) -> Access | None:
        """Answer the same where the counts say that they are few. Counts choose an index, and never who is shown."""
        if is_stirred(filter_):
            standings = await self._standings(agent, filter_)
            if sum(standings.values()) <= FEW:
                # Named even where all are wanted, so that each is looked up in the index and not looked for in it.
                wanted = of_statuses(statuses(filter_) or _ALL_STATUSES), of_blockers(filter_.blockers or _ALL_BLOCKERS)
                return Access((STIRRED, *wanted), tables.BY_STIR)
        if await self.is_small(agent, filter_.branch):
            return Access((PRESENT,), tables.BY_BRANCH)
        return None

    async def is_small(self, agent: Agent, branch: str | None = None) -> bool:
        """Whether an agent sees few entries at all, or few of this branch."""
        if agent.sees_all and branch is None:
            return False
        return sum((await self._standings(agent, EntryFilter(branch=branch))).values()) <= FEW

    async def _standings(self, agent: Agent, filter_: EntryFilter) -> dict[tuple[EntryStatus, Blocker], int]:
        """Answer how many entries there are of each status and blocker, with this branch and insurer."""
        wanted = [
            *visible(agent),
            *([] if filter_.branch is None else [spelled("branch", filter_.branch)]),
            *([] if filter_.insurers is None else [among("insurer", filter_.insurers)]),
            *([] if filter_.blockers is None else [of_blockers(filter_.blockers)]),
            *([] if (words := statuses(filter_)) is None else [of_statuses(words)]),
        ]
        asked = question("status, blocker, sum(entries)", "book_totals", wanted, " GROUP BY status, blocker")
        return {
            (tables.STATUSES.words[status], tables.BLOCKERS.words[blocker]): int(entries)
            for status, blocker, entries in await answered(self._connection, asked)
        }

    async def _bounded(self, asked: Part, most: int) -> int:
        """Count, and stop behind *most*."""
        counted = Part(f"({asked.text} LIMIT {most + 1}) AS fitting", asked.values)
        return int((await answered(self._connection, question("count(*)", counted, [])))[0][0])


def searched(found: Found, agency: str) -> Access:
    """Answer how those are gathered who fit a search: by one index where only that one has any."""
    if len(found.kana) == 1 and not found.name and not found.ids:
        return Access((PRESENT, *found.kana), tables.BY_KANA, EntryOrder.KANA)
    if len(found.name) == 1 and not found.kana and not found.ids:
        return Access((PRESENT, *found.name), tables.BY_NAME)
    alike = [*((fits, tables.BY_KANA) for fits in found.kana), *((fits, tables.BY_NAME) for fits in found.name)]
    mine = Part("agency = ?", (agency,))
    named = [question("id", by(index), [mine, PRESENT, fits]) for fits, index in alike]
    known = one_of("id", sorted(found.ids))
    if not named:
        return Access((PRESENT, known))
    them = together(named)
    return Access((PRESENT, either([known, Part(f"id IN ({them.text})", them.values)])))
