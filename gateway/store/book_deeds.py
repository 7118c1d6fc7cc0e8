"""What changes an entry beside its feed: our own renewals, consents and accounts, and what agents do."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import insert, select, update

from gateway.store import book_tables as tables
from gateway.store.agency_events import AgencyEvents
from gateway.store.agency_tables import known_policies
from gateway.store.book_base import BookBase
from gateway.store.book_rows import Stored
from gateway.store.book_sheet import Totals, minutes
from gateway.store.book_standing import Standings, shortened
from gateway.store.transaction import INSERTS, Transaction
from insurers.book import Blocker, EntryStatus, Mark, Note, Reach, standing
from insurers.identity import InsurerCode
from insurers.renewal import Renewal, RenewalState
from schema.telling_ports import EventKind


class BookDeeds(BookBase):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._told = AgencyEvents(transaction)

    async def follow(self, renewal: Renewal) -> None:
        """Bring the entries of the term that *renewal* renews to its state, in whoever's books they are."""
        policy = shortened(Standings(self._transaction).fingerprint(renewal.ref))
        state = None if renewal.state is RenewalState.WITHDRAWN else renewal.state
        for agency, ids in (await self._of_policies(renewal.ref.insurer, [policy])).items():
            rows = [row for row in await self._rows(ids) if row["due"] == minutes(renewal.maturity)]
            stored = [self._stored(row) for row in rows]
            changed = [replace(one, circumstance=replace(one.circumstance, state=state)) for one in stored]
            await self._stand(agency, stored, changed, renewal.updated_at)

    async def restand(self, customer: str, at: datetime, *, insurer: InsurerCode | None = None) -> None:
        """Look anew how far agencies get with a customer's policies; *insurer* where no other can have changed."""
        row = known_policies.c
        whose = [row.customer == customer, *([row.insurer == insurer] if insurer else ())]
        found = await self._connection.execute(select(row.insurer, row.policy).where(*whose).order_by(row.insurer))
        by_insurer: dict[InsurerCode, list[str]] = {}
        for code, policy in found:
            by_insurer.setdefault(InsurerCode(code), []).append(policy)
        for code, policies in by_insurer.items():
            await self._reach(code, policies, at)

    async def _reach(self, insurer: InsurerCode, policies: Sequence[str], at: datetime) -> None:
        for agency, ids in (await self._of_policies(insurer, [shortened(policy) for policy in policies])).items():
            reaches = await Standings(self._transaction).reaches(agency, insurer, policies, at)
            by_policy = {shortened(policy): reach for policy, reach in reaches.items()}
            rows = await self._rows(ids)
            stored = [self._stored(row) for row in rows]
            changed = [
                replace(
                    one, circumstance=replace(one.circumstance, reach=by_policy.get(bytes(row["policy"]), Reach.NONE))
                )
                for one, row in zip(stored, rows, strict=True)
            ]
            await self._stand(agency, stored, changed, at)

    async def mark(self, agency: str, ids: Collection[int], mark: Mark | None, at: datetime) -> None:
        """Put a mark on entries of this agency, or take it off."""
        stored = [self._stored(row) for row in await self._rows(ids, agency)]
        changed = [replace(one, circumstance=replace(one.circumstance, mark=mark)) for one in stored]
        await self._stand(agency, stored, changed, at)

    async def assign(self, agency: str, persons: Collection[bytes], agent: str | None) -> None:
        """Give holders, and so all of their entries, to an agent, or to nobody."""
        await self._move(agency)
        table, row = tables.book_assignments, tables.book_entries.c
        rows = [{"agency": agency, "person": person, "agent": agent} for person in sorted(persons)]
        if not rows:
            return
        given = INSERTS[self._connection.dialect.name](table)
        over = given.on_conflict_do_update(
            index_elements=[table.c.agency, table.c.person], set_={"agent": given.excluded.agent}
        )
        await self._connection.execute(over, rows)
        moved = await self._move(agency)
        now = update(tables.book_entries).values(assignee=agent, moved=moved, version=row.version + 1)
        theirs = (row.agency == agency, row.person.in_(persons), row.assignee.is_distinct_from(agent))
        await self._connection.execute(now.where(*theirs))

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
            stands = _standing(now)
            if not now.gone:
                totals.more(now.branch, now.insurer, stands)
            values = {"state": about.state, "mark": about.mark, "reach": about.reach, "moved": moved}
            status, blocker = stands
            written = update(tables.book_entries).where(row.id == now.id)
            await self._connection.execute(
                written.values(values | {"status": status, "blocker": blocker, "version": row.version + 1})
            )
            if stands != _standing(was):
                told = {"insurer": now.insurer, "status": status, "blocker": blocker}
                subject = ("BookEntry", str(now.id))
                await self._told.tell(agency, EventKind.RENEWAL_CHANGED, at, subject, told)
        await self._count(totals)


def _standing(entry: Stored) -> tuple[EntryStatus, Blocker]:
    about = entry.circumstance
    return standing(entry.record, state=about.state, mark=about.mark, reach=about.reach)
