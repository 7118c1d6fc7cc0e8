"""Q5: an entry of the book is given to an agent."""

from collections.abc import Mapping

from insurers.agency import Agent
from insurers.book import Entry
from schema.agency_ports import Assign, RowDone
from schema.ports import Asker
from tests.benchmarks.requests.place import Answer, House, Said


async def answer(house: House, asker: Asker, said: Said) -> Answer:
    given, desks = said["input"], house.desks
    agent = await desks.agencies.agent(asker)
    assert agent is not None
    colleagues = {colleague.id: colleague for colleague in await desks.agencies.agents(agent)}
    ids = {id_: _part(house, id_, "BookEntry") for id_ in given["entryIds"]}
    to = Assign(agent=colleagues[_part(house, given["assigneeId"], "Agent")].id)
    done = await desks.deeds.do(agent, asker, to, list(ids.values()), key=given["idempotencyKey"])
    return {
        "bookAssign": {
            "done": sum(not row.problems for row in done),
            "replayed": all(row.replayed for row in done),
            "errors": [],
            "rows": [_row(house, id_, row, colleagues) for id_, row in zip(ids, done, strict=True)],
        }
    }


def _part(house: House, id_: str, type_: str) -> str:
    parts = house.ids.parts(id_, type_)
    assert parts is not None
    return parts[0]


def _row(house: House, id_: str, row: RowDone, colleagues: Mapping[str, Agent]) -> Answer:
    return {
        "entryId": id_,
        "replayed": row.replayed,
        "entry": _entry(house, row.entry, colleagues) if row.entry else None,
        "errors": [{"code": problem.code.name, "message": problem.message.ja} for problem in row.problems],
    }


def _entry(house: House, entry: Entry, colleagues: Mapping[str, Agent]) -> Answer:
    assignee = colleagues.get(entry.assignee or "")
    return {
        "id": house.ids.seal("BookEntry", entry.id),
        "status": entry.status.name,
        "blocker": entry.blocker.name,
        "assignee": {"id": house.ids.seal("Agent", assignee.id), "displayName": assignee.name} if assignee else None,
    }
