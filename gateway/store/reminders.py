"""Which step of which schedule was taken for whom, and how far each agency's sweep has come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, or_, select, tuple_, update

from gateway.events import WORK
from gateway.store import book_tables, deed_tables
from gateway.store.errors import Conflict
from gateway.store.outbox import GONE_OUT, UNDER_WAY, MailState
from gateway.store.transaction import Transaction
from insurers.book import EntryStatus
from insurers.hours import TOKYO
from insurers.identity import PolicyRef
from insurers.reminder import Reminder, ReminderSchedule, ReminderState, Unsent, Window

S = EntryStatus

# Of these there is something to remind the customer of. Whoever has applied is told nothing that would have them
# apply again (P-2).
REMINDED = frozenset({S.NOT_STARTED, S.IN_PROGRESS, S.READY, S.REFERRED})

# Two mails of an agency about the same term are never closer together than this, whoever sent them and however late.
APART = timedelta(hours=20)

_WITH_MAILS = deed_tables.reminders.outerjoin(
    deed_tables.outbox, deed_tables.outbox.c.about == "reminder:" + deed_tables.reminders.c.id
)

_FINGERPRINT_BYTES = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_STATES = {
    None: ReminderState.WAITING,
    MailState.WAITING: ReminderState.WAITING,
    MailState.SENDING: ReminderState.WAITING,
    MailState.SENT: ReminderState.SENT,
    MailState.DOUBTFUL: ReminderState.UNCONFIRMED,
    MailState.FAILED: ReminderState.FAILED,
    MailState.WITHDRAWN: ReminderState.WITHDRAWN,
}


class Place(Struct, frozen=True, array_like=True):
    """An entry in the order of a sweep: the minute of its maturity since 1970, and its id."""

    due: int
    entry: int


class Sweep(Struct, frozen=True, kw_only=True):
    """One agency's book being gone through for one day, and behind which entry to go on; None at the beginning."""

    schedule: ReminderSchedule
    day: date | None
    behind: Place | None


class Reminders:
    table = deed_tables.reminders
    schedules = deed_tables.reminder_schedules

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def schedule(self, agency: str) -> ReminderSchedule | None:
        asked = select(self.schedules).where(self.schedules.c.agency == agency)
        found = (await self._transaction.connection.execute(asked)).mappings().one_or_none()
        return self._transaction.open(self.schedules, found, ReminderSchedule) if found else None

    async def set(self, schedule: ReminderSchedule, *, due_at: datetime | None) -> None:
        """
        Write it down over the one of the version before, and have the next sweep begin at *due_at*.

        Raises:
            Conflict: somebody else set it meanwhile.
        """
        columns = {"agency": schedule.agency}
        values = {
            "version": schedule.version,
            "due_at": due_at,
            "day": None,
            "cursor": None,
            "body": self._transaction.seal(self.schedules, columns, schedule),
        }
        row = self.schedules.c
        this = [row.agency == schedule.agency, row.version == schedule.version - 1]
        replaced = await self._transaction.connection.execute(update(self.schedules).where(*this).values(**values))
        if not replaced.rowcount and not (
            schedule.version == 1 and await self._transaction.add(self.schedules, columns | values)
        ):
            raise Conflict(None)
        self._transaction.topics.update({f"book:{schedule.agency}", WORK})

    async def next_sweep(self) -> datetime | None:
        first: datetime | None = await self._transaction.connection.scalar(select(func.min(self.schedules.c.due_at)))
        return first

    async def claim(self, now: datetime) -> Sweep | None:
        """Take on the sweep that has been due longest, until this transaction ends; passed over is what another has."""
        row = self.schedules.c
        first = select(row.agency).where(row.due_at <= now).order_by(row.due_at).limit(1)
        taken = select(self.schedules).where(row.agency.in_(first)).with_for_update(skip_locked=True)
        found = (await self._transaction.connection.execute(taken)).mappings().one_or_none()
        if found is None:
            return None
        schedule = self._transaction.open(self.schedules, found, ReminderSchedule)
        behind = msgspec.json.decode(found["cursor"], type=Place) if found["cursor"] else None
        return Sweep(schedule=schedule, day=found["day"], behind=behind)

    async def go_on(self, agency: str, *, day: date | None, behind: Place | None, due_at: datetime | None) -> None:
        """Write down how far the sweep has come, and when to go on."""
        this = self.schedules.c.agency == agency
        cursor = msgspec.json.encode(behind).decode() if behind else None
        moved = update(self.schedules).where(this).values(day=day, cursor=cursor, due_at=due_at)
        await self._transaction.connection.execute(moved)

    async def unreminded(
        self, agency: str, windows: Sequence[Window], *, behind: Place | None, now: datetime, limit: int
    ) -> Sequence[tuple[Place, int]]:
        """
        Answer whose step has come and was not taken, nor any after it, soonest maturity first, each with the step.

        Passed over is who gets another mail about it just now, and what has nothing to be reminded of.
        """
        entry, taken = book_tables.book_entries.c, self.table.c
        step = _step(entry.due, windows)
        same = and_(taken.agency == entry.agency, taken.policy == entry.policy, taken.due == entry.due)
        had = select(taken.id).select_from(_WITH_MAILS).where(same, or_(taken.step <= step, _is_near(now))).exists()
        asked = select(entry.due, entry.id, step.label("step")).where(
            entry.agency == agency,
            book_tables.PRESENT,
            entry.due > _minute(now),
            entry.due < _midnight(windows[-1].last + timedelta(days=1)),
            entry.status.in_(REMINDED),
            ~had,
        )
        if behind is not None:
            asked = asked.where(tuple_(entry.due, entry.id) > (behind.due, behind.entry))
        found = await self._transaction.connection.execute(asked.order_by(entry.due, entry.id).limit(limit))
        return [(Place(due, id_), found_step) for due, id_, found_step in found]

    async def take(
        self,
        *,
        agency: str,
        entry: str,
        ref: PolicyRef,
        maturity: datetime,
        at: datetime,
        step: int | None,
        unsent: Unsent | None = None,
    ) -> Reminder | None:
        """Write a reminder down; None where this agency took the step for this policy and term before."""
        values = {
            "id": str(uuid4()),
            "agency": agency,
            "entry": int(entry),
            "policy": self._policy(ref),
            "due": _minute(maturity),
            "step": step,
            "at": at,
            "unsent": unsent,
        }
        if not await self._transaction.add(self.table, values):
            return None
        return _reminder(values, None)

    async def is_near(self, agency: str, ref: PolicyRef, maturity: datetime, now: datetime) -> bool:
        """Whether a mail of this agency about this policy and term is on its way, or was a short while ago."""
        row = self.table.c
        same = [row.agency == agency, row.policy == self._policy(ref), row.due == _minute(maturity)]
        found = select(row.id).select_from(_WITH_MAILS).where(*same, _is_near(now)).limit(1)
        return (await self._transaction.connection.execute(found)).first() is not None

    async def get(self, reminder_id: str) -> Reminder | None:
        found = await self._found(self._asked().where(self.table.c.id == reminder_id))
        return found[0] if found else None

    async def page(
        self, agency: str, branch: str | None, *, first: int, before: str | None, unsent_only: bool = False
    ) -> list[Reminder]:
        """
        Answer up to *first* of an agency's, newest first: the newest of all, or those older than this one.

        With a *branch*, those of its entries only.
        """
        row, entry = self.table.c, book_tables.book_entries.c
        asked = self._asked().where(row.agency == agency)
        if branch is not None:
            there = select(entry.id).where(entry.id == row.entry, entry.branch == branch)
            asked = asked.where(there.exists())
        if unsent_only:
            asked = asked.where(row.unsent.is_not(None))
        if before is not None:
            older = self.table.alias()
            cursor = select(older.c.position).where(older.c.agency == agency, older.c.id == before)
            asked = asked.where(row.position < cursor.scalar_subquery())
        return await self._found(asked.order_by(row.position.desc()).limit(first))

    def _policy(self, ref: PolicyRef) -> bytes:
        """As the book has it."""
        stamp = self._transaction.keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")
        return bytes.fromhex(stamp)[:_FINGERPRINT_BYTES]

    # A Select is typed by its columns.
    def _asked(self) -> Select[Any]:
        return select(self.table, deed_tables.outbox.c.state).select_from(_WITH_MAILS)

    async def _found(self, query: Select[Any]) -> list[Reminder]:
        rows = (await self._transaction.connection.execute(query)).mappings()
        return [_reminder(row, row["state"]) for row in rows]


def _is_near(now: datetime) -> ColumnElement[bool]:
    mail = deed_tables.outbox.c
    return or_(mail.state.in_(UNDER_WAY), and_(mail.state.in_(GONE_OUT), mail.ended_at > now - APART))


def _step(due: ColumnElement[int], windows: Iterable[Window]) -> ColumnElement[int]:
    """The last step that has come for an entry that matures then."""
    return case(*((due < _midnight(window.last + timedelta(days=1)), window.step) for window in windows))


def _minute(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(minutes=1)


def _midnight(day: date) -> int:
    return _minute(datetime.combine(day, time(), tzinfo=TOKYO))


def _reminder(row: Mapping[str, Any] | RowMapping, state: str | None) -> Reminder:
    unsent = Unsent(row["unsent"]) if row["unsent"] else None
    return Reminder(
        id=row["id"],
        agency=row["agency"],
        entry=str(row["entry"]),
        maturity=_EPOCH + timedelta(minutes=row["due"]),
        at=row["at"],
        step=row["step"],
        unsent=unsent,
        state=ReminderState.UNSENT if unsent else _STATES[MailState(state) if state else None],
    )
