"""The dates of one policy: each with where it comes from and how sure it is, soonest first."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json
from tests.api.residents import arrived, everywhere

# What each date is, in days from maturity, at which time of day, and how sure.
CALENDARS = [
    (code, told["person"], told["policy"], told["dates"])
    for code, calendars in json.loads((Path(__file__).parent / "calendars.json").read_text(encoding="utf-8")).items()
    for told in calendars
]

CALENDAR = """
query ($id: ID!) {
  policy(by: { id: $id }) {
    endsAt status
    deadlines {
      kind at confidence ja: label(locale: "ja") en: label(locale: "en")
      from: source fromJa: source(locale: "ja") fromEn: source(locale: "en")
    }
    renewability { online opensAt closesAt reasons { code contact { phone } } }
  }
}
"""


async def calendar(frontend: Frontend, policy: str) -> Json:
    return (await frontend.raw(CALENDAR, {"id": policy}))["data"]["policy"]  # type: ignore[no-any-return]  # Whatever was asked for.


@pytest.mark.parametrize(("code", "name", "place", "dates"), CALENDARS)
async def test_every_date_of_a_policy_is_told_with_its_source_and_how_sure_it_is(
    town: Town, code: str, name: str, place: int, dates: list[list[str | int]]
) -> None:
    somebody = await arrived(town, code, name)

    told = await calendar(somebody, await somebody.policy_id(code, place))

    ends = datetime.fromisoformat(told["endsAt"])
    assert dates == [
        [each["kind"], (at.date() - ends.date()).days, f"{at:%H:%M}", each["confidence"]]
        for each in told["deadlines"]
        for at in [datetime.fromisoformat(each["at"])]
    ]
    assert told["deadlines"] == sorted(told["deadlines"], key=lambda each: datetime.fromisoformat(each["at"]))
    assert all(each["ja"] and each["en"] and each["from"] == each["fromJa"] for each in told["deadlines"])
    assert all(not each["fromJa"].isascii() and each["fromEn"].isascii() for each in told["deadlines"])


@each_insurer
async def test_the_insurers_last_moment_is_the_same_in_the_calendar_the_offer_and_the_renewal(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal = await holder.start(code)

    told = await calendar(holder, await holder.policy_id(code))

    dates = {each["kind"]: each["at"] for each in told["deadlines"]}
    assert told["endsAt"] == dates["MATURITY"] == renewal["dueBy"]
    assert told["renewability"]["closesAt"] == dates["RENEWAL_CLOSES"] == renewal["closesAt"]
    assert told["renewability"]["opensAt"] == dates["RENEWAL_OPENS"]
    assert datetime.fromisoformat(dates["RENEWAL_OPENS"]) <= town.clock()


@everywhere("any_day7", "any_day8")
async def test_seven_days_after_maturity_the_grade_is_still_carried_over_and_eight_days_after_it_is_not(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)

    told = await calendar(somebody, await somebody.policy_id(code))

    dates = {each["kind"]: datetime.fromisoformat(each["at"]) for each in told["deadlines"]}
    assert dates["MATURITY"] + timedelta(days=7) == dates["GRADE_CARRY_OVER_ENDS"]
    assert ("day7" in name) == (town.clock() < dates["GRADE_CARRY_OVER_ENDS"])
    # Whom to ask is told as long as anything can still be done.
    assert not told["renewability"]["online"]
    assert ["TOO_LATE"] == [reason["code"] for reason in told["renewability"]["reasons"]]
    assert all(reason["contact"]["phone"] for reason in told["renewability"]["reasons"])
