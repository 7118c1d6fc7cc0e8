"""An agent's book over all insurers: one screen is one query, and every filter and order is what it says."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import jaconv
import pytest
import pytest_asyncio

from insurers.hours import TOKYO
from insurers.kana import kana_key
from insurers.name import name_key
from tests.api import booking
from tests.api.agencies import HANAKO, JIRO, MANAGER, OTHERS_AGENT, agent_alone
from tests.api.booking import NO_AGENT
from tests.api.conftest import CODES, FRIDAY, Town
from tests.api.frontend import Frontend, Json, codes, key

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = FRIDAY.date()

SCREEN = """{
  book {
    id agency { name } agent { displayName } agents { id displayName }
    summary(dueWithinDays: 60) { asOf total due expired premiumAtRisk
      byStatus { status label count } byInsurer { insurer { code } count } byBlocker { blocker label count } }
    lists { list label count }
    providers { insurer { code name } state message asOf readAt freshUntil entries
      latest { state read total flawed flaws { edges { node { line column kind reason } } } }
      feedHours { openNow opensAt } renewalHours { openNow closesAt } }
    renewals(first: 50) { totalCount pageInfo { hasNextPage endCursor }
      edges { cursor node { id policyNumber dueAt daysLeft status statusLabel blocker blockerLabel list insurerStatus
        insurer { code } vehicle plate premium nextPremium premiumChange grade autoRenewal branch
        customer { id name { family given familyKana givenKana } birthDate phone email entries { id } }
        assignee { id displayName } consent { id } renewal { id } deadlines { kind at source confidence }
        freshness { state fetchedAt freshUntil } provenance { source asOf readAt firstReadAt goneAt }
        changes(first: 3) { edges { node { kind } } } notes(first: 3) { edges { node { text } } }
        nextActions { kind label mutation primary consequence } } } } } }"""

ROW = """id policyNumber dueAt daysLeft status blocker list branch plate premiumChange assignee { id }
  insurer { code } customer { id name { family given familyKana givenKana } } provenance { goneAt }"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def manager(village: Town) -> Frontend:
    """Who sees the whole book of the one agency, once every feed was read."""
    await booking.fill_books(village)
    return agent_alone(village, MANAGER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(manager: Frontend) -> Sequence[Json]:
    """Every entry of the book, soonest first."""
    return await booking.everything(manager, ROW)


def due(row: Json) -> datetime:
    return datetime.fromisoformat(row["dueAt"])


def day(row: Json) -> date:
    return due(row).astimezone(TOKYO).date()


def written(row: Json) -> str:
    return "".join(row["customer"]["name"][part] for part in ("family", "given"))


def read(row: Json) -> str | None:
    """The reading; a name that is all kana is its own."""
    name = row["customer"]["name"]
    reading = (name["familyKana"] or name["family"]) + (name["givenKana"] or name["given"])
    return str(reading) if is_kana(reading) else None


def is_kana(text: str) -> bool:
    return all("ぁ" <= letter <= "ヿ" for letter in text)


def digits(row: Json) -> str:
    """The number of a plate as people say it, without what stands in the place of missing digits."""
    plate = unicodedata.normalize("NFKC", row["plate"] or "")
    return "".join(letter for letter in plate.split(" ")[-1] if letter.isdecimal())


async def test_one_screen_is_one_query(manager: Frontend, rows: Sequence[Json]) -> None:
    book = (await manager.raw(SCREEN))["data"]["book"]

    shown = [edge["node"] for edge in book["renewals"]["edges"]]
    assert ("さくら保険サービス", MANAGER) == (book["agency"]["name"], book["agent"]["displayName"])
    assert {HANAKO, JIRO, MANAGER} == {agent["displayName"] for agent in book["agents"]}
    assert [row["id"] for row in rows][:50] == [row["id"] for row in shown]
    assert sorted(CODES) == sorted(provider["insurer"]["code"] for provider in book["providers"])
    assert {"FRESH"} == {provider["state"] for provider in book["providers"]}
    assert len(rows) == book["summary"]["total"] == sum(provider["entries"] for provider in book["providers"])
    assert all(row["nextActions"] and row["statusLabel"] and row["blockerLabel"] for row in shown)
    assert {
        ("MATURITY", "INSURER_SAID", "保険会社のデータ"),
        ("GRADE_CARRY_OVER_ENDS", "CONFIGURED", "約款（等級の継承は満期日から7日以内）"),
    } == {
        (deadline["kind"], deadline["confidence"], deadline["source"]) for row in shown for deadline in row["deadlines"]
    }
    assert {"CACHED"} == {row["freshness"]["state"] for row in shown}
    assert (None, None) == (shown[0]["consent"], shown[0]["renewal"])


async def test_a_screen_asks_the_store_as_often_for_fifty_rows_as_for_five(manager: Frontend) -> None:
    asked = []
    for rows in (5, 50):
        with booking.statements() as counted:
            book = (await manager.raw(SCREEN.replace("first: 50", f"first: {rows}")))["data"]["book"]
        assert rows == len(book["renewals"]["edges"])
        asked.append(len(counted))

    assert asked[0] == asked[1], asked


async def test_the_store_is_asked_as_often_for_many_ids_as_for_one(manager: Frontend, rows: Sequence[Json]) -> None:
    ids = [row["id"] for row in rows[:50]]
    documents = {
        "nodes": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "_entities": "query ($of: [_Any!]!) { _entities(representations: $of) { ... on BookEntry { id } } }",
    }
    for field, document in documents.items():
        asked = []
        for some in (ids[:1], ids, [*ids, *ids]):
            of = [{"__typename": "BookEntry", "id": id_} for id_ in some]
            with booking.statements() as counted:
                answer = await manager.raw(document, {"ids": some} if field == "nodes" else {"of": of})
            assert some == [one["id"] for one in answer["data"][field]]
            asked.append(len(counted))

        assert 1 == len(set(asked)), (field, asked)


async def test_the_figures_are_those_of_the_rows(manager: Frontend, rows: Sequence[Json]) -> None:
    book = (await manager.raw(SCREEN))["data"]["book"]
    ahead = [row for row in rows if FRIDAY < due(row) and day(row) <= TODAY + timedelta(days=60)]
    closed = {"ACCEPTED", "RENEWED", "DONE_ELSEWHERE", "CANCELLED"}

    def counted(of: Callable[[Json], str], among: Sequence[Json] = ahead) -> dict[str, int]:
        names = [of(row) for row in among]
        return {name: names.count(name) for name in names}

    summary = book["summary"]
    assert len([row for row in ahead if row["status"] not in closed]) == summary["due"]
    assert counted(lambda row: row["status"]) == {each["status"]: each["count"] for each in summary["byStatus"]}
    assert counted(lambda row: row["blocker"]) == {each["blocker"]: each["count"] for each in summary["byBlocker"]}
    assert counted(lambda row: row["insurer"]["code"]) == {
        each["insurer"]["code"]: each["count"] for each in summary["byInsurer"]
    }
    for each in book["lists"]:
        there = await booking.everything(manager, "id list dueAt", filter={"list": each["list"]})
        assert len(there) == each["count"], each
    assert ["RENEWAL", "EXPIRING", "EXPIRED"] == [each["list"] for each in book["lists"]]


@pytest.mark.parametrize("name", [NO_AGENT, None])
async def test_who_is_no_agent_has_no_book(village: Town, manager: Frontend, name: str | None) -> None:
    asker = agent_alone(village, name) if name else village.customer("taro")

    assert {"data": {"book": None}} == await asker.raw("{ book { id } }")


async def test_a_branch_an_agency_and_a_manager_see_each_their_part(
    village: Town, manager: Frontend, rows: Sequence[Json]
) -> None:
    hers, his, others = [
        [row["id"] for row in await booking.everything(agent_alone(village, name), "id")]
        for name in (HANAKO, JIRO, OTHERS_AGENT)
    ]

    assert [row["id"] for row in rows if row["branch"] == "01"] == hers
    assert [row["id"] for row in rows if row["branch"] == "02"] == his
    assert others
    assert not {row["id"] for row in rows} & set(others)


# ---- filters

Condition = tuple[Callable[[Sequence[Json]], Json], Callable[[Json, Json], bool]]


def middle(rows: Sequence[Json]) -> Json:
    return rows[len(rows) // 2]


FILTERS: dict[str, Condition] = {
    "an insurer": (
        lambda rows: {"insurers": [{"code": CODES[0]}]},
        lambda row, said: row["insurer"]["code"] == CODES[0],
    ),
    "no insurer": (lambda rows: {"insurers": []}, lambda row, said: False),
    "an unknown insurer": (lambda rows: {"insurers": [{"code": "nobody"}]}, lambda row, said: False),
    "a status": (
        lambda rows: {"statuses": ["NOT_STARTED", "RENEWED"]},
        lambda row, said: row["status"] in said["statuses"],
    ),
    "a blocker": (lambda rows: {"blockers": ["NOT_LINKED"]}, lambda row, said: row["blocker"] == "NOT_LINKED"),
    "from a day": (
        lambda rows: {"dueFrom": str(day(middle(rows)))},
        lambda row, said: str(day(row)) >= said["dueFrom"],
    ),
    "until a day": (
        lambda rows: {"dueUntil": str(day(middle(rows)))},
        lambda row, said: str(day(row)) <= said["dueUntil"],
    ),
    "expiring": (
        lambda rows: {"list": "EXPIRING"},
        lambda row, said: row["list"] == "EXPIRING",
    ),
    "in the renewal list": (
        lambda rows: {"list": "RENEWAL"},
        lambda row, said: row["list"] in ("RENEWAL", "EXPIRING"),
    ),
    "expired": (lambda rows: {"list": "EXPIRED"}, lambda row, said: row["list"] == "EXPIRED"),
    "a branch": (lambda rows: {"branch": "02"}, lambda row, said: row["branch"] == "02"),
    "nobody's": (lambda rows: {"unassigned": True}, lambda row, said: row["assignee"] is None),
    "a change of premium from": (
        lambda rows: {"premiumChangeFrom": 1},
        lambda row, said: row["premiumChange"] is not None and row["premiumChange"] >= 1,
    ),
    "a change of premium until": (
        lambda rows: {"premiumChangeUntil": -1},
        lambda row, said: row["premiumChange"] is not None and row["premiumChange"] <= -1,
    ),
    "a customer": (
        lambda rows: {"customerId": middle(rows)["customer"]["id"]},
        lambda row, said: row["customer"]["id"] == said["customerId"],
    ),
    "no customer of ours": (lambda rows: {"customerId": "x"}, lambda row, said: False),
    "no agent of ours": (lambda rows: {"assigneeId": "x"}, lambda row, said: False),
    "vanished": (lambda rows: {"vanished": True}, lambda row, said: row["provenance"]["goneAt"] is not None),
    "several at once": (
        lambda rows: {"branch": "01", "blockers": ["NOT_LINKED"], "dueFrom": str(TODAY), "premiumChangeFrom": 0},
        lambda row, said: (
            row["branch"] == "01"
            and row["blocker"] == "NOT_LINKED"
            and day(row) >= TODAY
            and row["premiumChange"] is not None
            and row["premiumChange"] >= 0
        ),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filter_finds_what_it_says_and_nothing_else(manager: Frontend, rows: Sequence[Json], name: str) -> None:
    say, fits = FILTERS[name]
    said = say(rows)

    found = await booking.everything(manager, "id", filter=said)

    assert [row["id"] for row in rows if fits(row, said)] == [row["id"] for row in found]


SEARCHES: dict[str, Callable[[Json], str | None]] = {
    "kanji": written,
    "the family name": lambda row: row["customer"]["name"]["family"],
    "kanji with a space of full width": lambda row: "\u3000".join(
        row["customer"]["name"][part] for part in ("family", "given")
    ),
    "katakana": read,
    "the beginning in hiragana": lambda row: jaconv.kata2hira((read(row) or "")[:3]),
    "half-width kana": lambda row: jaconv.z2h(read(row) or "", kana=True),
    "the number": lambda row: row["policyNumber"],
    "the number in full width": lambda row: jaconv.h2z(row["policyNumber"], ascii=True, digit=True),
    "the plate": lambda row: row["plate"],
    "its last digits": digits,
}


@pytest.mark.parametrize("name", SEARCHES)
async def test_a_search_finds_whom_it_is_true_of_and_nobody_else(
    manager: Frontend, rows: Sequence[Json], name: str
) -> None:
    say = SEARCHES[name]
    for row in [row for row in rows if say(row)][:: max(1, len(rows) // 4)]:
        said = say(row)
        assert said

        found = [each["id"] for each in await booking.everything(manager, "id", filter={"search": said})]

        assert row["id"] in found, said
        assert [each["id"] for each in rows if is_meant(each, said)] == found, said


def is_meant(row: Json, said: str) -> bool:
    """Whether the name or its reading begins like this, or the number or the plate is this."""
    plain = "".join(unicodedata.normalize("NFKC", said).split())
    plate = unicodedata.normalize("NFKC", row["plate"] or "")
    return (
        name_key(written(row)).startswith(name_key(said))
        or (is_kana(plain) and kana_key(read(row) or "・").startswith(kana_key(plain)))
        or row["policyNumber"] == plain.upper()
        or plain == "".join(plate.split())
        or (plain.isdecimal() and len(plain) <= 4 and digits(row).zfill(4) == plain.zfill(4))
    )


async def test_a_search_for_nobody_finds_nothing(manager: Frontend) -> None:
    for said in ("存在しない", "ソンザイシナイ", "ZZ99999999", "品川 999 ん 99-99", "%", "_"):
        assert [] == await booking.everything(manager, "id", filter={"search": said}), said


# ---- orders


def _value(field: str) -> Callable[[Json], Any]:
    return {"DUE": due, "KANA": read, "PREMIUM_CHANGE": lambda row: row["premiumChange"]}[field]


@pytest.mark.parametrize(
    ("field", "direction"),
    [("DUE", "ASC"), ("DUE", "DESC"), ("KANA", "ASC"), ("KANA", "DESC"), ("PREMIUM_CHANGE", "DESC")],
)
async def test_an_order_is_kept_over_all_pages(
    manager: Frontend, rows: Sequence[Json], field: str, direction: str
) -> None:
    value = _value(field)
    found = await booking.everything(manager, ROW, first=30, by={"field": field, "direction": direction})

    values = [value(row) for row in found]
    told = [each for each in values if each is not None]
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in found)
    assert values == told + [None] * (len(values) - len(told)), "what has no value comes last"
    if field != "KANA":
        assert sorted(told, reverse=direction == "DESC") == told


async def test_customers_come_in_the_order_of_their_readings_each_with_all_their_policies(
    manager: Frontend, rows: Sequence[Json]
) -> None:
    asked = """query ($after: String, $search: String) { book { customers(first: 20, after: $after, search: $search) {
      edges { node { id name { familyKana givenKana } phone email entries { id insurer { code } } } }
      pageInfo { hasNextPage endCursor } } } }"""
    found: list[Json] = []
    after = None
    while True:
        page = (await manager.raw(asked, {"after": after}))["data"]["book"]["customers"]
        found += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert sorted({row["customer"]["id"] for row in rows}) == sorted(each["id"] for each in found)
    assert sorted(row["id"] for row in rows) == sorted(entry["id"] for each in found for entry in each["entries"])
    assert any(len({entry["insurer"]["code"] for entry in each["entries"]}) > 1 for each in found)
    one = found[0]["name"]
    page = (await manager.raw(asked, {"search": one["familyKana"]}))["data"]["book"]["customers"]
    assert found[0]["id"] in [edge["node"]["id"] for edge in page["edges"]]


async def test_a_page_size_is_clamped_and_a_strange_cursor_begins_at_the_beginning(
    manager: Frontend, rows: Sequence[Json]
) -> None:
    asked = """query ($first: Int!, $after: String, $by: BookEntryOrder) { book {
      renewals(first: $first, after: $after, orderBy: $by) {
        edges { cursor node { id } } pageInfo { hasPreviousPage } } } }"""

    async def page(first: int, after: str | None = None, field: str = "DUE") -> Json:
        said = {"first": first, "after": after, "by": {"field": field}}
        return (await manager.raw(asked, said))["data"]["book"]["renewals"]  # type: ignore[no-any-return]  # What was asked for.

    assert [1, 1, min(100, len(rows))] == [len((await page(first))["edges"]) for first in (-5, 0, 1000)]
    cursor = (await page(1))["edges"][0]["cursor"]
    for strange, field in (("x", "DUE"), (cursor, "KANA"), (cursor[:-1], "DUE")):
        begun, again = await page(1, None, field), await page(1, strange, field)
        assert begun["edges"][0]["node"] == again["edges"][0]["node"], (strange, field)
    assert rows[1]["id"] == (await page(1, cursor))["edges"][0]["node"]["id"]


# ---- many rows at once

DEEDS = {
    "bookRenewalsStart": ("BookRenewalsStartInput", {}),
    "bookReminderSend": ("BookReminderSendInput", {}),
    "bookCustomerAsk": ("BookCustomerAskInput", {}),
    "bookAssign": ("BookAssignInput", {}),
    "bookNoteAdd": ("BookNoteAddInput", {"text": "電話済み"}),
    "bookMark": ("BookMarkInput", {"mark": "REFERRED"}),
}


async def do(frontend: Frontend, deed: str, ids: Sequence[str], **said: Any) -> Json:
    kind, fields = DEEDS[deed]
    document = f"""mutation ($input: {kind}!) {{ done: {deed}(input: $input) {{ done failed replayed
      errors {{ code message field }}
      rows {{ entryId replayed errors {{ code }} entry {{ id assignee {{ displayName }} mark status
        notes(first: 1) {{ edges {{ node {{ text authorName }} }} }} }} }} }} }}"""
    answer = await frontend.raw(document, {"input": {"entryIds": list(ids), "idempotencyKey": key(), **fields, **said}})
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["done"]  # type: ignore[no-any-return]  # What was asked for.


@pytest.mark.parametrize("deed", DEEDS)
async def test_another_agencys_rows_and_what_is_no_row_are_not_found_and_stop_no_other(
    village: Town, manager: Frontend, rows: Sequence[Json], deed: str
) -> None:
    stranger = agent_alone(village, OTHERS_AGENT)
    own = (await stranger.raw("{ book { renewals(first: 1) { edges { node { id } } } } }"))["data"]["book"]["renewals"]
    own = own["edges"][0]["node"]["id"]
    foreign, customer = rows[0]["id"], rows[0]["customer"]["id"]

    done = await do(stranger, deed, [foreign, own, "x", customer, foreign])

    assert [foreign, own, "x", customer] == [row["entryId"] for row in done["rows"]]
    assert [["NOT_FOUND"]] * 3 == [codes(done["rows"][place]) for place in (0, 2, 3)]
    assert [None] * 3 == [done["rows"][place]["entry"] for place in (0, 2, 3)]
    assert "NOT_FOUND" not in codes(done["rows"][1])
    assert 4 == done["done"] + done["failed"]
    asked = f"query ($id: ID!) {{ node(id: $id) {{ ... on BookEntry {{ {ROW} }} }} }}"
    assert rows[0] == (await manager.raw(asked, {"id": foreign}))["data"]["node"]


@pytest.mark.parametrize("deed", DEEDS)
async def test_too_many_rows_are_refused_in_words_and_none_is_touched(manager: Frontend, deed: str) -> None:
    for ids in ([], [f"id {place}" for place in range(501)]):
        done = await do(manager, deed, ids)

        assert ["INVALID"] == codes(done)
        assert ["entryIds"] == done["errors"][0]["field"]
        assert ([], 0, 0) == (done["rows"], done["done"], done["failed"])


@pytest.mark.parametrize("deed", DEEDS)
async def test_deeds_are_agents_alone(village: Town, rows: Sequence[Json], deed: str) -> None:
    kind, fields = DEEDS[deed]
    document = f"mutation ($input: {kind}!) {{ {deed}(input: $input) {{ done }} }}"
    said = {"entryIds": [rows[0]["id"]], "idempotencyKey": key(), **fields}

    for asker, code in (
        (village.customer("taro"), "FORBIDDEN"),
        (agent_alone(village, NO_AGENT), "FORBIDDEN"),
        (village.nobody(), "UNAUTHENTICATED"),
    ):
        answer = await asker.raw(document, {"input": said})
        assert code == answer["errors"][0]["extensions"]["code"]


async def test_rows_are_given_to_agents_noted_on_and_marked_once_for_each_key(
    village: Town, manager: Frontend, rows: Sequence[Json]
) -> None:
    people = (await manager.raw("{ book { agents { id displayName } } }"))["data"]["book"]["agents"]
    jiro = next(one["id"] for one in people if one["displayName"] == JIRO)
    row = next(row for row in rows if row["branch"] == "02" and row["status"] == "NOT_STARTED")

    given = await do(manager, "bookAssign", [row["id"]], assigneeId=jiro, idempotencyKey="give")
    again = await do(manager, "bookAssign", [row["id"]], assigneeId=jiro, idempotencyKey="give")
    marked = await do(manager, "bookMark", [row["id"]], mark="DONE_ELSEWHERE", note="窓口で更新済み")
    mine = await booking.everything(manager, "id assignee { id }", filter={"assigneeId": jiro})
    nobodys = await do(manager, "bookAssign", [row["id"]], assigneeId="x")
    back = await do(manager, "bookMark", [row["id"]], mark=None)
    await do(manager, "bookAssign", [row["id"]])

    assert (JIRO, False) == (given["rows"][0]["entry"]["assignee"]["displayName"], given["replayed"])
    assert (1, 0, True) == (again["done"], again["failed"], again["replayed"])
    assert row["id"] in {each["id"] for each in mine}
    assert {jiro} == {each["assignee"]["id"] for each in mine}
    entry = marked["rows"][0]["entry"]
    assert ("DONE_ELSEWHERE", "DONE_ELSEWHERE") == (entry["mark"], entry["status"])
    assert {"text": "窓口で更新済み", "authorName": MANAGER} == entry["notes"]["edges"][0]["node"]
    assert (["INVALID"], ["assigneeId"]) == (codes(nobodys), nobodys["errors"][0]["field"])
    assert (None, "NOT_STARTED") == (back["rows"][0]["entry"]["mark"], back["rows"][0]["entry"]["status"])
