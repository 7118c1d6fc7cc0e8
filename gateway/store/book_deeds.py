"""What changes an entry beside its feed: our own renewals, consents and accounts, and what agents do."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import delete, func, insert, select, union, update

from gateway.store import book_tables as tables
from gateway.store.agency_events import AgencyEvents
from gateway.store.agency_tables import known_policies, mandates
from gateway.store.book_base import BookBase
from gateway.store.book_rows import Stored
from gateway.store.book_sheet import ANY_BRANCH, Totals, minutes, moment, stood
from gateway.store.book_standing import NO_WAY, Standings, Way, shortened
from gateway.store.tables import renewals
from gateway.store.transaction import INSERTS, Transaction
from insurers.book import Mark, Note, Reach, opening
from insurers.identity import InsurerCode
from insurers.renewal import Renewal, RenewalState
from insurers.telling import EventKind

# At midnight the renewals of a whole day may open.
OPENED_AT_ONCE = 500


class BookDeeds(BookBase):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._told = AgencyEvents(transaction)

    async def follow(self, renewal: Renewal) -> None:
        """Bring the entries of what *renewal* renews to how it stands, in the books of those who may see it."""
        policy = Standings(self._transaction).fingerprint(renewal.ref)
        await self._restand([renewal.customer], {renewal.ref.insurer: [policy]}, renewal.updated_at)

    async def restand(self, customer: str, at: datetime, *, insurer: InsurerCode | None = None) -> None:
        """
        Look anew what agencies see of a customer's policies and how far they get with them.

        *insurer* is given where nothing can have changed at another.
        """
        by_insurer: defaultdict[InsurerCode, list[str]] = defaultdict(list)
        # What the customer renews is looked at even when the account that proved it is linked no more.
        theirs = [
            select(row.insurer, row.policy).where(
                row.customer == customer, *([row.insurer == insurer] if insurer else ())
            )
            for row in (known_policies.c, renewals.c)
        ]
        for code, policy in await self._connection.execute(union(*theirs)):
            by_insurer[InsurerCode(code)].append(policy)
        await self._restand([customer], by_insurer, at)

    async def hear(
        self, insurer: InsurerCode, policies: Sequence[str], customers: Collection[str], at: datetime
    ) -> None:
        """Look anew where these policies stand, of which these customers' accounts told something else than before."""
        await self._restand(customers, {insurer: policies}, at)

    async def next_opening(self) -> datetime | None:
        """Answer when the next renewal opens for which an entry waits."""
        first = select(func.min(tables.book_entries.c.opens)).where(tables.OPENING)
        found = (await self._connection.execute(first)).scalar_one()
        return None if found is None else moment(found)

    async def let_open(self, at: datetime) -> int:
        """Let entries of one agency wait no more, whose renewals have opened, and answer how many these were."""
        row = tables.book_entries.c
        opened = select(row.agency, row.id).where(tables.OPENING, row.opens <= minutes(at)).limit(OPENED_AT_ONCE)
        if (first := (await self._connection.execute(opened.order_by(row.opens))).first()) is None:
            return 0
        await self.take(first.agency)
        ids = [id_ for _, id_ in await self._connection.execute(opened.where(row.agency == first.agency))]
        stored = [self._stored(row) for row in await self._rows(ids)]
        changed = [replace(one, circumstance=replace(one.circumstance, opens_at=None)) for one in stored]
        await self._stand(first.agency, stored, changed, at)
        return len(stored)

    async def _restand(
        self, customers: Collection[str], policies: Mapping[InsurerCode, Sequence[str]], at: datetime
    ) -> None:
        agencies = await self._concerned(customers, policies)
        for agency in agencies:
            await self.take(agency)
        for insurer, theirs in policies.items():
            for agency, ids in (await self._of_policies(insurer, list(map(shortened, theirs)))).items():
                if agency in agencies:
                    await self._look_anew(agency, insurer, theirs, ids, at)

    async def _concerned(
        self, customers: Collection[str], policies: Mapping[InsurerCode, Sequence[str]]
    ) -> Sequence[str]:
        """
        Answer in whose books these policies are, in the order in which books are taken.

        With them comes every agency that the customers have ever let act: its feed may just be telling of them.
        """
        given = mandates.c
        let = await self._connection.scalars(select(given.agency).distinct().where(given.customer.in_(customers)))
        agencies = set(let)
        for insurer, theirs in policies.items():
            agencies |= (await self._of_policies(insurer, list(map(shortened, theirs)))).keys()
        return sorted(agencies)

    async def _look_anew(
        self, agency: str, insurer: InsurerCode, policies: Sequence[str], ids: Collection[int], at: datetime
    ) -> None:
        standings, rows = Standings(self._transaction), await self._rows(ids)
        full = {shortened(policy): policy for policy in policies}
        named = {row["id"]: full[bytes(row["policy"])] for row in rows}
        ways = await standings.ways(agency, insurer, policies, at)
        states = await standings.states(agency, insurer, {named[row["id"]]: row["due"] for row in rows}, at)
        stored = [self._stored(row) for row in rows]
        changed = [
            _circumstanced(one, states.get(named[one.id]), ways.get(named[one.id], NO_WAY), at) for one in stored
        ]
        await self._stand(agency, stored, changed, at)

    async def mark(self, agency: str, ids: Collection[int], mark: Mark | None, at: datetime) -> None:
        """Put a mark on entries of this agency, or take it off."""
        await self.take(agency)
        stored = [self._stored(row) for row in await self._rows(ids, agency)]
        changed = [replace(one, circumstance=replace(one.circumstance, mark=mark)) for one in stored]
        await self._stand(agency, stored, changed, at)

    async def assign(
        self, agency: str, persons: Collection[bytes], agent: str | None, *, branch: str | None = None
    ) -> list[int]:
        """
        Give holders to an agent, or to nobody, and answer the entries that so went to another than before.

        It is said of all of their entries, also those to come; with a *branch* of those of this branch alone.
        """
        if not persons:
            return []
        moved = await self._move(agency)
        table, row = tables.book_assignments, tables.book_entries.c
        theirs = [table.c.agency == agency, table.c.person.in_(persons)]
        if branch is None:
            await self._connection.execute(delete(table).where(*theirs))
        word = branch if branch is not None else ANY_BRANCH
        rows = [{"agency": agency, "person": person, "branch": word, "agent": agent} for person in sorted(persons)]
        given = INSERTS[self._connection.dialect.name](table)
        over = given.on_conflict_do_update(
            index_elements=[table.c.agency, table.c.person, table.c.branch], set_={"agent": given.excluded.agent}
        )
        await self._connection.execute(over, rows)
        now = update(tables.book_entries).values(assignee=agent, moved=moved, version=row.version + 1)
        others = [row.agency == agency, row.person.in_(persons), row.assignee.is_distinct_from(agent)]
        within = [row.branch == branch] if branch is not None else []
        return sorted(await self._connection.scalars(now.where(*others, *within).returning(row.id)))

    async def note(self, agency: str, note: Note) -> Note:
        """Write a note down, and answer it with the id that it has from now on."""
        table = tables.book_notes
        row = {"agency": agency, "entry": int(note.entry), "author": note.author, "at": note.at}
        sealed = row | {"body": self._transaction.seal(table, row, note)}
        added = (await self._connection.execute(insert(table).values(sealed).returning(table.c.id))).scalar_one()
        await self._touch(agency, [int(note.entry)])
        return replace(note, id=str(added))

    async def _stand(self, agency: str, before: Sequence[Stored], after: Sequence[Stored], at: datetime) -> None:
        """Bring those entries to their new status whose circumstances changed."""
        changed = [(was, now) for was, now in zip(before, after, strict=True) if was.circumstance != now.circumstance]
        if not changed:
            return
        moved = await self._move(agency)
        totals = Totals(agency)
        row = tables.book_entries.c
        await self._uncount([now.id for _, now in changed], totals)
        for was, now in changed:
            about = now.circumstance
            stands = stood(now.record, about)
            if not now.gone:
                totals.more(now.branch, now.insurer, stands)
            values = {"state": about.state, "mark": about.mark, "reach": about.reach, "moved": moved}
            values["opens"] = minutes(about.opens_at) if about.opens_at else None
            status, blocker = stands
            written = update(tables.book_entries).where(row.id == now.id)
            await self._connection.execute(
                written.values(values | {"status": status, "blocker": blocker, "version": row.version + 1})
            )
            if stands != stood(was.record, was.circumstance):
                told = {"insurer": now.insurer, "status": status, "blocker": blocker}
                subject = ("BookEntry", str(now.id))
                await self._told.tell(agency, EventKind.RENEWAL_CHANGED, at, subject, told)
        await self._count(totals)


def _circumstanced(entry: Stored, state: RenewalState | None, way: Way, at: datetime) -> Stored:
    # Who gets nowhere with a policy waits for something else, and is told nothing of its opening.
    opens_at = opening(entry.record, way.opens_at, at) if way.reach is not Reach.NONE else None
    return replace(entry, circumstance=replace(entry.circumstance, state=state, reach=way.reach, opens_at=opens_at))
