"""How the entries of a book are gathered where few can fit: by what makes them few, whichever order they go into."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Index, Select, func, or_, select, true, union_all

from gateway.store import book_tables as tables
from gateway.store.book_access import by
from gateway.store.book_narrowing import (
    Condition,
    changing,
    is_stirred,
    matured,
    row,
    spelled,
    statuses,
)
from gateway.store.book_search import BookSearch, Found
from gateway.store.book_window import Window
from insurers.agency import Agent
from insurers.book import Blocker, EntryFilter, EntryOrder, EntryStatus

# So many entries are sorted sooner than an index is walked for those among them that fit.
FEW = 1_500


class Access(Struct, frozen=True):
    """How entries are gathered: by an index, or as some that are known; `ordered` is the index's own order."""

    conditions: tuple[Condition, ...]
    index: Index | None = None
    ordered: EntryOrder | None = None


class BookGathering(BookSearch):
    async def _access(self, agent: Agent, filter_: EntryFilter, order: EntryOrder, window: Window) -> Access | None:
        """Answer how the few are gathered that can fit; None where the order's own index is walked."""
        if filter_.gone:
            meant = [] if filter_.search is None else [await self.meant(agent.agency, filter_.search)]
            return Access((tables.GONE, *meant), tables.BY_GONE, EntryOrder.DUE)
        if filter_.search is not None:
            return searched(await self.found(agent.agency, filter_.search), agent.agency)
        if filter_.person is not None:
            return Access((tables.PRESENT,), tables.BY_PERSON)
        if filter_.assignee is not None:
            return Access((tables.ASSIGNED,), tables.BY_ASSIGNEE, EntryOrder.DUE)
        if (few := await self._few(agent, filter_)) is not None:
            return few
        for index, leading, present in (
            (tables.BY_DUE, matured(window), tables.PRESENT),
            (tables.BY_CHANGE, changing(filter_), tables.CHANGING),
        ):
            ordered = EntryOrder.DUE if index is tables.BY_DUE else EntryOrder.PREMIUM_CHANGE
            if leading and order is not ordered:
                some = by(select(row.id).where(present, row.agency == agent.agency, *leading), index)
                if await self._bounded(some, FEW) <= FEW:
                    return Access((present,), index)
        return None

    async def _few(self, agent: Agent, filter_: EntryFilter) -> Access | None:
        """Answer the same where the counts say that they are few. Counts choose an index, and never who is shown."""
        if is_stirred(filter_):
            standings = await self._standings(agent, filter_)
            if sum(standings.values()) <= FEW:
                # Named even where all are wanted, so that each is looked up in the index and not looked for in it.
                wanted_ = row.status.in_(statuses(filter_) or EntryStatus), row.blocker.in_(filter_.blockers or Blocker)
                return Access((tables.STIRRED, *wanted_), tables.BY_STIR)
        if await self.is_small(agent, filter_.branch):
            return Access((tables.PRESENT,), tables.BY_BRANCH)
        return None

    async def is_small(self, agent: Agent, branch: str | None = None) -> bool:
        """Whether an agent sees few entries at all, or few of this branch."""
        if agent.sees_all and branch is None:
            return False
        return sum((await self._standings(agent, EntryFilter(branch=branch))).values()) <= FEW

    async def _standings(self, agent: Agent, filter_: EntryFilter) -> dict[tuple[EntryStatus, Blocker], int]:
        """Answer how many entries there are of each status and blocker, with this branch and insurer."""
        total = tables.book_totals.c
        asked = select(total.status, total.blocker, func.sum(total.entries)).where(
            total.agency == agent.agency,
            true() if agent.sees_all else total.branch == agent.branch,
            true() if filter_.branch is None else spelled(total.branch, filter_.branch),
            true() if filter_.insurers is None else total.insurer.in_(filter_.insurers),
            true() if filter_.blockers is None else total.blocker.in_(filter_.blockers),
            true() if (wanted_ := statuses(filter_)) is None else total.status.in_(wanted_),
        )
        rows = (await self._connection.execute(asked.group_by(total.status, total.blocker))).all()
        return {(status, blocker): int(entries) for status, blocker, entries in rows}

    async def _bounded(self, asked: Select[Any], most: int) -> int:
        """Count, and stop behind *most*."""
        some = asked.limit(most + 1).subquery()
        return int((await self._connection.execute(select(func.count()).select_from(some))).scalar_one())


def searched(found: Found, agency: str) -> Access:
    """Answer how those are gathered who fit a search: by one index where only that one has any."""
    if len(found.kana) == 1 and not found.name and not found.ids:
        return Access((tables.PRESENT, *found.kana), tables.BY_KANA, EntryOrder.KANA)
    if len(found.name) == 1 and not found.kana and not found.ids:
        return Access((tables.PRESENT, *found.name), tables.BY_NAME)
    alike = [*((fits, tables.BY_KANA) for fits in found.kana), *((fits, tables.BY_NAME) for fits in found.name)]
    named = [by(select(row.id).where(row.agency == agency, tables.PRESENT, fits), index) for fits, index in alike]
    among = row.id.in_(found.ids)
    return Access((tables.PRESENT, or_(among, row.id.in_(union_all(*named))) if named else among))
