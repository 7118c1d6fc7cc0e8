"""Entries as the language has them: opened, with what other tables know of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, and_, func, or_, select

from gateway.store import book_tables as tables
from gateway.store.agency_tables import known_policies, mandates
from gateway.store.book_base import BookBase
from gateway.store.book_bounds import numbered
from gateway.store.book_sheet import minutes, moment
from gateway.store.feeds import Feeds
from gateway.store.mandates import furthest_first
from gateway.store.tables import living, renewals
from insurers.book import Entry, FeedRun, RunState
from insurers.feed import FeedKind, FeedRecord
from insurers.identity import InsurerCode, PolicyRef

# A reading of a feed: whose, at which insurer, and its number there.
Told = tuple[str, str, int]


class Opened:
    """Rows of entries, opened. Policies go by their full fingerprints here, as other tables keep them."""

    def __init__(self, rows: Sequence[RowMapping], records: Mapping[int, FeedRecord], policies: Mapping[int, str]):
        self.rows = {row["id"]: row for row in rows}
        self.records = records
        self.policies = policies
        self.customers: Mapping[int, str] = {}
        self.renewals: Mapping[int, str] = {}
        self.runs: Mapping[Told, FeedRun] = {}
        self.done: Mapping[tuple[str, str], FeedRun] = {}

    def __contains__(self, id_: int) -> bool:
        return id_ in self.rows

    def entry(self, id_: int) -> Entry:
        row = self.rows[id_]
        feed = row["agency"], row["insurer"]
        last, first = self.runs[*feed, row["seen"]], self.runs[*feed, row["born"]]
        return Entry(
            id=str(id_),
            agency=row["agency"],
            insurer=InsurerCode(row["insurer"]),
            record=self.records[id_],
            person=row["person"].hex(),
            status=row["status"],
            blocker=row["blocker"],
            source=last.source,
            as_of=_fresh(last, self.done.get(feed), gone=row["gone_at"] is not None),
            read_at=last.begun_at,
            first_read_at=first.begun_at,
            gone_at=row["gone_at"],
            branch=row["branch"],
            assignee=row["assignee"],
            mark=row["mark"],
            customer=self.customers.get(id_),
            renewal=self.renewals.get(id_),
            version=row["version"],
        )


class BookOpening(BookBase):
    async def entries(self, ids: Collection[str]) -> dict[str, Entry]:
        """Answer the entries with these ids, in whoever's book they are, and whether or not they are still there."""
        return {entry.id: entry for entry in await self._entries(numbered(ids))}

    async def _entries(self, ids: Sequence[int]) -> list[Entry]:
        """Answer entries in the order of *ids*."""
        if not ids:
            return []
        entry, known = tables.book_entries, tables.book_known
        asked = select(entry, known.c.seen).join(known, known.c.id == entry.c.id).where(entry.c.id.in_(ids))
        rows = (await self._connection.execute(asked)).mappings().all()
        if not rows:
            return []
        records = {row["id"]: self._transaction.open(entry, row, FeedRecord) for row in rows}
        refs = {row["id"]: PolicyRef(InsurerCode(row["insurer"]), records[row["id"]].number) for row in rows}
        opened = Opened(rows, records, {id_: self._policy(ref) for id_, ref in refs.items()})
        opened.runs = await self._runs(rows)
        # Numbers go up, so the last of these is the last that was done.
        opened.done = {
            (run.agency, run.insurer): run for _, run in sorted(opened.runs.items()) if run.state is RunState.DONE
        }
        opened.customers = await self._customers(opened)
        opened.renewals = await self._renewals(opened)
        return [opened.entry(id_) for id_ in ids if id_ in opened]

    async def _runs(self, rows: Sequence[RowMapping]) -> dict[Told, FeedRun]:
        """Answer the readings that told of these entries first and last, and of each feed the last that was done."""
        numbers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for row in rows:
            numbers[row["agency"], row["insurer"]] |= {row["seen"], row["born"]}
        run, feeds = tables.feed_runs, Feeds(self._transaction)
        among = []
        for (agency, insurer), told in numbers.items():
            one = and_(run.c.agency == agency, run.c.insurer == insurer)
            done = select(func.max(run.c.number)).where(one, run.c.state == RunState.DONE).correlate(None)
            among.append(and_(one, or_(run.c.number.in_(told), run.c.number == done.scalar_subquery())))
        found = (await self._connection.execute(select(run).where(or_(*among)))).mappings()
        return {(row["agency"], row["insurer"], row["number"]): feeds.open(row) for row in found}

    async def _customers(self, opened: Opened) -> dict[int, str]:
        """
        Answer whose these policies are, where a linked account proved it.

        Of several it is who lets the agency do most.
        """
        row, given = known_policies.c, mandates.c
        allowed = and_(given.customer == row.customer, given.ended_at.is_(None))
        asked = (
            select(row.insurer, row.policy, row.customer, given.agency)
            .outerjoin(mandates, allowed)
            .where(
                row.insurer.in_({row["insurer"] for row in opened.rows.values()}),
                row.policy.in_(set(opened.policies.values())),
            )
            .order_by(*furthest_first(), row.customer)
        )
        owners: defaultdict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
        for insurer, policy, customer, agency in await self._connection.execute(asked):
            owners[insurer, policy].append((customer, agency))
        found: dict[int, str] = {}
        for id_, row_ in opened.rows.items():
            theirs = owners.get((row_["insurer"], opened.policies[id_]), [])
            # The first of the agency's own, or else the first of all.
            for customer, _ in sorted(theirs, key=lambda owner: owner[1] != row_["agency"])[:1]:
                found[id_] = customer
        return found

    async def _renewals(self, opened: Opened) -> dict[int, str]:
        """Answer the ids of our living renewals of these entries' terms."""
        terms = {
            (row["insurer"], opened.policies[id_], moment(row["due"])): id_
            for id_, row in opened.rows.items()
            if row["state"] is not None
        }
        if not terms:
            return {}
        row = renewals.c
        asked = select(row.id, row.insurer, row.policy, row.maturity).where(
            living,
            row.insurer.in_({insurer for insurer, _, _ in terms}),
            row.policy.in_({policy for _, policy, _ in terms}),
        )
        found: dict[int, str] = {}
        for id_, insurer, policy, maturity in await self._connection.execute(asked):
            entry = terms.get((insurer, policy, moment(minutes(maturity))))
            if entry is not None:
                found[entry] = id_
        return found

    def _policy(self, ref: PolicyRef) -> str:
        return self._transaction.keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")


def _fresh(last: FeedRun, done: FeedRun | None, *, gone: bool) -> datetime:
    """
    Answer when an insurer last vouched for an entry of which the reading *last* told.

    Changes name whatever is otherwise than in the full feed from which they count, so they vouch for the rest of it.
    """
    own = last.as_of or last.begun_at
    if gone or done is None or done.as_of is None or done.kind != FeedKind.CHANGES or done.since != last.as_of:
        return own
    return max(own, done.as_of)
