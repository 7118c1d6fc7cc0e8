"""What an agent does to many entries at once: each row by itself, and each once for a key."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence

import msgspec
import structlog
from msgspec import Struct

from gateway.journeys.row_deeds import Order, Problems, RowDeeds, working
from gateway.journeys.starting import Starting
from gateway.store import KeyReused, Store, Work
from insurers.agency import Agency, Agent
from insurers.book import Entry
from insurers.panel import Clock
from insurers.text import Text
from schema.agency_ports import BookDesk, Deed, RowDone, Start
from schema.ports import Asker
from schema.problems import KEY_REUSED, NOT_FOUND, Problem, ProblemCode, invalid

MOST_ROWS = 500

# Rows that are written in one transaction: a book has one writer at a time, and a feed wants its turn, too.
ROWS_AT_ONCE = 50

log = structlog.stdlib.get_logger("tabane.deeds")


class _Answer(Struct, frozen=True):
    """What is kept of a row: why it was not done, or nothing."""

    problems: Problems


class Deeds:
    """
    A row is known by its key and entry. What was done and that it was lie in one transaction, so the same
    key does each row once, however often and however divided the rows come.

    What the agent may not see is not found, like what does not exist; of that nothing is kept.
    """

    def __init__(self, store: Store, clock: Clock, book: BookDesk, rows: RowDeeds, starting: Starting) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._rows = rows
        self._starting = starting
        self._running: set[asyncio.Task[dict[str, RowDone]]] = set()

    async def do(
        self, agent: Agent, asker: Asker, deed: Deed, entries: Sequence[str], *, key: str
    ) -> Sequence[RowDone]:
        wanted = list(dict.fromkeys(entries))
        seen = await self._book.entries(agent, wanted[:MOST_ROWS])
        # A client that leaves ends its request, and not the order.
        task = asyncio.create_task(
            self._all(Order(agent, asker, deed, key), [seen[id_] for id_ in wanted if id_ in seen])
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done = await asyncio.shield(task)
        async with self._store.reading() as work:
            still = await working(work, agent)
        after = await self._book.entries(still, list(done)) if still else {}
        refused = {id_: RowDone(id=id_, problems=(_TOO_MANY,)) for id_ in wanted[MOST_ROWS:]}
        shown = {id_: msgspec.structs.replace(row, entry=after.get(id_)) for id_, row in done.items()}
        return [shown.get(id_) or refused.get(id_) or RowDone(id=id_, problems=(NOT_FOUND,)) for id_ in entries]

    async def drain(self) -> None:
        """Wait until every row that was begun has been written down."""
        if self._running:
            await asyncio.wait(self._running)

    async def _all(self, order: Order, entries: Sequence[Entry]) -> dict[str, RowDone]:
        if isinstance(order.deed, Start):
            rows = await asyncio.gather(*(self._started(order, entry) for entry in entries))
            return {row.id: row for row in rows}
        done: dict[str, RowDone] = {}
        for some in _pages(entries):
            async with self._store.work() as work:
                agency = await work.agencies.get(order.agent.agency)
                # Rows take their time, and who gave the order may have left, or moved to another branch.
                agent = await working(work, order.agent)
                if agency is None or agent is None:
                    break
                still = msgspec.structs.replace(order, agent=agent)
                # From here on nothing else moves a row: a mark is not to be put on what was just sent.
                await work.book.take(agent.agency)
                seen = await work.book.seen_by(agent, [entry.id for entry in some])
                for entry in some:
                    if entry.id in seen:
                        done[entry.id] = await self._written(work, still, agency, seen[entry.id])
        return done

    async def _written(self, work: Work, order: Order, agency: Agency, entry: Entry) -> RowDone:
        try:
            # What breaks in one row undoes that row, and no other.
            async with work.apart():
                if (known := await self._begun(work, order, entry)) is not None:
                    return known
                problems = await self._rows.do(work, order, agency, entry)
                return await self._ended(work, order, entry, problems)
        except KeyReused:
            return RowDone(id=entry.id, problems=(KEY_REUSED,))
        except Exception:  # Whatever it was, the other rows are not to suffer by it.
            log.exception("a row of a book could not be done", entry=entry.id)
            return RowDone(id=entry.id, problems=(_BROKEN,))

    async def _started(self, order: Order, entry: Entry) -> RowDone:
        """Start one. As an insurer is asked in between, the key is begun and ended in transactions of their own."""
        try:
            async with self._store.work() as work:
                if (known := await self._begun(work, order, entry)) is not None:
                    return known
            problems = await self._starting.start(order, entry)
            if NOT_FOUND in problems:
                return RowDone(id=entry.id, problems=problems)
            async with self._store.work() as work:
                return await self._ended(work, order, entry, problems)
        except KeyReused:
            return RowDone(id=entry.id, problems=(KEY_REUSED,))
        except Exception:  # As above; and it may be begun again with the same key.
            log.exception("a renewal could not be started from the book", entry=entry.id)
            return RowDone(id=entry.id, problems=(_BROKEN,))

    async def _begun(self, work: Work, order: Order, entry: Entry) -> RowDone | None:
        """
        Write down that this row is being done; where it was done before, answer what came of it.

        Raises:
            KeyReused: this key came with another input for this very row.
        """
        replay = await work.keys.begin(*_key(order, entry), _said(order.deed), self._clock())
        if replay is None or replay.answer is None:
            return None
        kept = msgspec.json.decode(replay.answer, type=_Answer)
        return RowDone(id=entry.id, problems=kept.problems, replayed=True)

    async def _ended(self, work: Work, order: Order, entry: Entry, problems: Problems) -> RowDone:
        await work.keys.finish(*_key(order, entry), msgspec.json.encode(_Answer(problems)))
        return RowDone(id=entry.id, problems=problems)


def _key(order: Order, entry: Entry) -> tuple[str, str]:
    """A row's key belongs to the agent, and is none of those that flows are done under."""
    return f"{order.agent.id} in the book", f"{order.key} {entry.id}"


def _said(deed: Deed) -> str:
    """A hash and not the words themselves: what goes wrong is logged with what stood around it."""
    return hashlib.sha256(msgspec.json.encode(deed)).hexdigest()


def _pages(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), ROWS_AT_ONCE):
        yield entries[start : start + ROWS_AT_ONCE]


_TOO_MANY = invalid(
    Text(f"一度に指定できるのは{MOST_ROWS}件までです。", f"At most {MOST_ROWS} at once; send the rest in another one."),
    "entryIds",
)
_BROKEN = Problem(
    code=ProblemCode.INVALID,
    message=Text(
        "この行は処理できませんでした。時間をおいて、同じ idempotencyKey でもう一度お試しください。",
        "This row could not be done. Try again later with the same idempotencyKey.",
    ),
)
