"""One insurer's trouble stays its own: the others are answered, and who is missing is told with the reason."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime

import pytest

from insurers.identity import InsurerCode
from insurers.sandbox import Fault
from tests.api.conftest import CODES, Town, each_insurer
from tests.api.frontend import Frontend, Json

NOT_READ = {"CONNECTION_FAILED", "TIMEOUT", "OTHER"}


def by_code(found: Json) -> dict[str, Json]:
    return {provider["insurer"]["code"]: provider for provider in found["providers"]}


def theirs(found: Json) -> set[str]:
    return {edge["node"]["insurer"]["code"] for edge in found["edges"]}


def others(code: str) -> set[str]:
    return {other for other in CODES if other != code}


@each_insurer
async def test_an_insurer_whose_door_is_shut_is_missing_and_the_others_are_answered(
    town: Town, registered_everywhere: Frontend, doors: Mapping[InsurerCode, AsyncExitStack], code: str
) -> None:
    await doors[InsurerCode(code)].aclose()

    found = await registered_everywhere.policies(first=100)

    told = by_code(found)
    assert others(code) == theirs(found)
    assert 2 * len(others(code)) == found["totalCount"]
    assert {"OK"} == {told[other]["state"] for other in others(code)}
    assert ("UNAVAILABLE", "CONNECTION_FAILED") == (told[code]["state"], told[code]["code"])
    assert "接続できませんでした" in told[code]["message"]


@each_insurer
async def test_an_insurer_that_is_busy_is_missing_until_it_is_well_again(
    town: Town, member: Frontend, code: str
) -> None:
    town.trouble(code, Fault.BUSY)
    missing = await member.policies(first=100)
    town.relieve()
    there = await member.policies(first=100)

    assert others(code) == theirs(missing)
    assert "UNAVAILABLE" == by_code(missing)[code]["state"]
    assert by_code(missing)[code]["code"] in NOT_READ
    assert set(CODES) == theirs(there)
    assert {"OK"} == {provider["state"] for provider in there["providers"]}


@each_insurer
async def test_an_insurer_that_cannot_be_read_is_told_apart(town: Town, member: Frontend, code: str) -> None:
    town.trouble(code, Fault.GIBBERISH)

    found = await member.policies(first=100)

    told = by_code(found)[code]
    assert others(code) == theirs(found)
    assert ("UNAVAILABLE", "PORTAL_CHANGED") == (told["state"], told["code"])
    assert "読み取れませんでした" in told["message"]


@each_insurer
async def test_where_every_insurer_is_down_the_answer_is_an_empty_page_and_no_error(
    town: Town, member: Frontend, code: str
) -> None:
    for each in CODES:
        town.trouble(each, Fault.BUSY)

    found = await member.policies(first=100)

    assert [] == found["edges"]
    assert {"UNAVAILABLE"} == {provider["state"] for provider in found["providers"]}


@each_insurer
async def test_what_hangs_on_an_insurer_that_is_down_is_null_beside_what_does_not(
    town: Town, member: Frontend, code: str
) -> None:
    renewal = await member.start(code)
    ids = {each: await member.policy_id(each) for each in CODES}
    town.trouble(code, Fault.BUSY)
    single = " ".join(f'{each}: policy(by: {{ id: "{id_}" }}) {{ id }}' for each, id_ in ids.items())

    answer = await member.raw(
        f'{{ {single} renewal(id: "{renewal["id"]}") {{ id policy {{ id }} plans {{ id }} }} }}',
    )

    assert "errors" not in answer
    assert answer["data"][code] is None
    assert all(answer["data"][other] for other in others(code))
    assert {"id", "policy", "plans"} == set(answer["data"]["renewal"])
    assert answer["data"]["renewal"]["policy"] is None
    assert len(renewal["plans"]) == len(answer["data"]["renewal"]["plans"])


@each_insurer
@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.GIBBERISH])
async def test_a_renewal_cannot_begin_at_an_insurer_in_trouble_and_can_when_it_is_well(
    town: Town, member: Frontend, code: str, fault: Fault
) -> None:
    policy = {"id": await member.policy_id(code)}
    town.trouble(code, fault)
    refused = await member.mutate("RenewalStart", policy=policy)
    town.relieve()
    done = await member.mutate("RenewalStart", policy=policy)

    (error,) = refused["errors"]
    assert ("ProviderError", "PROVIDER_UNAVAILABLE") == (error["__typename"], error["code"])
    assert error["outcomeKnown"]
    assert refused["renewal"] is None
    assert [] == done["errors"]
    assert "IN_PROGRESS" == done["renewal"]["status"]


@each_insurer
async def test_a_registration_that_could_not_be_sent_stays_filled_in_and_is_sent_later(
    town: Town, taro: Frontend, code: str
) -> None:
    begun = await taro.begin(code)
    town.trouble(code, Fault.BUSY)
    stopped = await taro.follow_registration(begun)
    town.relieve()
    done = await taro.follow_registration(stopped)

    assert ["PROVIDER_UNAVAILABLE"] == [error["code"] for error in stopped["errors"]]
    assert "COLLECTING" == stopped["status"]
    assert stopped["trouble"]["message"]
    assert "COMPLETED" == done["status"]
    assert done["trouble"] is None


async def test_an_insurer_outside_its_hours_says_when_it_opens(town: Town, member: Frontend) -> None:
    at_night = datetime.fromisoformat("2026-11-23T02:30:00+09:00")
    town.clock.set(at_night)
    asked = "{ insurers { edges { node { code availability(capability: POLICY_READ) { openNow opensAt } } } } }"
    hours = {
        edge["node"]["code"]: edge["node"]["availability"]
        for edge in (await member.raw(asked))["data"]["insurers"]["edges"]
    }

    told = by_code(await member.policies(first=100))

    assert any(not known["openNow"] for known in hours.values()), "a moment at which somebody is closed"
    for code, known in hours.items():
        expected = ("OK", None) if known["openNow"] else ("MAINTENANCE", known["opensAt"])
        assert expected == (told[code]["state"], told[code]["retryAfter"])
