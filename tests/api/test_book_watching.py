"""Watching a book: how it stands at once, then what changed, whole, for as long as one is its agent."""

from collections.abc import Sequence

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.agency_file import Roll
from gateway.development import agencies_of
from tests.api import booking
from tests.api.agencies import HANAKO, JIRO, MANAGER, OTHERS_AGENT, agent_alone
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json, key
from tests.api.live import Live, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

WATCH = """subscription ($filter: BookEntryFilter) { bookUpdated(filter: $filter) {
  summary { total due } more left entries { id mark status notes(first: 1) { edges { node { text } } } } } }"""

MARK = """mutation ($input: BookMarkInput!) { bookMark(input: $input) { done errors { code } } }"""
NOTE = """mutation ($input: BookNoteAddInput!) { bookNoteAdd(input: $input) { done errors { code } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(village: Town) -> Sequence[Json]:
    """The rows of the book that nobody began."""
    await booking.fill_books(village)
    return await booking.everything(
        agent_alone(village, MANAGER), "id branch status", filter={"statuses": ["NOT_STARTED"]}
    )


async def mark(asker: Frontend, ids: Sequence[str], mark: str | None) -> None:
    said = {"entryIds": list(ids), "mark": mark, "idempotencyKey": key()}
    done = (await asker.raw(MARK, {"input": said}))["data"]["bookMark"]
    assert len(ids) == done["done"], done


async def told(live: Live, id_: str) -> Json:
    """Hear events until one tells of this row."""
    while True:
        event = await live.state()
        for row in event["entries"]:
            if row["id"] == id_:
                return {"event": event, "row": row}


async def test_what_changes_is_told_whole_and_with_the_figures(village: Town, rows: Sequence[Json]) -> None:
    manager, row = agent_alone(village, MANAGER), rows[0]["id"]
    async with connected(manager) as live:
        await live.subscribe(WATCH)
        first = await live.state()
        await mark(manager, [row], "DONE_ELSEWHERE")
        marked = await told(live, row)
        said = {"entryIds": [row], "text": "済み", "idempotencyKey": key()}
        await manager.raw(NOTE, {"input": said})
        noted = await told(live, row)
        await mark(manager, [row], None)
        back = await told(live, row)

    assert ([], [], False) == (first["entries"], first["left"], first["more"])
    assert "DONE_ELSEWHERE" == marked["row"]["mark"]
    assert first["summary"]["due"] >= marked["event"]["summary"]["due"]
    assert "済み" == noted["row"]["notes"]["edges"][0]["node"]["text"]
    assert (None, "NOT_STARTED") == (back["row"]["mark"], back["row"]["status"])
    assert first["summary"] == back["event"]["summary"]


async def test_a_row_that_is_no_longer_wanted_is_told_to_have_left(village: Town, rows: Sequence[Json]) -> None:
    manager, row = agent_alone(village, MANAGER), rows[1]["id"]
    async with connected(manager) as live:
        await live.subscribe(WATCH, filter={"statuses": ["NOT_STARTED"]})
        await live.state()
        await mark(manager, [row], "REFERRED")
        event = await live.state()
        await mark(manager, [row], None)
        back = await told(live, row)

    assert ([], [row]) == (event["entries"], event["left"])
    assert [] == back["event"]["left"]


async def test_more_than_one_event_holds_is_not_told_and_said_so(village: Town, rows: Sequence[Json]) -> None:
    manager = agent_alone(village, MANAGER)
    ids = [row["id"] for row in rows[:101]]
    assert 101 == len(ids)
    async with connected(manager) as live:
        await live.subscribe(WATCH)
        await live.state()
        said = {"entryIds": ids, "text": "満期のご案内", "idempotencyKey": key()}
        assert 101 == (await manager.raw(NOTE, {"input": said}))["data"]["bookNoteAdd"]["done"]
        events = [await live.state()]
        while not events[-1]["more"] and sum(len(event["entries"]) for event in events) < len(ids):
            events.append(await live.state())

    assert all(len(event["entries"]) <= 100 for event in events)
    assert events[-1]["more"] or len(ids) == len({row["id"] for event in events for row in event["entries"]})


async def test_another_branch_and_another_agency_hear_nothing_of_a_row(village: Town, rows: Sequence[Json]) -> None:
    manager = agent_alone(village, MANAGER)
    foreign = next(row["id"] for row in rows if row["branch"] == "01")
    own = next(row["id"] for row in rows if row["branch"] == "02")
    async with connected(agent_alone(village, JIRO)) as his, connected(agent_alone(village, OTHERS_AGENT)) as others:
        for live in (his, others):
            await live.subscribe(WATCH)
            await live.state()
        await mark(manager, [foreign, own], "REFERRED")
        heard = [await his.state()]
        while own not in {row["id"] for row in heard[-1]["entries"]}:
            heard.append(await his.state())
        stranger, begun = agent_alone(village, OTHERS_AGENT), {"statuses": ["NOT_STARTED"]}
        theirs = (await booking.everything(stranger, "id", filter=begun))[0]["id"]
        await mark(stranger, [theirs], "REFERRED")
        first = await others.state()
        await mark(manager, [foreign, own], None)

    assert {own} == {row["id"] for event in heard for row in event["entries"]}
    assert [[]] * len(heard) == [event["left"] for event in heard]
    assert [theirs] == [row["id"] for row in first["entries"]], "the first that they hear is of their own book"


async def test_who_is_no_agent_any_more_hears_no_more(village: Town, rows: Sequence[Json]) -> None:
    everybody = agencies_of(village.issuer, village.houses)
    gone = Roll(everybody.agencies, tuple(replace(agent, active=agent.name != HANAKO) for agent in everybody.agents))
    async with connected(agent_alone(village, HANAKO)) as live:
        await live.subscribe(WATCH)
        await live.state()
        try:
            await village.gateway.agencies.take_over(gone)
            await mark(agent_alone(village, MANAGER), [rows[2]["id"]], "REFERRED")
            heard = await live.hear()
        finally:
            await village.gateway.agencies.take_over(everybody)
            await mark(agent_alone(village, MANAGER), [rows[2]["id"]], None)

    assert "complete" == heard["type"]
