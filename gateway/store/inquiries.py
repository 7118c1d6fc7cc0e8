"""What each insurer is asked in a comparison: a row, and a job for whoever outlives the one who asked."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from gateway.events import WORK
from gateway.store import tables
from gateway.store.journeys import Journeys, job
from gateway.store.leases import Lease
from insurers.comparison import Inquiry


class Inquiries(Journeys[Inquiry]):
    """Every write makes news of the whole comparison's topic."""

    table = tables.inquiries
    topic = "inquiry"
    kind = Inquiry

    def columns(self, journey: Inquiry) -> Mapping[str, object]:
        return {"insurer": journey.insurer, "comparison": journey.comparison, "position": journey.position}

    async def add(self, inquiry: Inquiry, *, due_at: datetime | None, lease: Lease | None = None) -> None:
        """Write down a new inquiry; with a *lease* somebody asks already, and *due_at* is when another may."""
        begun = self._begun(inquiry, due_at) | job(due_at, lease)
        await self._transaction.connection.execute(insert(self.table).values(begun))
        self._news(inquiry)

    async def of(self, comparison: str) -> list[Inquiry]:
        """Answer all of a comparison's, in their order."""
        row = self.table.c
        return await self._found(self.rows.where(row.comparison == comparison).order_by(row.position, row.id))

    def _news(self, journey: Inquiry) -> None:
        self._transaction.topics.update({topic(journey.comparison), WORK})


def topic(comparison: str) -> str:
    return f"comparison:{comparison}"
