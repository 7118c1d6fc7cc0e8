"""The gateway's own mails, until they are sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import and_, func, or_, select, true, update

from gateway.events import WORK
from gateway.post import Mail
from gateway.store import deed_tables
from gateway.store.leases import Lease
from gateway.store.transaction import Transaction


class MailState(StrEnum):
    """
    Life of a mail.

    SENDING is written down before the mail server is told anything, so whoever dies after that leaves a
    mail that may have gone out. It is then DOUBTFUL and not sent again: a second mail cannot be taken
    back, and a lost one is seen in the book.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


# Nothing is left to be done, and nobody is left to be known.
_ENDED: Mapping[str, None] = {"due_at": None, "lease_until": None, "body": None}

# These may still reach somebody, and these did or may have.
UNDER_WAY = frozenset({MailState.WAITING, MailState.SENDING})
GONE_OUT = frozenset({MailState.SENT, MailState.DOUBTFUL})


class Letter(Struct, frozen=True, kw_only=True):
    """A mail that somebody took on. `attempts` counts how often that was done, this time included."""

    id: str
    about: str
    created_at: datetime
    attempts: int
    lease: Lease


class Due(Struct, frozen=True, kw_only=True):
    """When something is to be done about a mail next: of any hour, and of those that go out by day only."""

    any_time: datetime | None
    by_day: datetime | None


class Outbox:
    """A mail is known by what it is about (`reminder:ID`), and there is at most one about anything."""

    table = deed_tables.outbox

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, about: str, mail: Mail, *, at: datetime, by_day: bool) -> bool:
        """Have it sent, and answer whether it will be: not where there is one about the same already."""
        columns = {"id": str(uuid4()), "about": about}
        values = {
            "state": MailState.WAITING,
            "by_day": by_day,
            "created_at": at,
            "due_at": at,
            "attempts": 0,
            "body": self._transaction.seal(self.table, columns, mail),
        }
        self._transaction.topics.add(WORK)
        return await self._transaction.add(self.table, columns | values)

    async def states(self, abouts: Sequence[str]) -> dict[str, MailState]:
        row = self.table.c
        found = await self._transaction.connection.execute(select(row.about, row.state).where(row.about.in_(abouts)))
        return {about: MailState(state) for about, state in found}

    async def due(self) -> Due:
        """Answer when a mail may be taken on next, and when a lease runs out of one that is being sent."""
        row = self.table.c
        free = [row.lease_until.is_(None), row.due_at.is_not(None)]
        first = [
            await self._transaction.connection.scalar(
                select(row.due_at).where(*free, row.by_day.is_(by_day)).order_by(row.due_at).limit(1)
            )
            for by_day in (False, True)
        ]
        out = await self._transaction.connection.scalar(select(func.min(row.lease_until)))
        known = [moment for moment in (first[0], out) if moment is not None]
        return Due(any_time=min(known, default=None), by_day=first[1])

    async def claim(self, now: datetime, *, seconds: float, limit: int, is_day: bool) -> list[Letter]:
        """Take on what is due and nobody works on, the oldest first; at night without what goes out by day only."""
        row = self.table.c
        lease = Lease.lasting(seconds, now=now)
        due = [
            row.state == MailState.WAITING,
            row.due_at <= now,
            or_(row.lease_until.is_(None), row.lease_until <= now),
            true() if is_day else row.by_day.is_(False),
        ]
        first = select(row.id).where(*due).order_by(row.due_at).limit(limit).with_for_update(skip_locked=True)
        taken = (
            update(self.table)
            .where(row.id.in_(first))
            .values(lease_token=lease.token, lease_until=lease.until, attempts=row.attempts + 1)
            .returning(row.id, row.about, row.created_at, row.attempts)
        )
        found = (await self._transaction.connection.execute(taken)).mappings().all()
        return sorted((Letter(**columns, lease=lease) for columns in found), key=lambda letter: letter.created_at)

    async def begin(self, letter: Letter, *, now: datetime) -> Mail | None:
        """Write down that it is being sent from now on, and answer it; None where another has it by now."""
        row = self.table.c
        mine = and_(row.id == letter.id, row.lease_token == letter.lease.token, row.lease_until > now)
        begun = (
            update(self.table)
            .where(mine, row.state == MailState.WAITING)
            .values(state=MailState.SENDING)
            .returning(self.table)
        )
        found = (await self._transaction.connection.execute(begun)).mappings().one_or_none()
        return self._transaction.open(self.table, found, Mail) if found else None

    async def end(self, letter: Letter, state: MailState, *, at: datetime) -> None:
        """Write down what became of it. What somebody took for doubtful meanwhile is known now."""
        row = self.table.c
        mine = and_(row.id == letter.id, row.lease_token == letter.lease.token)
        ended = update(self.table).where(mine).values(state=state, ended_at=at, **_ENDED)
        await self._transaction.connection.execute(ended)

    async def put_off(self, letter: Letter, *, until: datetime) -> None:
        """Have it tried again later; nothing of it was sent."""
        row = self.table.c
        # Whoever took it for doubtful was wrong: it is known that nothing was handed over. But its body is gone then.
        mine = and_(row.id == letter.id, row.lease_token == letter.lease.token, row.body.is_not(None))
        freed = {"state": MailState.WAITING, "due_at": until, "lease_token": None, "lease_until": None}
        await self._transaction.connection.execute(update(self.table).where(mine).values(**freed))
        self._transaction.topics.add(WORK)

    async def doubted(self, now: datetime, *, limit: int) -> list[str]:
        """Give up those whose sender died while sending, and answer what they are about."""
        row = self.table.c
        lost = [row.state == MailState.SENDING, row.lease_until <= now]
        first = select(row.id).where(*lost).limit(limit).with_for_update(skip_locked=True)
        given_up = (
            update(self.table)
            .where(row.id.in_(first))
            .values(state=MailState.DOUBTFUL, ended_at=now, **_ENDED)
            .returning(row.about)
        )
        return list(await self._transaction.connection.scalars(given_up))
