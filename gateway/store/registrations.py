"""The registrations, from the first answer to an open account, and the one statement that minds their deadlines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import RowMapping, Update, func, insert, select, update

from gateway.store import tables
from gateway.store.journeys import Journeys
from insurers.registration import Registration, RegistrationState


class Registrations(Journeys[Registration]):
    table = tables.registrations
    topic = "registration"
    kind = Registration

    beside = ("version", "warn_at")

    def columns(self, journey: Registration) -> Mapping[str, object]:
        open_question = journey.challenge if journey.state is RegistrationState.ASKED else None
        return {
            "insurer": journey.insurer,
            "expires_at": open_question.expires_at if open_question else None,
            "warn_at": journey.warn_at if open_question else None,
        }

    async def add(self, registration: Registration, *, due_at: datetime | None) -> None:
        """Write down a new registration; *due_at* is when the worker should look at it, if ever."""
        await self._transaction.connection.execute(insert(self.table).values(self._begun(registration, due_at)))
        self._news(registration)

    async def expire(self, now: datetime) -> Sequence[str]:
        """Let every open question die whose time has come, all at once; answer whose."""
        row = self.table.c
        asked = update(self.table).where(row.state == RegistrationState.ASKED, row.expires_at <= now)
        expired = {
            "state": RegistrationState.EXPIRED,
            "since": now,
            "version": row.version + 1,
            "due_at": None,
            "expires_at": None,
            "warn_at": None,
        }
        return await self._moved(asked.values(expired))

    async def warn(self, now: datetime) -> Sequence[str]:
        """Note all at once whose open question has little time left, and answer whose."""
        row = self.table.c
        near = update(self.table).where(row.state == RegistrationState.ASKED, row.warn_at <= now)
        return await self._moved(near.values(warn_at=None))

    async def next_deadline(self) -> datetime | None:
        """Answer when the next open question wants a warning or dies, which may be past."""
        row = self.table.c
        firsts = [select(func.min(deadline)).scalar_subquery() for deadline in (row.expires_at, row.warn_at)]
        found = (await self._transaction.connection.execute(select(*firsts))).one()
        return min((at for at in found if at is not None), default=None)

    async def _moved(self, moving: Update) -> Sequence[str]:
        found = await self._transaction.connection.execute(moving.returning(self.table.c.id))
        moved: Sequence[str] = found.scalars().all()
        self._transaction.topics.update(f"{self.topic}:{id_}" for id_ in moved)
        return moved

    def _open(self, row: RowMapping) -> Registration:
        kept = super()._open(row)
        if row["version"] > kept.version:
            return kept.expired()
        asked = kept.state is RegistrationState.ASKED
        if asked and kept.warn_at is not None and row["warn_at"] is None:
            return msgspec.structs.replace(kept, warned=True, warn_at=None)
        return kept
