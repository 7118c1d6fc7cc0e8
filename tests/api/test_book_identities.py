"""
Crossed identities over every field of the book: who may not see a row sees no field of it, by whichever way.

`FIELDS` says of every field what it needs. A field that is not in it fails the first test.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto

import pytest
import pytest_asyncio

from schema.execution.limits import LIMITS
from tests.api import booking
from tests.api.agencies import HANAKO, JIRO, MANAGER, OTHERS_AGENT, agent_alone, agent_for, consent, revoke
from tests.api.booking import NO_AGENT, selections
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json
from tests.api.live import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Needs(Enum):
    """What a field needs beside an agent who may see the row."""

    ROW = auto()  # nothing: the insurer's feed tells it, or it is the agency's own
    LEAVE = auto()  # any consent of the customer's that holds
    READ = auto()  # a consent to read


FIELDS: Mapping[str, Mapping[str, Needs]] = {
    "Book": dict.fromkeys(
        ["id", "agency", "agent", "agents", "summary", "renewals", "customers", "lists", "providers"], Needs.ROW
    )
    | dict.fromkeys(["reminders", "reminderSchedule", "webhooks", "calendars", "export"], Needs.ROW),
    "BookEntry": {
        **dict.fromkeys(
            ["id", "insurer", "policyNumber", "customer", "vehicle", "plate", "startsAt", "dueAt", "daysLeft"],
            Needs.ROW,
        ),
        **dict.fromkeys(["status", "statusLabel", "blocker", "blockerLabel", "list", "insurerStatus"], Needs.ROW),
        **dict.fromkeys(["mark", "premium", "nextPremium", "premiumChange", "grade", "autoRenewal"], Needs.ROW),
        **dict.fromkeys(["branch", "assignee", "deadlines", "freshness", "provenance", "changes"], Needs.ROW),
        **dict.fromkeys(["notes", "nextActions"], Needs.ROW),
        "consent": Needs.LEAVE,
        "renewal": Needs.READ,
        "policy": Needs.READ,
    },
    "BookCustomer": {
        **dict.fromkeys(["id", "name", "birthDate", "phone", "email", "entries", "assignee"], Needs.ROW),
        "consent": Needs.LEAVE,
    },
}

# What the customer says, and what is then to be seen of it.
SCOPES = {"READ_POLICIES", "PREPARE_RENEWAL", "SUBMIT_RENEWAL"}

FIND = "query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id, $id]) { id } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def linked(village: Town, villager: Frontend) -> Frontend:
    """Taro, whose policies are in the agency's book, with accounts everywhere and renewals that run."""
    await booking.fill_books(village)
    for code in CODES:
        await villager.start(code)
    return villager


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def taros(village: Town, linked: Frontend) -> Json:
    """The entry of the policy of which the renewal runs."""
    number = linked.person["policies"][CODES[0]][0]
    manager = agent_alone(village, MANAGER)
    said = {"search": number, "insurers": [{"code": CODES[0]}]}
    (row,) = await booking.everything(manager, "id branch customer { id }", filter=said)
    return row


def by_field(type_: str) -> Iterator[str]:
    """Ask for each field of a node by itself, under an alias of its own, as many at once as may be."""
    parts = [
        f"{field}: node(id: $id) {{ ... on {type_} {{ __typename {text} }} }}"
        for field, text in selections(type_, depth=1).items()
    ]
    for start in range(0, len(parts), LIMITS.roots):
        yield f"query ($id: ID!) {{ {' '.join(parts[start : start + LIMITS.roots])} }}"


async def seen(frontend: Frontend, type_: str, id_: str) -> Mapping[str, Json | None]:
    found: dict[str, Json | None] = {}
    for document in by_field(type_):
        answer = await frontend.raw(document, {"id": id_})
        assert "errors" not in answer, answer["errors"]
        found |= answer["data"]
    return found


def shown(found: Mapping[str, Json | None], field: str) -> object:
    """Answer what a field says; None also where its node is not there."""
    node = found[field]
    return None if node is None else node[field]


@pytest.mark.parametrize("type_", FIELDS)
async def test_every_field_has_its_rule(type_: str) -> None:
    assert set(selections(type_)) == set(FIELDS[type_])


def outsiders(town: Town, branch: str) -> Mapping[str, Frontend]:
    """Whoever may not see a row of this branch."""
    other_branch = JIRO if branch == "01" else HANAKO
    return {
        "the other agency": agent_alone(town, OTHERS_AGENT),
        "the other agency for the customer": agent_for(town, town.customer("taro"), OTHERS_AGENT),
        "another branch": agent_alone(town, other_branch),
        "no agency": agent_alone(town, NO_AGENT),
        "the customer": town.customer("taro"),
        "another customer": town.customer("sayuri"),
        "nobody": town.nobody(),
    }


async def test_who_may_not_see_a_row_sees_no_field_of_it_by_any_way(village: Town, taros: Json) -> None:
    ids = {"BookEntry": taros["id"], "BookCustomer": taros["customer"]["id"]}

    for name, outsider in outsiders(village, taros["branch"]).items():
        for type_, id_ in ids.items():
            found = await seen(outsider, type_, id_)
            assert dict.fromkeys(FIELDS[type_]) == found, (name, type_)
            found = (await outsider.raw(FIND, {"id": id_}))["data"]
            assert {"node": None, "nodes": [None, None]} == found, (name, type_)


async def test_a_book_is_one_agents_own(village: Town, taros: Json) -> None:
    insiders = {name: agent_alone(village, name) for name in (HANAKO, JIRO, MANAGER, OTHERS_AGENT)}
    books = {name: (await one.raw("{ book { id } }"))["data"]["book"]["id"] for name, one in insiders.items()}
    assert 4 == len(set(books.values()))

    askers = {**insiders, **outsiders(village, taros["branch"])}
    for name, asker in askers.items():
        for whose, id_ in books.items():
            found = await seen(asker, "Book", id_)
            own = whose == name or (name.startswith("the other agency") and whose == OTHERS_AGENT)
            own = own or (name == "another branch" and whose in (HANAKO, JIRO) and not _of(taros["branch"], whose))
            assert own == all(found.values()) == any(found.values()), (name, whose)


def _of(branch: str, name: str) -> bool:
    return name == (HANAKO if branch == "01" else JIRO)


async def test_what_an_insider_sees_is_decided_by_the_customers_consent_at_this_moment(
    village: Town, linked: Frontend, taros: Json
) -> None:
    hers = HANAKO if taros["branch"] == "01" else JIRO
    insiders = [agent_alone(village, name) for name in (MANAGER, hers)]

    async def expect(scopes: Sequence[str]) -> None:
        holds = {Needs.ROW: True, Needs.LEAVE: bool(scopes), Needs.READ: "READ_POLICIES" in scopes}
        for insider in insiders:
            for type_, id_ in {"BookEntry": taros["id"], "BookCustomer": taros["customer"]["id"]}.items():
                found = await seen(insider, type_, id_)
                assert all(found.values())
                for field, needs in FIELDS[type_].items():
                    if needs is not Needs.ROW:
                        assert holds[needs] == (shown(found, field) is not None), (scopes, type_, field)
                if "SUBMIT_RENEWAL" in scopes:
                    granted = shown(found, "consent")
                    assert isinstance(granted, dict)
                    assert set(scopes) == set(granted["scopes"])

    await expect([])
    reads = await consent(linked, "READ_POLICIES")
    await expect(["READ_POLICIES"])
    await revoke(linked, reads)
    await expect([])
    everything = await consent(linked, *sorted(SCOPES))
    await expect(sorted(SCOPES))
    for name, outsider in outsiders(village, taros["branch"]).items():
        assert dict.fromkeys(FIELDS["BookEntry"]) == await seen(outsider, "BookEntry", taros["id"]), name
    await revoke(linked, everything)
    await expect([])


RENEWING = """query ($id: ID!, $whose: ID!) {
  node(id: $id) { ... on BookEntry { status statusLabel blocker blockerLabel nextActions { kind } } }
  book {
    summary(dueWithinDays: 90) { byStatus { status count } byBlocker { blocker count } premiumAtRisk }
    renewals(first: 50, filter: { customerId: $whose, statuses: [NOT_STARTED] }) { edges { node { id status } } } } }"""


async def test_how_a_customers_own_renewal_stands_is_shown_while_the_customer_lets_the_agency_read(
    village: Town, linked: Frontend, taros: Json
) -> None:
    manager = agent_alone(village, MANAGER)

    async def told() -> Json:
        answer = await manager.raw(RENEWING, {"id": taros["id"], "whose": taros["customer"]["id"]})
        assert "errors" not in answer, answer["errors"]
        return dict(answer["data"])

    before = await told()
    reads = await consent(linked, "READ_POLICIES")
    meanwhile = await told()
    await revoke(linked, reads)

    assert ("NOT_STARTED", "NOT_LINKED") == (before["node"]["status"], before["node"]["blocker"])
    assert "IN_PROGRESS" not in {count["status"] for count in before["book"]["summary"]["byStatus"]}
    assert taros["id"] in [edge["node"]["id"] for edge in before["book"]["renewals"]["edges"]]
    assert ("IN_PROGRESS", "NOT_LINKED") == (meanwhile["node"]["status"], meanwhile["node"]["blocker"])
    assert "IN_PROGRESS" in {count["status"] for count in meanwhile["book"]["summary"]["byStatus"]}
    assert taros["id"] not in [edge["node"]["id"] for edge in meanwhile["book"]["renewals"]["edges"]]
    assert before == await told()


async def test_a_consent_that_expires_ends_while_nobody_does_anything(
    village: Town, linked: Frontend, taros: Json
) -> None:
    manager = agent_alone(village, MANAGER)
    start = village.clock()
    try:
        await consent(linked, "READ_POLICIES", expiresAt=(start + timedelta(minutes=10)).isoformat())
        before = await seen(manager, "BookEntry", taros["id"])
        village.clock.set(start + timedelta(minutes=10))
        after = await seen(manager, "BookEntry", taros["id"])
    finally:
        village.clock.set(start)

    guarded = [field for field, needs in FIELDS["BookEntry"].items() if needs is not Needs.ROW]
    assert all(shown(before, field) for field in guarded)
    assert [None] * len(guarded) == [shown(after, field) for field in guarded]


async def test_what_a_policy_of_a_row_shows_is_the_customers_own(village: Town, linked: Frontend, taros: Json) -> None:
    manager = agent_alone(village, MANAGER)
    granted = await consent(linked, "READ_POLICIES")
    asked = """query ($id: ID!) { node(id: $id) { ... on BookEntry { policyNumber
      policy { number deadlines { kind } renewability { online } renewal { id status } documents { url } }
      renewal { id status policy { number } } } } }"""

    found = (await manager.raw(asked, {"id": taros["id"]}))["data"]["node"]
    await revoke(linked, granted)
    after = (await manager.raw(asked, {"id": taros["id"]}))["data"]["node"]

    assert found["policyNumber"] == found["policy"]["number"] == found["renewal"]["policy"]["number"]
    assert found["renewal"]["id"] == found["policy"]["renewal"]["id"]
    assert found["policy"]["deadlines"]
    assert all(document["url"] for document in found["policy"]["documents"])
    assert (None, None) == (after["policy"], after["renewal"])


async def test_the_store_is_asked_as_often_for_many_renewals_as_for_one(
    village: Town, linked: Frontend, taros: Json
) -> None:
    manager, granted = agent_alone(village, MANAGER), await consent(linked, "READ_POLICIES")
    document = """query ($first: Int!, $whose: ID!) { book { renewals(first: $first, filter: { customerId: $whose }) {
      edges { node { consent { id } assignee { id } renewal { id status } nextActions { kind } } } } } }"""
    asked, shown_ = [], []
    for first in (1, 100):
        with booking.statements() as counted:
            answer = await manager.raw(document, {"first": first, "whose": taros["customer"]["id"]})
        asked.append(len(counted))
        shown_ = [edge["node"]["renewal"] for edge in answer["data"]["book"]["renewals"]["edges"]]
    await revoke(linked, granted)

    assert 2 == len([renewal for renewal in shown_ if renewal])
    assert asked[0] == asked[1], asked


async def test_nobody_but_its_agents_hears_of_a_book(village: Town, taros: Json) -> None:
    for name in ("no agency", "the customer"):
        async with connected(outsiders(village, taros["branch"])[name]) as live:
            await live.subscribe("subscription { bookUpdated { summary { total } } }")

            assert "complete" == (await live.hear())["type"], name
