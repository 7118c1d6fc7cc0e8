"""What a book tells beside its pages: its counts, what is new in it, what feeds changed and what was written down."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, Table, func, select, true

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, answered, by, either, one_of, question
from gateway.store.book_bounds import numbered
from gateway.store.book_holders import BookHolders
from gateway.store.book_narrowing import PRESENT, visible
from gateway.store.book_window import Window, ahead, expired
from gateway.store.feeds import Feeds
from insurers.agency import Agent
from insurers.book import (
    CLOSED_ENTRIES,
    Blocker,
    BookSummary,
    Entry,
    EntryChange,
    EntryStatus,
    FieldChange,
    Note,
)
from insurers.identity import InsurerCode
from insurers.money import Yen

# Whoever has applied here, or is about to, keeps the premium.
_SAFE = frozenset({EntryStatus.READY, EntryStatus.QUEUED, EntryStatus.SUBMITTING, EntryStatus.UNCONFIRMED})

_FIELDS = msgspec.json.Decoder(tuple[FieldChange, ...])


class BookReading(BookHolders):
    async def visible_among(self, agent: Agent, ids: Collection[str]) -> list[int]:
        """Answer which of these entries the agent may see, also those that are gone."""
        asked = question("id", by(None), [*visible(agent), one_of("id", numbered(ids))])
        return [id_ for (id_,) in await answered(self._connection, asked)]

    async def seen_by(self, agent: Agent, ids: Collection[str]) -> dict[str, Entry]:
        """Answer those of these entries that the agent may see."""
        return {one.id: one for one in await self._among(await self.visible_among(agent, ids))}

    async def summary(self, agent: Agent, days: int, now: datetime) -> BookSummary:
        statuses: Counter[EntryStatus] = Counter()
        insurers: Counter[InsurerCode] = Counter()
        blockers: Counter[Blocker] = Counter()
        due = at_risk = 0
        for status, insurer, blocker, entries, premium in await self._grouped(agent, ahead(now, days)):
            statuses[status] += entries
            insurers[InsurerCode(insurer)] += entries
            blockers[blocker] += entries
            if status not in CLOSED_ENTRIES:
                due += entries
                at_risk += 0 if status in _SAFE else premium
        late = await self._grouped(agent, expired(now))
        return BookSummary(
            as_of=now,
            total=sum((await self.totals(agent)).values()),
            due=due,
            expired=sum(entries for status, _, _, entries, _ in late if status not in CLOSED_ENTRIES),
            by_status=dict(statuses),
            by_insurer=dict(insurers),
            by_blocker=dict(blockers),
            at_risk=Yen(at_risk),
        )

    async def totals(self, agent: Agent) -> dict[InsurerCode, int]:
        """Answer how many entries the agent sees, by insurer."""
        asked = question("insurer, sum(entries)", "book_totals", visible(agent), " GROUP BY insurer")
        return {InsurerCode(insurer): int(entries) for insurer, entries in await answered(self._connection, asked)}

    async def moved(self, agency: str) -> int:
        """Answer the number of the last change in an agency's book."""
        asked = select(tables.book_moves.c.moved).where(tables.book_moves.c.agency == agency)
        return (await self._connection.execute(asked)).scalar_one_or_none() or 0

    async def since(self, agent: Agent, mark: int, *, first: int) -> tuple[list[Entry], list[str], bool]:
        """
        Answer up to *first* entries that changed behind *mark*, in the order in which they did.

        Those that went to a branch of which the agent sees nothing are told by their ids alone, beside the others.
        Last comes whether more changed than is told.
        """
        mine = Part("agency = ? AND moved > ?", (agent.agency, mark))
        away = Part("former = ? AND parted > ?", (agent.branch, mark))
        its = [] if agent.sees_all else [either([Part("branch = ?", (agent.branch,)), away])]
        asked = question("id, branch", by(tables.BY_MOVE), [mine, *its], f" ORDER BY moved, id LIMIT {first + 1}")
        found = await answered(self._connection, asked)
        seen = [id_ for id_, branch in found[:first] if agent.sees_all or branch == agent.branch]
        left = [str(id_) for id_, _ in found[:first] if id_ not in seen]
        return await self._among(seen), left, len(found) > first

    async def changes(self, ids: Collection[int], *, first: int, before: int | None) -> dict[str, list[EntryChange]]:
        """Answer up to *first* changes of each of these entries, newest first."""
        table, run = tables.book_changes, tables.feed_runs
        rows = (await self._connection.execute(_newest(table, ids, first, before))).mappings().all()
        told = (
            await self._connection.execute(select(run).where(run.c.id.in_({row["run"] for row in rows})))
        ).mappings()
        feeds = Feeds(self._transaction)
        runs = {row["id"]: feeds.open(row) for row in told}
        found: dict[str, list[EntryChange]] = {}
        for row in rows:
            of = runs[row["run"]]
            change = EntryChange(
                id=str(row["id"]),
                kind=row["kind"],
                at=row["at"],
                as_of=of.as_of or of.begun_at,
                source=of.source,
                run=of.id,
                fields=_FIELDS.decode(self._transaction.unseal(table, row)),
            )
            found.setdefault(str(row["entry"]), []).append(change)
        return found

    async def notes(self, ids: Collection[int], *, first: int, before: int | None) -> dict[str, list[Note]]:
        """Answer up to *first* notes of each of these entries, newest first."""
        table = tables.book_notes
        found: dict[str, list[Note]] = {}
        for row in (await self._connection.execute(_newest(table, ids, first, before))).mappings():
            note = self._transaction.open(table, row, Note)
            found.setdefault(note.entry, []).append(msgspec.structs.replace(note, id=str(row["id"])))
        return found

    async def _grouped(self, agent: Agent, window: Window) -> Sequence[Any]:
        """Count those who mature within a window by status, insurer and blocker, with what they pay."""
        kinds = "status, insurer, blocker"
        within = Part("due >= ? AND due <= ?", (window.first, window.last))
        asked = question(
            f"{kinds}, count(*), coalesce(sum(premium), 0)",
            by(tables.BY_DUE),
            [PRESENT, *visible(agent), within],
            f" GROUP BY {kinds}",
        )
        return [
            (tables.STATUSES.words[status], insurer, tables.BLOCKERS.words[blocker], entries, int(premium))
            for status, insurer, blocker, entries, premium in await answered(self._connection, asked)
        ]


def _newest(table: Table, ids: Collection[int], first: int, before: int | None) -> Select[Any]:
    line = table.c
    place = func.row_number().over(partition_by=line.entry, order_by=line.id.desc()).label("place")
    older = true() if before is None else line.id < before
    ranked = select(line.id, place).where(line.entry.in_(ids), older).subquery()
    wanted = select(ranked.c.id).where(ranked.c.place <= first)
    return select(table).where(line.id.in_(wanted)).order_by(line.id.desc())
