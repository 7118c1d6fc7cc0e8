"""Q3: a page of an agency's book."""

from datetime import datetime

from insurers.book import Entry, EntryFilter, EntryOrder
from schema.book_matching import days_left
from schema.book_summary import STATUS_LABELS
from schema.ports import Asker
from tests.benchmarks.requests.place import Answer, House, Said

PAGE = 100


async def answer(house: House, asker: Asker, said: Said) -> Answer:
    agent = await house.desks.agencies.agent(asker)
    if agent is None:
        return {"book": None}
    page = await house.desks.book.page(
        agent, EntryFilter(), EntryOrder.DUE, descending=False, first=PAGE, after=None, count=False
    )
    now = house.desks.now()
    edges = [{"node": _entry(house, entry, now)} for entry in page.entries]
    return {"book": {"renewals": {"edges": edges, "pageInfo": {"hasNextPage": page.more_after}}}}


def _entry(house: House, entry: Entry, now: datetime) -> Answer:
    record, change = entry.record, entry.premium_change
    return {
        "id": house.ids.seal("BookEntry", entry.id),
        "policyNumber": record.number.text,
        "vehicle": record.vehicle,
        "plate": record.plate,
        "startsAt": record.starts_at.isoformat(),
        "dueAt": record.ends_at.isoformat(),
        "daysLeft": days_left(entry, now),
        "status": entry.status.name,
        "statusLabel": STATUS_LABELS[entry.status].ja,
        "blocker": entry.blocker.name,
        "premium": record.premium.amount if record.premium else None,
        "nextPremium": record.next_premium.amount if record.next_premium else None,
        "premiumChange": change.amount if change else None,
        "grade": record.grade,
        "branch": entry.branch,
    }
