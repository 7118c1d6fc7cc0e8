"""What a comparison shows of contracts that are not everybody's, over the whole way, in one town."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.comparing import FACTS, at, compared, deed, do, other, settled, signed_in, started
from tests.api.conftest import FRIDAY, Town, each_insurer
from tests.api.frontend import PEOPLE, Frontend, Json, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE_COMPARED: Mapping[str, Any] = FACTS["people"]

# The last day of those whose term ends on the day of the town's beginning, and the third day after it.
FOUR = FRIDAY.replace(hour=16)
THREE_DAYS_ON = FRIDAY + timedelta(days=3)
A_MINUTE = timedelta(minutes=1)

TERMS = "query ($id: ID!) { comparison(id: $id) { disclosures { lines { category label value } } } }"


def with_policy(person: str, under: str = "policies") -> pytest.MarkDecorator:
    """Each contract of somebody, with the insurer that has it."""
    return pytest.mark.parametrize(("code", "number"), PEOPLE_COMPARED[person][under].items())


def theirs(comparison: Json, code: str) -> list[Json]:
    """The plans of the insurer that does not have the contract."""
    return [plan for plan in comparison["offers"] if plan["insurer"]["code"] == other(code)]


def said(plan: Json) -> str:
    return "".join(f"{each['requested']}{each['offered']}{each['reason']}" for each in plan["departures"])


@with_policy("grouped")
async def test_a_payroll_group_goes_on_where_the_other_insurer_handles_it(
    village: Town, code: str, number: str
) -> None:
    comparison = await compared(await signed_in(village, "grouped"), code, number)

    assert theirs(comparison, code)
    for plan in theirs(comparison, code):
        assert "団体" not in said(plan)
        assert any("団体" in each for each in plan["assumptions"])
        assert 12 == len(plan["premium"]["instalments"])


@with_policy("grouped", "group nobody else handles")
async def test_a_group_that_the_other_insurer_does_not_handle_is_told_with_every_plan(
    village: Town, code: str, number: str
) -> None:
    comparison = await compared(await signed_in(village, "grouped"), code, number)

    assert theirs(comparison, code)
    for plan in theirs(comparison, code):
        assert "団体扱の割引はありません" in said(plan)


@with_policy("in an accident term")
async def test_where_only_one_plan_is_to_be_had_it_is_shown_and_recommended(
    villager: Frontend, code: str, number: str
) -> None:
    comparison = await compared(villager, code, number)

    (plan,) = theirs(comparison, code)
    assert 0 < plan["grade"]["accidentTerm"]
    assert "プラン3" == plan["name"]


@with_policy("from thirty on")
async def test_an_age_band_that_nobody_sells_any_more_is_quoted_wider(village: Town, code: str, number: str) -> None:
    comparison = await compared(await signed_in(village, "from thirty on"), code, number)

    (policy,) = comparison["policies"]
    assert "AGE_30_PLUS" == policy["current"]["conditions"]["ageCondition"]
    assert theirs(comparison, code)
    for plan in theirs(comparison, code):
        assert "AGE_26_PLUS" == plan["conditions"]["ageCondition"]
        assert "30歳以上" in said(plan)
        assert "26" in said(plan)


@with_policy("ended")
async def test_three_days_after_its_end_a_car_is_quoted_from_tomorrow_with_its_grade(
    village: Town, code: str, number: str
) -> None:
    village.clock.set(THREE_DAYS_ON)
    try:
        person = await signed_in(village, "ended")
        comparison = await compared(person, code, number)
        told = await person.raw(TERMS, {"id": comparison["id"]})
    finally:
        village.clock.set(FRIDAY)

    (disclosure,) = told["data"]["comparison"]["disclosures"]
    days = [line["value"] for line in disclosure["lines"] if line["category"] == "TERM"]
    (policy,) = comparison["policies"]
    assert FOUR == datetime.fromisoformat(policy["endsAt"])
    assert ["2026年11月24日（令和8年11月24日） 16:00", "2026年11月20日（令和8年11月20日） 16:00"] == days
    assert ("FAILED", "AGENCY_ONLY") == (at(comparison, code)["state"], at(comparison, code)["provider"]["code"])
    assert theirs(comparison, code)
    for plan in theirs(comparison, code):
        assert policy["current"]["grade"]["grade"] + 1 == plan["grade"]["grade"]


@with_policy("ended", "policies that nobody quotes after four")
async def test_a_term_that_is_over_meanwhile_is_not_told_as_too_little_that_was_allowed(
    village: Town, code: str, number: str
) -> None:
    village.clock.set(FOUR - A_MINUTE)
    try:
        person = await signed_in(village, "ended")
        comparison = await compared(person, code, number)
        village.clock.set(FOUR + A_MINUTE)
        await deed(person, "ComparisonRefresh", comparisonId=comparison["id"], insurers=[{"code": other(code)}])
        provider = at(await settled(person, comparison), other(code))["provider"]
    finally:
        village.clock.set(FRIDAY)

    assert ("REFUSED", "NOT_QUOTABLE") == (provider["state"], provider["code"])
    assert ["CONTACT_AGENCY"] == [each["kind"] for each in provider["nextActions"] if each["primary"]]
    assert provider["contact"]["label"]
    assert "比較をやり直し" in provider["message"]


@with_policy("renewed")
async def test_what_has_its_next_term_is_not_compared_and_says_why(village: Town, code: str, number: str) -> None:
    person = await signed_in(village, "renewed")
    policy = {"number": {"insurer": {"code": code}, "number": number}}

    refused = await deed(person, "ComparisonStart", policies=[policy])

    assert (["ALREADY_DONE"], None) == (codes(refused), refused["comparison"])
    assert ["policies", "0"] == refused["errors"][0]["field"]
    assert "次の保険期間" in refused["errors"][0]["message"]


@each_insurer
async def test_a_renewal_that_is_not_open_says_when_it_opens_and_is_asked_then(
    village: Town, villager: Frontend, code: str
) -> None:
    comparison = await started(villager, code, PEOPLE["taro"]["policies"][code][1])
    provider = at(comparison, code)["provider"]
    village.clock.set(datetime.fromisoformat(provider["opensAt"]))
    try:
        after = await do(villager, "ComparisonRead", id=comparison["id"])
    finally:
        village.clock.set(FRIDAY)

    assert ("FAILED", "REFUSED", "TOO_EARLY") == (at(comparison, code)["state"], provider["state"], provider["code"])
    assert (provider["opensAt"], []) == (provider["retryAfter"], provider["nextActions"])
    assert FRIDAY < datetime.fromisoformat(provider["opensAt"])
    assert ["REFRESH"] == [each["kind"] for each in at(after, code)["provider"]["nextActions"]]
