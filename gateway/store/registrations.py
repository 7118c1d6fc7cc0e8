"""The registrations, from the first answer to an open account."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from gateway.store import tables
from gateway.store.journeys import Journeys
from insurers.registration import Registration


class Registrations(Journeys[Registration]):
    table = tables.registrations
    topic = "registration"
    kind = Registration

    def columns(self, journey: Registration) -> Mapping[str, object]:
        return {"insurer": journey.insurer}

    async def add(self, registration: Registration, *, due_at: datetime | None) -> None:
        """Write down a new registration; *due_at* is when the worker should look at it, if ever."""
        await self._transaction.connection.execute(insert(self.table).values(self._begun(registration, due_at)))
        self._news(registration)
