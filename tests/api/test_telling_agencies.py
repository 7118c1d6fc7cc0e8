"""What an agency's own systems get of its book: calendars, files, and messages to an address of its own."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from icalendar import Calendar
from standardwebhooks import Webhook as Verifier

from gateway.settings import Given, Settings, read
from tests.api import booking
from tests.api.agencies import HANAKO, JIRO, MANAGER, OTHERS_AGENT, agent_alone
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json, key
from tests.compiler import COMPILED
from tests.store.databases import sqlite_migrated

pytestmark = pytest.mark.asyncio(loop_scope="module")

CREATE_CALENDAR = """mutation ($input: DeadlineCalendarCreateInput!) {
  deadlineCalendarCreate(input: $input) { errors { code message } calendar { id url scope names revokedAt } } }"""
REVOKE_CALENDAR = """mutation ($input: DeadlineCalendarRevokeInput!) {
  deadlineCalendarRevoke(input: $input) { errors { code } calendar { id url revokedAt } } }"""
EXPORT = """query ($encoding: ExportEncoding!, $filter: BookEntryFilter) {
  book { export(encoding: $encoding, filter: $filter) { url unencodableUrl expiresAt } } }"""
CREATE_WEBHOOK = """mutation ($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { errors { code message field } webhook { id url kinds state secret } } }"""
MARK = """mutation ($input: BookMarkInput!) {
  bookMark(input: $input) { done rows { errors { code message } entry { id status } } } }"""


@pytest.fixture(scope="module")
def village_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    # The agency's own system listens on this machine.
    folder = tmp_path_factory.mktemp("telling")
    return read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        webhooks_to_private_addresses=True,
        compiled=COMPILED,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(village: Town) -> Town:
    await booking.fill_books(village)
    return village


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hook() -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    heard: list[tuple[dict[str, str], bytes]] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", hear)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/hook")), heard


async def told(frontend: Frontend, document: str, field: str, **given: object) -> Json:
    answer = await frontend.raw(document, {"input": {"idempotencyKey": key(), **given}})
    assert "errors" not in answer, answer["errors"]
    done: Json = answer["data"][field]
    return done


async def fetched(town: Town, url: str) -> tuple[int, bytes]:
    async with town.http.get(url) as answer:
        return answer.status, await answer.read()


async def table(town: Town, url: str, codec: str) -> Sequence[Sequence[str]]:
    status, content = await fetched(town, url)
    assert 200 == status
    return list(csv.reader(io.StringIO(content.decode(codec), newline="")))


def shown(content: bytes) -> Sequence[tuple[str, datetime]]:
    """Answer what a calendar program shows: of each event the words, and when it begins."""
    events = Calendar.from_ical(content.decode()).walk("VEVENT")
    return [(str(event["summary"]), event.decoded("dtstart")) for event in events]


async def test_a_calendar_shows_its_agents_deadlines_to_whoever_has_the_address_until_it_is_revoked(town: Town) -> None:
    hanako = agent_alone(town)
    rows = await booking.everything(hanako, "policyNumber dueAt status customer { name { family given } }")
    now, near = town.clock(), town.clock() + timedelta(days=89)
    due = [row for row in rows if now < datetime.fromisoformat(row["dueAt"]) < near and row["status"] != "RENEWED"]

    made = (await told(hanako, CREATE_CALENDAR, "deadlineCalendarCreate", scope="VISIBLE"))["calendar"]
    status, content = await fetched(town, made["url"])
    maturities = {(words[-4:], at) for words, at in shown(content) if "満期" in words}

    assert (200, False) == (status, made["names"])
    assert due
    assert {(row["policyNumber"][-4:], datetime.fromisoformat(row["dueAt"])) for row in due} == maturities
    names = {"{family} {given}".format(**row["customer"]["name"]) for row in rows}
    assert not [name for name in names if name.encode() in content]

    revoked = (await told(hanako, REVOKE_CALENDAR, "deadlineCalendarRevoke", calendarId=made["id"]))["calendar"]
    assert (None, 404) == (revoked["url"], (await fetched(town, made["url"]))[0])


async def test_a_calendar_of_what_is_assigned_is_empty_where_nothing_is_and_names_only_where_that_was_asked(
    town: Town,
) -> None:
    jiro = agent_alone(town, JIRO)
    rows = await booking.everything(jiro, "id customer { name { family given } } assignee { displayName }")
    assigned = {row["customer"]["name"]["family"] for row in rows if row["assignee"] == {"displayName": JIRO}}

    made = (await told(jiro, CREATE_CALENDAR, "deadlineCalendarCreate", names=True))["calendar"]
    _, content = await fetched(town, made["url"])

    assert {words.split()[1] for words, _ in shown(content)} <= assigned


async def test_nobody_but_its_agent_finds_or_revokes_a_calendar(town: Town) -> None:
    made = (await told(agent_alone(town), CREATE_CALENDAR, "deadlineCalendarCreate"))["calendar"]
    for other in (agent_alone(town, MANAGER), agent_alone(town, OTHERS_AGENT)):
        found = await other.raw("query ($id: ID!) { node(id: $id) { id } }", {"id": made["id"]})
        done = await told(other, REVOKE_CALENDAR, "deadlineCalendarRevoke", calendarId=made["id"])
        assert (None, ["NOT_FOUND"]) == (found["data"]["node"], [error["code"] for error in done["errors"]])


async def test_a_file_holds_each_row_that_was_asked_for_with_a_mark_that_spreadsheets_want(town: Town) -> None:
    manager = agent_alone(town, MANAGER)
    rows = await booking.everything(manager, "policyNumber premium")

    export = (await manager.raw(EXPORT, {"encoding": "UTF_8"}))["data"]["book"]["export"]
    head, *lines = await table(town, export["url"], "utf-8-sig")

    assert [row["policyNumber"] for row in rows] == [line[head.index("証券番号")] for line in lines]
    assert [str(row["premium"] or "") for row in rows] == [line[head.index("現在の年間保険料")] for line in lines]
    assert export["unencodableUrl"] is None
    assert (await fetched(town, export["url"]))[1].startswith(b"\xef\xbb\xbf")


async def test_what_cp932_cannot_hold_is_written_otherwise_and_listed(town: Town) -> None:
    manager = agent_alone(town, MANAGER)
    export = (await manager.raw(EXPORT, {"encoding": "CP932"}))["data"]["book"]["export"]
    plain = (await manager.raw(EXPORT, {"encoding": "UTF_8"}))["data"]["book"]["export"]

    head, *lines = await table(town, export["url"], "cp932")
    _, *truth = await table(town, plain["url"], "utf-8-sig")
    _, *lost = await table(town, export["unencodableUrl"], "utf-8-sig")

    differing = {
        (str(at), head[column])
        for at, (line, true) in enumerate(zip(lines, truth, strict=True), start=2)
        for column in range(len(head))
        if line[column] != true[column]
    }
    assert differing == {(line, column) for line, _, column, _, _ in lost}


async def test_a_branch_exports_itself_and_an_address_opens_for_a_quarter_of_an_hour(town: Town) -> None:
    jiro = agent_alone(town, JIRO)
    export = (await jiro.raw(EXPORT, {"encoding": "UTF_8"}))["data"]["book"]["export"]
    head, *lines = await table(town, export["url"], "utf-8-sig")
    assert {"02"} == {line[head.index("拠点")] for line in lines}

    town.clock.advance(timedelta(minutes=15))
    assert 404 == (await fetched(town, export["url"]))[0]
    assert 404 == (await fetched(town, export["url"].replace("book.csv", "unencodable.csv")))[0]


async def test_an_agencys_system_is_told_when_an_entry_moves_and_other_agencies_are_not(
    town: Town, hook: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, heard = hook
    manager = agent_alone(town, MANAGER)
    made = await told(manager, CREATE_WEBHOOK, "webhookCreate", url=url, kinds=["RENEWAL_CHANGED"])
    assert [] == made["errors"]
    theirs = agent_alone(town, OTHERS_AGENT)
    entries = {
        frontend: (await booking.everything(frontend, "id", filter={"statuses": ["NOT_STARTED"]}))[0]["id"]
        for frontend in (manager, theirs)
    }

    for frontend, entry in entries.items():
        done = await told(frontend, MARK, "bookMark", entryIds=[entry], mark="DONE_ELSEWHERE")
        assert 1 == done["done"], done
    await booking.fill_books(town)

    [(headers, body)] = heard
    said = json.loads(body)
    # The library's own check would hold the town's time against the machine's.
    stamped = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signature = Verifier(made["webhook"]["secret"]).sign(headers["webhook-id"], stamped, body.decode())
    assert headers["webhook-signature"] == signature
    assert entries[manager] == said["data"]["id"]
    assert ("renewal.changed", "done_elsewhere") == (said["type"], said["data"]["status"])


async def test_only_a_manager_sets_up_a_webhook_and_never_one_that_is_no_address(town: Town) -> None:
    for name, url, code in ((HANAKO, "https://hooks.example.jp/", "NOT_ELIGIBLE"), (MANAGER, "ftp://x", "INVALID")):
        done = await told(agent_alone(town, name), CREATE_WEBHOOK, "webhookCreate", url=url, kinds=["FEED_READ"])
        assert ([code], None) == ([error["code"] for error in done["errors"]], done["webhook"])
