"""One car, one contract: two insurers know nothing of each other, and the gateway knows of both (P-1)."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import cycle, permutations
from pathlib import Path

import msgspec
import pytest
from pydantic import SecretStr

from gateway.settings import Settings
from insurers.capability import Capability
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import LEDGER, Fault
from tests.api.conftest import CODES, FRIDAY, INSURERS, Town, open_town
from tests.api.frontend import Frontend, Json, codes
from tests.journeys.insurer import AnInsurer, Change, on_both_databases
from tests.journeys.slow_post import SlowPost
from tests.store.databases import sqlite_migrated

# Somebody whose car both insurers insure, each with an account of its own.
DOUBLED: Json = json.loads(Path(__file__).with_name("one_car.json").read_text(encoding="utf-8"))

# Such a one at each insurer whose rider will renew the contract there, and the order that declines it.
RIDING: Json = json.loads(Path(__file__).with_name("one_car_riders.json").read_text(encoding="utf-8"))

PAIRS = list(permutations(CODES, 2))
in_both_orders = pytest.mark.parametrize(("first", "second"), PAIRS)
# Both orders and both databases, and not each with each: for tests that take long.
in_both_orders_by_turns = pytest.mark.parametrize(
    ("first", "second", "address_of_database"),
    [(*pair, kind) for pair, kind in zip(PAIRS, cycle(["sqlite", "postgresql"]), strict=False)],
    indirect=["address_of_database"],
)
# Where nothing of an insurer's own is at stake.
in_one_order = pytest.mark.parametrize(("first", "second"), PAIRS[:1])


def closes_at(code: str) -> datetime | None:
    return find(InsurerCode(code)).MANIFEST.hours[Capability.RENEWAL].closes_at(FRIDAY)


# Who closes while the other is open can be waited for.
while_closed = pytest.mark.parametrize(
    ("first", "second"), [(first, second) for first, second in PAIRS if closes_at(first) and not closes_at(second)]
)

REFERRING = [(code, next(iter(INSURERS[code]["refers to the agency"].items()))) for code in CODES]


def somebody(town: Town, name: str = DOUBLED["name"], *, person: Json = DOUBLED) -> Frontend:
    customer = Frontend(town.http, town.url, town.issuer.mint(name), "taro", town.letterbox.letters)
    customer.person = person
    return customer


async def linked(customer: Frontend, *insurers: str) -> Frontend:
    for code in insurers:
        account = customer.person["accounts"][code]
        done = await customer.mutate("InsurerLinkCreate", insurer={"code": code}, **account)
        if done["link"]["challenge"]:
            challenge = done["link"]["challenge"]["id"]
            done = await customer.mutate(
                "ChallengeAnswer", challengeId=challenge, answer=customer.passcode(), trustDevice=True
            )
        assert [] == done["errors"]
    return customer


@pytest.fixture
async def owner(town: Town) -> Frontend:
    return await linked(somebody(town), *CODES)


def an_insurer(town: Town, code: str) -> AnInsurer:
    return AnInsurer(InsurerCode(code), *town.houses[InsurerCode(code)])


def name_of(code: str) -> str:
    return find(InsurerCode(code)).MANIFEST.name.ja


def contracts(town: Town) -> int:
    """How many applications were taken, at all insurers together."""
    return sum(len(house[LEDGER]()) for house, _ in town.houses.values())


def refusal(done: Json) -> Sequence[str]:
    """Why it was not done, in reason codes; and it was for no other kind of reason."""
    assert ["NOT_ELIGIBLE"] == codes(done), done["errors"]
    return [reason["code"] for reason in done["errors"][0]["reasons"]]


async def history(customer: Frontend, renewal: Json) -> list[str]:
    return [edge["node"]["summary"] for edge in (await customer.read(renewal))["events"]["edges"]]


@in_both_orders_by_turns
async def test_a_car_that_was_renewed_at_one_insurer_is_not_renewed_at_the_other(
    town: Town, owner: Frontend, first: str, second: str
) -> None:
    one, other = await owner.ready(first), await owner.ready(second)

    done, refused = await owner.submit(one), await owner.submit(other)

    assert "ACCEPTED" == done["renewal"]["status"]
    assert ["CAR_ALREADY_COVERED"] == refusal(refused)
    assert 0 == an_insurer(town, second).presses
    # Whoever applies finds the contract itself, and the agency that could end it.
    referred = refused["renewal"]
    assert ("REFERRED", ["CAR_ALREADY_COVERED"]) == (referred["status"], [one["code"] for one in referred["reasons"]])
    assert name_of(first) in referred["reasons"][0]["message"]
    assert referred["reasons"][0]["contact"]["phone"]
    assert "RESUME" in {action["kind"] for action in referred["nextActions"]}
    still = await owner.mutate("RenewalResume", renewalId=referred["id"])
    assert ("REFERRED", ["CAR_ALREADY_COVERED"]) == (still["renewal"]["status"], refusal(still))
    assert "Looked at again: still with the agency" in await history(owner, referred)
    assert 1 == contracts(town)


@in_both_orders
async def test_a_contract_that_would_renew_itself_at_the_other_insurer_is_declined_there_first(
    town: Town, first: str, second: str
) -> None:
    riding, at_first, at_second = RIDING[second], an_insurer(town, first), an_insurer(town, second)
    person = riding["person"]
    customer = await linked(somebody(town, person["name"], person=person), *CODES)

    referred = await customer.follow(await customer.start(first))
    still = await customer.mutate("RenewalResume", renewalId=referred["id"])
    await at_second.change(msgspec.convert(riding["declined"], Change), customer)
    resumed = await customer.mutate("RenewalResume", renewalId=referred["id"])

    assert ("REFERRED", ["AUTO_RENEWAL_ACTIVE"]) == (
        referred["status"],
        [one["code"] for one in referred["reasons"]],
    )
    assert name_of(second) in referred["reasons"][0]["message"]
    assert referred["reasons"][0]["contact"]["phone"]
    assert "RESUME" in {action["kind"] for action in referred["nextActions"]}
    assert ("REFERRED", ["AUTO_RENEWAL_ACTIVE"]) == (still["renewal"]["status"], refusal(still))
    assert [] == resumed["errors"]
    done = await customer.submit(await customer.follow(resumed["renewal"]))
    assert ("ACCEPTED", 1, 1) == (done["renewal"]["status"], at_first.presses, contracts(town))


@on_both_databases
async def test_of_two_insurers_at_the_same_moment_one_gets_the_car(town: Town, owner: Frontend) -> None:
    ready = [await owner.ready(code) for code in CODES]

    done = await asyncio.gather(*(owner.submit(one) for one in ready))

    assert ["ACCEPTED", "READY"] == sorted(one["renewal"]["status"] for one in done)
    assert 1 == sum(bool(one["errors"]) for one in done)
    assert 1 == contracts(town)


@in_one_order
async def test_an_application_whose_fate_nobody_knows_keeps_the_car(
    town: Town, owner: Frontend, first: str, second: str
) -> None:
    one, other = await owner.ready(first), await owner.ready(second)
    silent = an_insurer(town, first)
    silent.order(silent.places.button, Fault.SILENCE)

    unconfirmed, refused = await owner.submit(one), await owner.submit(other)

    assert "UNCONFIRMED" == unconfirmed["renewal"]["status"]
    assert ["CAR_ALREADY_COVERED"] == refusal(refused)
    assert 1 == contracts(town)


@in_one_order
async def test_an_application_that_never_arrived_lets_the_car_go(
    town: Town, owner: Frontend, first: str, second: str
) -> None:
    one, other = await owner.ready(first), await owner.ready(second)
    # A document was revised, so what was confirmed is not what would be signed.
    insurer = an_insurer(town, first)
    await insurer.change(insurer.places.document, owner)

    changed, done = await owner.submit(one), await owner.submit(other)

    assert "IN_PROGRESS" == changed["renewal"]["status"]
    assert "ACCEPTED" == done["renewal"]["status"]


@while_closed
@pytest.mark.parametrize("deed", ["RenewalWithdraw", "RenewalCancel"])
async def test_an_application_that_waits_holds_the_car_until_it_is_taken_back(
    town: Town, owner: Frontend, first: str, second: str, deed: str
) -> None:
    one, other = await owner.ready(first), await owner.ready(second)
    closing = closes_at(first)
    assert closing
    town.clock.set(closing)
    queued, refused = await owner.submit(one), await owner.submit(other)

    freed = await owner.mutate(deed, renewalId=one["id"])

    assert ("QUEUED", ["CAR_ALREADY_COVERED"]) == (queued["renewal"]["status"], refusal(refused))
    assert [] == freed["errors"]
    assert "ACCEPTED" == (await owner.submit(other))["renewal"]["status"]
    if deed == "RenewalWithdraw":
        assert ["CAR_ALREADY_COVERED"] == refusal(await owner.submit(freed["renewal"]))
    assert 1 == contracts(town)


@in_both_orders
async def test_what_was_renewed_elsewhere_since_the_review_is_not_sent(
    town: Town, owner: Frontend, settings: Settings, tmp_path: Path, letterbox: SlowPost, first: str, second: str
) -> None:
    one = await owner.ready(first)
    folder = tmp_path / "another"
    folder.mkdir()
    others = settings.model_copy(update={"database_url": SecretStr(sqlite_migrated(folder))})
    async with open_town(others, town.clock, letterbox, town.houses) as another:
        there = await linked(somebody(another), second)
        assert "ACCEPTED" == (await there.submit(await there.ready(second)))["renewal"]["status"]

    done = await owner.submit(one)

    assert ("REFERRED", ["CAR_ALREADY_COVERED"]) == (done["renewal"]["status"], refusal(done))
    assert (0, 1) == (an_insurer(town, first).presses, contracts(town))


@while_closed
async def test_what_was_renewed_elsewhere_while_it_waited_is_not_sent(
    town: Town, owner: Frontend, settings: Settings, tmp_path: Path, letterbox: SlowPost, first: str, second: str
) -> None:
    """Somebody may apply where this gateway sees nothing of it: at the agency, or at another gateway."""
    one = await owner.ready(first)
    closing = closes_at(first)
    assert closing
    town.clock.set(closing)
    assert "QUEUED" == (await owner.submit(one))["renewal"]["status"]
    folder = tmp_path / "another"
    folder.mkdir()
    others = settings.model_copy(update={"database_url": SecretStr(sqlite_migrated(folder))})
    async with open_town(others, town.clock, letterbox, town.houses) as another:
        there = await linked(somebody(another), second)
        assert "ACCEPTED" == (await there.submit(await there.ready(second)))["renewal"]["status"]
    opens_at = find(InsurerCode(first)).MANIFEST.hours[Capability.RENEWAL].opens_at(closing)
    assert opens_at
    town.clock.set(opens_at)

    await town.gateway.worker.turn()

    referred = await owner.read(one)
    assert ("REFERRED", ["CAR_ALREADY_COVERED"]) == (referred["status"], [one["code"] for one in referred["reasons"]])
    assert name_of(second) in referred["reasons"][0]["message"]
    assert (0, 1) == (an_insurer(town, first).presses, contracts(town))


@in_one_order
async def test_whose_contract_it_is_is_not_told_to_anybody_else(town: Town, first: str, second: str) -> None:
    one, other = await linked(somebody(town), first), await linked(somebody(town, "重複 別人"), second)
    ready, theirs = await one.ready(first), await other.ready(second)
    await one.submit(ready)

    refused = await other.submit(theirs)

    assert ["CAR_ALREADY_COVERED"] == refusal(refused)
    assert name_of(first) not in str(refused["errors"])
    # Whom they may ask is their own agency.
    assert refused["errors"][0]["reasons"][0]["contact"] == refused["renewal"]["agencyContact"]


@in_one_order
async def test_an_insurer_that_cannot_be_asked_holds_nobody_up_and_stands_in_the_history(
    town: Town, owner: Frontend, first: str, second: str
) -> None:
    nearly = await owner.follow(await owner.start(first), until="APPLICATION")
    assert not any("could not be checked" in line for line in await history(owner, nearly))
    town.trouble(second, Fault.BUSY)
    plan = next(plan for plan in nearly["plans"] if not plan["selected"])

    ready = await owner.follow((await owner.choose(nearly, plan))["renewal"])

    assert "READY" == ready["status"]
    unasked = [line for line in await history(owner, ready) if "could not be checked" in line]
    assert all(find(InsurerCode(second)).MANIFEST.name.en in line for line in unasked)
    assert unasked


@pytest.mark.parametrize(("code", "referral"), REFERRING)
async def test_an_answer_that_led_to_the_agency_is_asked_anew(
    taro: Frontend, code: str, referral: tuple[str, Json]
) -> None:
    await taro.register(code)
    requirement, said = referral
    referred = await taro.follow(await taro.start(code), lambda need: said if need["key"] == requirement else None)
    assert "REFERRED" == referred["status"]

    resumed = await taro.mutate("RenewalResume", renewalId=referred["id"])

    back = resumed["renewal"]
    assert ([], "IN_PROGRESS", []) == (resumed["errors"], back["status"], back["reasons"])
    asked = [need for need in back["currentStep"]["requirements"] if need["key"] == requirement]
    assert [False] == [need["satisfied"] for need in asked]
    ready = await taro.follow(back)
    assert "ACCEPTED" == (await taro.submit(ready))["renewal"]["status"]


async def test_what_is_not_with_the_agency_does_not_come_back_from_there(taro: Frontend) -> None:
    await taro.register(CODES[0])
    begun = await taro.start(CODES[0])

    done = await taro.mutate("RenewalResume", renewalId=begun["id"])

    assert (["STEP_LOCKED"], begun["version"]) == (codes(done), done["renewal"]["version"])
