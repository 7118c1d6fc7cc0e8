"""An agent asks, the customer gives: by a link that shows nothing to whoever has nothing but the link."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.journeys.wanted import WANTED_SCOPES
from gateway.settings import Given, Settings, read
from insurers.agency import ConsentScope, Mandate
from insurers.identity import PolicyNumber
from schema.ports import Asker, Role
from tests.api import booking
from tests.api.agencies import EVERYTHING, HANAKO, MANAGER, OTHERS_AGENT, agent_alone, agent_for, consent, revoke
from tests.api.conftest import FRIDAY, Town, each_insurer, village
from tests.api.frontend import Frontend, Json, key
from tests.journeys import mail_server, office
from tests.journeys.mail_server import MailServer
from tests.journeys.office import Office, matures, policy
from tests.store.databases import postgresql_migrated, sqlite_migrated

__all__ = ["village"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

CUSTOMERS_SITE = "https://customers.example"

DEED = """mutation ($input: %s!) { %s(input: $input) { errors { code } rows { entryId replayed
  entry { id status blocker renewal { id status } }
  errors { code message ... on ConsentError { missing } } } } }"""

REQUESTS = """{ viewer { requests { id kind label agentName policyNumber scopes mailedAt openedAt
  agency { id name } insurer { code } renewal { id status } nextActions { kind mutation } } } }"""

BY_ID = "query ($id: ID!) { node(id: $id) { id } }"


@pytest.fixture(scope="module")
def office_url() -> str:
    return postgresql_migrated()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(office_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with office.opened(office_url, tmp_path_factory.mktemp("office")) as opened:
        yield opened


def person(name: str, *, role: Role = Role.CUSTOMER) -> Asker:
    return Asker(
        customer=name,
        actor=name,
        display_name=name,
        actor_name=name,
        name=None,
        roles=frozenset({role}),
        expires_at=FRIDAY + timedelta(days=1),
    )


async def test_a_link_shows_nothing_to_whoever_has_nothing_but_the_link(here: Office) -> None:
    await here.enter([policy("ONE", matures(20))])
    ids = await here.ids()
    asking = here.writing.requests
    async with here.store.work() as work:
        asked = (await work.book.entries([ids["ONE"]]))[ids["ONE"]]
        assert (await asking.ask(work, office.HANAKO, office.SAKURA, asked)).problem is None
    await here.turn()
    (link,) = [one for one in here.mails.letters[0].links if "#" in one]
    ticket = link.partition("#")[2]

    async def seen(asker: Asker) -> bool:
        return await asking.by_ticket(asker, ticket) is not None

    assert [False, False] == [await seen(person("c1")), await seen(person("hanako", role=Role.AGENT))]
    async with here.store.work() as work:
        await work.known.note("c1", office.INSURER, [PolicyNumber("ONE")], at=FRIDAY)
        await work.known.note("c2", office.INSURER, [PolicyNumber("OTHER")], at=FRIDAY)
    assert [True, False] == [await seen(person("c1")), await seen(person("c2"))]
    assert None is await asking.by_ticket(person("c1"), ticket.swapcase())

    read_and_submit = frozenset(ConsentScope) - {ConsentScope.PREPARE_RENEWAL}
    mandate = Mandate(id="m1", agency="sakura", customer="c1", scopes=read_and_submit, granted_at=FRIDAY)
    async with here.store.work() as work:
        await work.known.note("c3", office.INSURER, [PolicyNumber("ONE")], at=FRIDAY)
        await work.mandates.add(mandate)
    both = [await asking.by_ticket(person(name), ticket) for name in ("c1", "c3")]
    # A new word replaces the one before, so it is asked for with what was given, and only with what was theirs.
    assert [frozenset(ConsentScope), WANTED_SCOPES] == [one and one.scopes for one in both]
    async with here.store.work() as work:
        await work.mandates.revoke("m1", FRIDAY)
        await work.mandates.add(replace(mandate, id="m2", scopes=frozenset(ConsentScope)))
    # Of two who have the policy in their accounts, what one has given is not asked of the other.
    assert [False, False] == [await seen(person(name)) for name in ("c3", "c1")]
    async with here.store.work() as work:
        await work.mandates.revoke("m2", FRIDAY)
    # What was given and taken back is not asked for again by itself.
    assert not await seen(person("c1"))
    here.clock.advance(timedelta(days=90))
    assert None is await asking.by_ticket(person("c1"), ticket)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server.serve(lambda: FRIDAY) as mails:
        yield mails


@pytest.fixture(scope="module")
def village_settings(tmp_path_factory: pytest.TempPathFactory, mails: MailServer) -> Settings:
    folder = tmp_path_factory.mktemp("village")
    return read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        smtp_host="127.0.0.1",
        smtp_port=mails.port,
        customer_url=CUSTOMERS_SITE,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hanako(village: Town) -> Frontend:
    """An agent whose agency's book was read."""
    await booking.fill_books(village)
    return agent_alone(village, HANAKO)


async def entry(village: Town, customer: Frontend, code: str) -> Json:
    """The entry of the customer's first policy at this insurer."""
    said = {"search": customer.person["policies"][code][0], "insurers": [{"code": code}]}
    (row,) = await booking.everything(agent_alone(village, MANAGER), "id branch customer { email }", filter=said)
    return row


async def deed(frontend: Frontend, name: str, entry_id: str, *, key_: str | None = None) -> Json:
    kind = name[0].upper() + name[1:] + "Input"
    said = {"entryIds": [entry_id], "idempotencyKey": key_ or key()}
    answer = await frontend.raw(DEED % (kind, name), {"input": said})
    assert "errors" not in answer, answer["errors"]
    (row,) = answer["data"][name]["rows"]
    return dict(row)


async def wanted_of(customer: Frontend) -> list[Json]:
    answer = await customer.raw(REQUESTS)
    assert "errors" not in answer, answer["errors"]
    return list(answer["data"]["viewer"]["requests"])


@each_insurer
async def test_consent_a_link_and_a_confirmation_are_asked_for_and_each_request_closes_by_itself(
    village: Town, hanako: Frontend, code: str
) -> None:
    taro = village.customer("taro")
    row = await entry(village, taro, code)

    # Nobody knows yet whose policy it is.
    refused = await deed(hanako, "bookRenewalsStart", row["id"])
    assert [("CONSENT_REQUIRED", ["READ_POLICIES", "PREPARE_RENEWAL"])] == [
        (error["code"], error["missing"]) for error in refused["errors"]
    ]
    # This feed tells of no address, and whom nobody knows nobody can ask.
    asked = await deed(hanako, "bookCustomerAsk", row["id"])
    assert ["INVALID"] == [error["code"] for error in asked["errors"]]

    # An account proves whose it is.
    await taro.register(code)
    await taro.policies()
    assert [] == (await deed(hanako, "bookCustomerAsk", row["id"]))["errors"]
    (asked,) = await wanted_of(taro)
    assert ("CONSENT", code, HANAKO) == (asked["kind"], asked["insurer"]["code"], asked["agentName"])
    assert taro.person["policies"][code][0] == asked["policyNumber"]
    assert [("GRANT_CONSENT", "Mutation.consentGrant")] == [
        (action["kind"], action["mutation"]) for action in asked["nextActions"]
    ]
    assert asked["id"] == (await taro.raw(BY_ID, {"id": asked["id"]}))["data"]["node"]["id"]
    others = [village.customer("sayuri"), hanako, agent_alone(village, OTHERS_AGENT)]
    assert [None] * 3 == [(await other.raw(BY_ID, {"id": asked["id"]}))["data"]["node"] for other in others]

    granted = await consent(taro, *asked["scopes"])
    assert [] == await wanted_of(taro)

    # Now the agent prepares, once for a key and whomever else a token names, until only the customer can go on.
    for_another = agent_for(village, village.customer("sayuri"))
    started = await deed(for_another, "bookRenewalsStart", row["id"], key_="start")
    again = await deed(hanako, "bookRenewalsStart", row["id"], key_="start")
    assert ([], False, True) == (started["errors"], started["replayed"], again["replayed"])
    renewal = started["entry"]["renewal"]["id"]
    assert renewal == again["entry"]["renewal"]["id"]
    draft = await hanako.follow(await hanako.do("RenewalRead", id=renewal))
    (asked,) = await wanted_of(taro)
    assert ("CONFIRM", renewal) == (asked["kind"], asked["renewal"]["id"])
    assert await wanted_of(village.customer("sayuri")) == []

    # What the customer has confirmed is not asked for any more.
    assert "READY" == (await taro.follow(draft | {"errors": []}))["status"]
    assert [] == await wanted_of(taro)

    # To send it the agent needs another consent, which is asked for with those that were given.
    assert [] == (await deed(hanako, "bookCustomerAsk", row["id"]))["errors"]
    (asked,) = await wanted_of(taro)
    assert ("CONSENT", renewal, list(EVERYTHING)) == (asked["kind"], asked["renewal"]["id"], asked["scopes"])
    granted = await consent(taro, *asked["scopes"])
    assert [] == await wanted_of(taro)
    nothing = await deed(hanako, "bookCustomerAsk", row["id"])
    assert ["STEP_LOCKED"] == [error["code"] for error in nothing["errors"]]

    # Without an account nobody can go on.
    answer = await taro.raw("{ viewer { customer { links { id insurer { code } } } } }")
    links = answer["data"]["viewer"]["customer"]["links"]
    (link_id,) = [one["id"] for one in links if one["insurer"]["code"] == code]
    await taro.mutate("InsurerLinkDelete", linkId=link_id)
    stuck = await deed(hanako, "bookRenewalsStart", row["id"])
    assert "CONSENT_REQUIRED" not in [error["code"] for error in stuck["errors"]]
    asked_again = await deed(hanako, "bookCustomerAsk", row["id"])
    assert [] == asked_again["errors"]
    (asked,) = await wanted_of(taro)
    assert ("LINK", "LINK_ACCOUNT") == (asked["kind"], asked["nextActions"][0]["kind"])
    await taro.sign_in(code)
    assert [] == await wanted_of(taro)

    await revoke(taro, granted)
    again = await deed(hanako, "bookRenewalsStart", row["id"])
    assert ["CONSENT_REQUIRED"] == [error["code"] for error in again["errors"]]


SET = """mutation ($input: BookReminderScheduleSetInput!) { bookReminderScheduleSet(input: $input) { replayed
  errors { code field } schedule { daysBefore atHour words enabled setBy { displayName } } } }"""


async def test_a_manager_sets_the_schedule_and_what_cannot_be_is_said(village: Town, hanako: Frontend) -> None:
    manager = agent_alone(village, MANAGER)

    async def put(who: Frontend, **said: object) -> Json:
        whole = {"daysBefore": [3, 30, 14, 30], "atHour": 10, "enabled": True, "idempotencyKey": key()} | said
        answer = await who.raw(SET, {"input": whole})
        return dict(answer["data"]["bookReminderScheduleSet"])

    done = await put(manager, words=" いつもありがとうございます。 ")
    refused = [
        await put(hanako),
        await put(manager, daysBefore=[]),
        await put(manager, daysBefore=[0]),
        await put(manager, atHour=3),
        await put(manager, words="長" * 1001),
    ]

    expected = {"daysBefore": [30, 14, 3], "atHour": 10, "words": "いつもありがとうございます。", "enabled": True}
    assert expected | {"setBy": {"displayName": MANAGER}} == done["schedule"]
    assert [["NOT_ELIGIBLE"], *[["INVALID"]] * 4] == [[error["code"] for error in one["errors"]] for one in refused]
    seen = (await hanako.raw("{ book { reminderSchedule { daysBefore } reminders { edges { node { id } } } } }"))[
        "data"
    ]
    assert [30, 14, 3] == seen["book"]["reminderSchedule"]["daysBefore"]
    assert [] == seen["book"]["reminders"]["edges"]
