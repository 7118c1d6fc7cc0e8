"""Entries as the language has them: opened, with what other tables know of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Index, RowMapping

from gateway.store import book_asking
from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, among, answered, by, either, one_of, question
from gateway.store.book_base import BookBase
from gateway.store.book_bounds import numbered
from gateway.store.book_sheet import minutes, moment
from gateway.store.feeds import Feeds
from gateway.store.tables import living
from gateway.store.transaction import bound
from insurers.book import Entry, FeedRun, RunState
from insurers.feed import FeedKind, FeedRecord
from insurers.identity import InsurerCode

# A reading of a feed: whose, at which insurer, and its number there.
Told = tuple[str, str, int]


class Shown(NamedTuple):
    """What of an entry is asked for, as the driver has it: a page reads each of these a hundred times."""

    id: int
    agency: str
    insurer: InsurerCode
    policy: bytes
    person: bytes
    branch: str | None
    assignee: str | None
    kana: bytes
    due: int
    status: int
    blocker: int
    change: int | None
    state: str | None
    mark: int | None
    opens: int | None
    born: int
    gone_at: datetime | str | None
    version: int
    body: bytes
    seen: int


SHOWN = ", ".join(f"{'known' if column == 'seen' else 'entry'}.{column}" for column in Shown._fields)

_RUN = "id, agency, insurer, number, body"

# Of several customers with one policy, who lets an agency do most comes first (`mandates.furthest_first`).
_OWNERS = (
    "known_policies LEFT JOIN mandates ON mandates.customer = known_policies.customer AND mandates.ended_at IS NULL"
)
_FURTHEST_FIRST = (
    " ORDER BY mandates.prepares DESC, mandates.submits DESC, mandates.granted_at, known_policies.customer"
)


def entries(index: Index | None = None) -> str:
    """Say where it stands: in two rows of one id, which the asker sets equal. `index` finds the first, or its id."""
    return f"{by(index, 'entry')} CROSS JOIN book_known AS known"


class Around(NamedTuple):
    """What other tables know of an entry: the readings that told of it last and first, and which was done last."""

    last: FeedRun
    first: FeedRun
    done: FeedRun | None
    customer: str | None
    renewal: str | None


class Held:
    """What the box of an entry held, the full fingerprint of its policy, and the entry that was made of it last."""

    def __init__(self, record: FeedRecord, policy: str) -> None:
        self.record = record
        self.policy = policy
        self._of: tuple[Shown, Around] | None = None
        self._entry: Entry | None = None

    def entry(self, row: Shown, around: Around) -> Entry:
        """Answer the entry: the same one for as long as nothing of it is otherwise."""
        if self._entry is None or self._of != (row, around):
            self._of, self._entry = (row, around), _entry(row, self.record, around)
        return self._entry


def _entry(row: Shown, record: FeedRecord, around: Around) -> Entry:
    gone_at = None if row.gone_at is None else book_asking.moment(row.gone_at)
    return Entry(
        id=str(row.id),
        agency=row.agency,
        insurer=row.insurer,
        record=record,
        person=row.person.hex(),
        status=tables.STATUSES.words[row.status],
        blocker=tables.BLOCKERS.words[row.blocker],
        source=around.last.source,
        as_of=_fresh(around.last, around.done, gone=gone_at is not None),
        read_at=around.last.begun_at,
        first_read_at=around.first.begun_at,
        gone_at=gone_at,
        branch=row.branch,
        assignee=row.assignee,
        mark=None if row.mark is None else tables.MARKS.words[row.mark],
        customer=around.customer,
        renewal=around.renewal,
        opens_at=None if row.opens is None else moment(row.opens),
        version=row.version,
    )


class Opened:
    """Rows of entries, opened. Policies go by their full fingerprints here, as other tables keep them."""

    def __init__(self, rows: Sequence[Shown], held: Mapping[int, Held]):
        self.rows = rows
        self.held = held
        self.customers: Mapping[int, str] = {}
        self.renewals: Mapping[int, str] = {}
        self.runs: Mapping[Told, FeedRun] = {}
        self.done: Mapping[tuple[str, str], FeedRun] = {}

    def policy(self, row: Shown) -> str:
        return self.held[row.id].policy

    def entry(self, row: Shown) -> Entry:
        feed = row.agency, row.insurer
        around = Around(
            last=self.runs[*feed, row.seen],
            first=self.runs[*feed, row.born],
            done=self.done.get(feed),
            customer=self.customers.get(row.id),
            renewal=self.renewals.get(row.id),
        )
        return self.held[row.id].entry(row, around)


class BookOpening(BookBase):
    async def entries(self, ids: Collection[str]) -> dict[str, Entry]:
        """Answer the entries with these ids, in whoever's book they are, and whether or not they are still there."""
        return {entry.id: entry for entry in await self._among(numbered(ids))}

    async def _among(self, ids: Sequence[int]) -> list[Entry]:
        """Answer entries in the order of *ids*."""
        if not ids:
            return []
        asked = question(SHOWN, entries(), [one_of("entry.id", ids), Part("known.id = entry.id")])
        rows = {row.id: row for row in await self._answered(asked)}
        return await self._entries([rows[id_] for id_ in ids if id_ in rows])

    async def _answered(self, asked: Part) -> list[Shown]:
        """Answer a question for `SHOWN`."""
        return [Shown._make(row) for row in await answered(self._connection, asked)]

    async def _entries(self, rows: Sequence[Shown]) -> list[Entry]:
        if not rows:
            return []
        opened = Opened(rows, {row.id: self._held(row) for row in rows})
        opened.runs = await self._runs(rows)
        # Numbers go up, so the last of these is the last that was done.
        opened.done = {
            (run.agency, run.insurer): run for _, run in sorted(opened.runs.items()) if run.state is RunState.DONE
        }
        opened.customers = await self._customers(opened)
        opened.renewals = await self._renewals(opened)
        return [opened.entry(row) for row in rows]

    async def _runs(self, rows: Sequence[Shown]) -> dict[Told, FeedRun]:
        """Answer the readings that told of these entries first and last, and of each feed the last that was done."""
        numbers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for agency, insurer, *told in {(row.agency, row.insurer, row.seen, row.born) for row in rows}:
            numbers[agency, insurer].update(told)
        runs = [self._run(feed, told) for feed, told in sorted(numbers.items())]
        feeds = Feeds(self._transaction)
        found = await answered(self._connection, question(_RUN, "feed_runs", [either(runs)]))
        return {(row.agency, row.insurer, row.number): feeds.open(_named(row)) for row in found}

    def _run(self, feed: tuple[str, str], told: Collection[int]) -> Part:
        done = "number = (SELECT max(number) FROM feed_runs WHERE agency = ? AND insurer = ? AND state = ?)"
        this = either([among("number", sorted(told)), Part(done, (*feed, RunState.DONE.value))])
        return Part(f"agency = ? AND insurer = ? AND {this.text}", (*feed, *this.values))

    async def _customers(self, opened: Opened) -> dict[int, str]:
        """
        Answer whose these policies are, where a linked account proved it.

        Of several it is who lets the agency do most.
        """
        theirs = [
            among("insurer", sorted({row.insurer for row in opened.rows})),
            one_of("policy", [*map(opened.policy, opened.rows)]),
        ]
        asked = question("insurer, policy, known_policies.customer, mandates.agency", _OWNERS, theirs, _FURTHEST_FIRST)
        owners: defaultdict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
        for insurer, policy, customer, agency in await answered(self._connection, asked):
            owners[insurer, policy].append((customer, agency))
        found: dict[int, str] = {}
        for row in opened.rows if owners else ():
            of = owners.get((row.insurer, opened.policy(row)), [])
            # The first of the agency's own, or else the first of all.
            for customer, _ in sorted(of, key=lambda owner: owner[1] != row.agency)[:1]:
                found[row.id] = customer
        return found

    async def _renewals(self, opened: Opened) -> dict[int, str]:
        """Answer the ids of our living renewals of these entries' terms."""
        terms = {(row.insurer, opened.policy(row), row.due): row.id for row in opened.rows if row.state is not None}
        if not terms:
            return {}
        theirs = [
            Part(living.text),
            among("insurer", sorted({insurer for insurer, _, _ in terms})),
            one_of("policy", {policy for _, policy, _ in terms}),
        ]
        found: dict[int, str] = {}
        asked = question("id, insurer, policy, maturity", "renewals", theirs)
        for id_, insurer, policy, maturity in await answered(self._connection, asked):
            entry = terms.get((insurer, policy, minutes(book_asking.moment(maturity))))
            if entry is not None:
                found[entry] = id_
        return found

    def _held(self, row: Shown) -> Held:
        # All that the box is bound to, so that it opens nowhere else.
        about = tables.book_entries.name, row.agency, row.insurer, row.policy
        unsealed = self._transaction.unsealed
        held: Held | None = unsealed.get(about, row.body)
        if held is None:
            record = self._transaction.opened(row.body, bound(tables.book_entries, *about[1:]), FeedRecord)
            held = Held(record, self._transaction.keyring.fingerprint(f"policy:{row.insurer}:{record.number}"))
            unsealed.keep(about, row.body, held)
        return held


def _named(row: Any) -> RowMapping:
    # A row keeps this apart from its columns by an underline, and it is not private.
    named: RowMapping = row._mapping  # noqa: SLF001
    return named


def _fresh(last: FeedRun, done: FeedRun | None, *, gone: bool) -> datetime:
    """
    Answer when an insurer last vouched for an entry of which the reading *last* told.

    Changes name whatever is otherwise than in the full feed from which they count, so they vouch for the rest of it.
    """
    own = last.as_of or last.begun_at
    if gone or done is None or done.as_of is None or done.kind != FeedKind.CHANGES or done.since != last.as_of:
        return own
    return max(own, done.as_of)
