"""Who looks twice is told the same for a moment, with its time; nobody is told what another was."""

import asyncio
from datetime import datetime, timedelta

import pytest

from gateway.settings import Settings
from insurers.sandbox import Fault
from tests.api import arriving
from tests.api.agencies import agencies_at_work, agent_for, consent, revoke
from tests.api.conftest import CODES, FRIDAY, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, key
from tests.api.ledger import successors

__all__ = ["agencies_at_work"]

SECONDS = 5
KEPT = timedelta(seconds=SECONDS)

PAGE = """{ policies {
  edges { node { id number freshness { ...Age } renewability { online } } }
  providers { insurer { code } state freshness { ...Age } } } }
fragment Age on Freshness { state fetchedAt freshUntil }"""

ONE = """query ($code: String!, $number: PolicyNumber!) {
  policy(by: { number: { insurer: { code: $code }, number: $number } }) { number freshness { state } } }"""

LINKS = "{ viewer { customer { links { id } } } }"

NOTHING: dict[str, dict[str, int]] = {code: {} for code in CODES}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"read_cache_seconds": float(SECONDS)})


def rounds(town: Town) -> dict[str, dict[str, int]]:
    """Answer what each insurer was asked, without what only opens a session."""
    asked = {code: town.requests(code) for code in CODES}
    town.forget_requests()
    return {
        code: {route: times for route, times in routes.items() if route not in INSURERS[code]["opens a session"]}
        for code, routes in asked.items()
    }


def look_up(code: str) -> str:
    """Answer where the insurer is asked first for somebody's policies."""
    first: str = next(iter(INSURERS[code]["look-up round"]))
    return first.partition(" ")[2]


async def page(frontend: Frontend) -> Json:
    answer = await frontend.raw(PAGE)
    assert "errors" not in answer, answer
    found: Json = answer["data"]["policies"]
    return found


def numbers(told: Json) -> set[str]:
    return {edge["node"]["number"] for edge in told["edges"]}


def ages(told: Json) -> set[tuple[str, datetime, datetime]]:
    seen = [edge["node"]["freshness"] for edge in told["edges"]] + [there["freshness"] for there in told["providers"]]
    return {
        (age["state"], *(datetime.fromisoformat(age[name]) for name in ("fetchedAt", "freshUntil")))
        for age in seen
        if age is not None
    }


async def test_who_looks_again_asks_nobody_and_hears_when_it_was_told(member: Frontend, town: Town) -> None:
    town.forget_requests()
    first, asked = await page(member), rounds(town)
    town.clock.advance(timedelta(seconds=3))
    again, asked_again = await page(member), rounds(town)
    town.clock.advance(timedelta(seconds=2))
    anew = await page(member)

    assert all(asked.values())
    assert NOTHING == asked_again
    assert numbers(first) == numbers(again) == numbers(anew)
    assert {("LIVE", FRIDAY, FRIDAY + KEPT)} == ages(first)
    assert {("CACHED", FRIDAY, FRIDAY + KEPT)} == ages(again)
    assert {("LIVE", FRIDAY + KEPT, FRIDAY + 2 * KEPT)} == ages(anew)
    assert asked == rounds(town)


async def test_who_has_seen_the_list_opens_one_of_it_without_asking(member: Frontend, town: Town) -> None:
    number = member.person["policies"][CODES[0]][0]
    asked = {"code": CODES[0], "number": number}
    alone = (await member.raw(ONE, asked))["data"]["policy"]
    await page(member)
    rounds(town)

    opened = (await member.raw(ONE, asked))["data"]["policy"]

    assert {"number": number, "freshness": {"state": "LIVE"}} == alone
    assert {"number": number, "freshness": {"state": "CACHED"}} == opened
    assert NOTHING == rounds(town)


async def test_ten_pages_at_once_are_one_round(member: Frontend, town: Town) -> None:
    for code in CODES:
        town.order(code, look_up(code), Fault.SLOW, seconds=0.1)
    town.forget_requests()

    pages = await asyncio.gather(*(page(member) for _ in range(10)))

    together = rounds(town)
    town.clock.advance(KEPT)
    await page(member)
    assert 1 == len({frozenset(numbers(told)) for told in pages})
    assert rounds(town) == together


async def test_a_page_that_is_given_up_takes_nothing_from_who_waits_for_the_same(member: Frontend, town: Town) -> None:
    for code in CODES:
        town.order(code, look_up(code), Fault.SLOW, seconds=0.3)
    impatient = asyncio.create_task(page(member))
    await asyncio.sleep(0.1)
    patient = asyncio.create_task(page(member))
    await asyncio.sleep(0.1)
    impatient.cancel()

    told = await patient

    assert {"OK"} == {there["state"] for there in told["providers"]}
    assert len(CODES) <= len(told["edges"])


@each_insurer
async def test_nobody_is_told_what_another_customer_was(
    holder: Frontend, sayuri: Frontend, town: Town, code: str
) -> None:
    await sayuri.register(code)
    his, hers = await page(holder), await page(sayuri)
    again = await asyncio.gather(page(holder), page(sayuri), page(town.nobody()), return_exceptions=True)

    assert numbers(his).isdisjoint(numbers(hers))
    assert [numbers(his), numbers(hers)] == [numbers(told) for told in again[:2] if not isinstance(told, BaseException)]
    assert isinstance(again[2], AssertionError)


@each_insurer
async def test_an_agent_reads_for_themselves_and_nothing_after_the_consent(
    holder: Frontend, town: Town, code: str
) -> None:
    agent = agent_for(town, holder)
    his = await page(holder)
    before = await page(agent)
    granted = await consent(holder, "READ_POLICIES")
    rounds(town)
    with_leave, asked = await page(agent), rounds(town)
    again, asked_again = await page(agent), rounds(town)
    await revoke(holder, granted)
    after = await page(agent)

    assert set() == numbers(before) == numbers(after)
    assert numbers(his) == numbers(with_leave) == numbers(again)
    assert asked[code]
    assert not asked_again[code]


@each_insurer
async def test_what_was_ordered_is_seen_at_once(holder: Frontend, town: Town, code: str) -> None:
    ready = await holder.ready(code)
    before = await page(holder)

    done = await holder.submit(ready)

    after = await page(holder)
    (signed,) = successors(town, code)
    assert "ACCEPTED" == done["renewal"]["status"]
    assert signed not in numbers(before)
    assert {"LIVE"} == {state for state, _, _ in ages(after)}


@each_insurer
async def test_what_is_unlinked_is_out_of_sight_at_once_and_seen_again_when_linked(
    holder: Frontend, town: Town, code: str
) -> None:
    before = await page(holder)
    (link,) = (await holder.raw(LINKS))["data"]["viewer"]["customer"]["links"]

    await holder.mutate("InsurerLinkDelete", linkId=link["id"])
    unlinked = await page(holder)
    await holder.sign_in(code)

    assert numbers(before)
    assert set() == numbers(unlinked)
    assert numbers(before) == numbers(await page(holder))


@each_insurer
async def test_an_order_asks_the_insurer_whatever_was_told_a_moment_ago(
    holder: Frontend, town: Town, code: str
) -> None:
    told = await page(holder)
    (edge,) = told["edges"]
    rounds(town)

    await holder.mutate("RenewalStart", policy={"id": edge["node"]["id"]})

    assert any(route.startswith(tuple(INSURERS[code]["look-up round"])) for route in rounds(town)[code])


@each_insurer
async def test_trouble_is_not_remembered(holder: Frontend, town: Town, code: str) -> None:
    town.trouble(code, Fault.BUSY)
    troubled = await page(holder)
    town.relieve()

    relieved = await page(holder)

    assert "UNAVAILABLE" in {there["state"] for there in troubled["providers"]}
    assert "UNAVAILABLE" not in {there["state"] for there in relieved["providers"]}
    assert numbers(relieved)


TWO_DEEDS = """mutation ($start: RenewalStartInput!, $mark: BookMarkInput!) {
  started: renewalStart(input: $start) { renewal { policy { number ... @defer { freshness { ...Age } } } } }
  marked: bookMark(input: $mark) { failed } }
fragment Age on Freshness { state fetchedAt freshUntil }"""


@each_insurer
async def test_what_arrives_later_is_as_old_as_when_it_was_read_whatever_was_done_meanwhile(
    member: Frontend, town: Town, code: str
) -> None:
    await consent(member, "READ_POLICIES", "PREPARE_RENEWAL")
    agent = agent_for(town, member)
    start = {"policy": {"id": await member.policy_id(code)}, "idempotencyKey": key()}
    # It is nobody's row, and to mark it reads everything anew all the same.
    mark = {"entryIds": ["nobody's"], "mark": "REFERRED", "idempotencyKey": key()}

    async with arriving.asked(
        town.http, town.url, arriving.APOLLO, TWO_DEEDS, {"start": start, "mark": mark}, **agent.headers
    ) as response:
        done = arriving.by_ids([part async for part in arriving.parts(response)])

    age = done["started"]["renewal"]["policy"]["freshness"]
    assert 1 == done["marked"]["failed"]
    assert KEPT == datetime.fromisoformat(age["freshUntil"]) - datetime.fromisoformat(age["fetchedAt"])
