"""The people of the sandboxes who renew, or cannot: each shows through GraphQL what it was made to show."""

from datetime import datetime, timedelta

import pytest

from insurers.capability import Manifest
from insurers.identity import InsurerCode
from insurers.panel import find
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, codes
from tests.api.ledger import successors
from tests.api.residents import RESIDENTS, arrived, everywhere, home, order

MINUTE = timedelta(minutes=1)

# At which step the insurer, or its records, hand the customer over to the agency, and why.
REFERRED = [
    ("ms_group_condition_fails", "GROUP_CONDITION_NOT_MET"),
    ("ms_disclosure_applies", "DISCLOSURE_APPLIES"),
    ("ms_needs_vehicle_change", "CHANGE_NEEDS_AGENCY"),
    ("ms_ten_cars", "FLEET_SIZE"),
]

# Whose renewal does not begin, at which of their policies, and why.
NOT_BEGUN = [
    ("any_day7", 0, "TOO_LATE"),
    ("any_day8", 0, "TOO_LATE"),
    ("any_corporate_policyholder", 0, "CORPORATE_POLICYHOLDER"),
    ("group_contract", 0, "GROUP_CONTRACT"),
    ("ms_agency_only", 0, "CHANGE_NEEDS_AGENCY"),
    ("ms_agency_only", 1, "CHANGE_NEEDS_AGENCY"),
]

AGENCY = "query ($id: ID!) { renewal(id: $id) { policy { agency { contact { label phone } } } } }"

RENEWABILITY = (
    "query ($id: ID!) { policy(by: { id: $id }) { successorNumber renewability { online reasons { code } } } }"
)

VIDEOS = "query ($id: ID!) { renewal(id: $id) { plans { video { url durationSeconds unavailableReason } } } }"


def manifest(code: str) -> Manifest:
    return find(InsurerCode(code)).MANIFEST


def presses(town: Town, code: str) -> int:
    return town.requests(code).get(INSURERS[code]["button"], 0)


# ---- whom only the agency can renew


@pytest.mark.parametrize(("name", "reason"), REFERRED)
async def test_whoever_only_the_agency_can_renew_is_told_so_with_the_contact_of_their_own_agency(
    town: Town, name: str, reason: str
) -> None:
    code = home(name)
    somebody = await arrived(town, code, name)

    referred = await somebody.follow(await somebody.start(code))

    assert ("REFERRED", [reason]) == (referred["status"], [one["code"] for one in referred["reasons"]])
    agency = (await somebody.raw(AGENCY, {"id": referred["id"]}))["data"]["renewal"]["policy"]["agency"]["contact"]
    assert [agency] == [one["contact"] for one in referred["reasons"]]
    assert agency["phone"]
    assert "CONTACT_AGENCY" == next(action["kind"] for action in referred["nextActions"] if action["primary"])
    assert 0 == presses(town, code)


@pytest.mark.parametrize(
    ("code", "name", "place", "reason"),
    [(code, name, place, reason) for name, place, reason in NOT_BEGUN for code in CODES if name in RESIDENTS[code]],
)
async def test_what_cannot_be_renewed_online_is_refused_before_anything_is_asked_with_whom_to_ask(
    town: Town, code: str, name: str, place: int, reason: str
) -> None:
    somebody = await arrived(town, code, name)

    done = await somebody.mutate("RenewalStart", policy={"id": await somebody.policy_id(code, place)})

    (error,) = done["errors"]
    assert ("NOT_ELIGIBLE", [reason]) == (error["code"], [one["code"] for one in error["reasons"]])
    assert error["reasons"][0]["message"]
    assert error["reasons"][0]["contact"]["phone"]
    assert done["renewal"] is None


@everywhere("any_accident_last_3_months")
async def test_any_accident_last_3_months_is_renewed_by_the_agency_and_told_that_it_is_for_the_accident(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)

    done = await somebody.mutate("RenewalStart", policy={"id": await somebody.policy_id(code)})

    (error,) = done["errors"]
    (reason,) = error["reasons"]
    assert ("NOT_ELIGIBLE", "RECENT_ACCIDENT", None) == (error["code"], reason["code"], done["renewal"])
    assert "事故" in reason["message"]
    assert reason["contact"]["phone"]


@everywhere("any_already_renewed", "already_renewed", "sj_auto_renewal_rider", "ms_auto_renewal_rider")
async def test_what_the_agency_or_a_rider_has_renewed_is_not_renewed_a_second_time(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)
    has_rider = "rider" in name
    policy = await somebody.policy_id(code, int(has_rider))

    done = await somebody.mutate("RenewalStart", policy={"id": policy})

    told = (await somebody.raw(RENEWABILITY, {"id": policy}))["data"]["policy"]
    assert (["ALREADY_DONE"], None, []) == (codes(done), done["renewal"], successors(town, code))
    assert told["successorNumber"]
    assert not told["renewability"]["online"]
    assert has_rider == ("AUTO_RENEWAL_ACTIVE" in {reason["code"] for reason in told["renewability"]["reasons"]})


@everywhere("sj_auto_renewal_rider", "ms_auto_renewal_rider")
async def test_while_its_rider_has_done_nothing_a_policy_renews_once_and_the_rider_adds_no_second(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)
    ready = await somebody.ready(code)
    done = await somebody.submit(ready)
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) + MINUTE)

    found = (await somebody.policies(first=100))["edges"]

    number = somebody.person["policies"][code][0]
    renewed = next(edge["node"] for edge in found if edge["node"]["number"] == number)
    assert "ACCEPTED" == done["renewal"]["status"]
    assert [done["renewal"]["result"]["newPolicyNumber"]] == successors(town, code) == [renewed["successorNumber"]]


@everywhere("sj_auto_renewal_rider", "ms_auto_renewal_rider")
async def test_what_a_rider_renewed_after_everything_was_confirmed_is_not_signed_again(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)
    ready = await somebody.ready(code)
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) + MINUTE)

    refused = await somebody.submit(ready)
    await town.gateway.worker.turn()
    again = await somebody.mutate("RenewalStart", policy={"id": await somebody.policy_id(code)})

    assert ["NOT_ELIGIBLE"] == codes(refused)
    assert ["ALREADY_DONE"] == codes(again)
    assert [] == successors(town, code)


# ---- closed hours


async def test_ms_sunday_2601_is_queued_for_seven_and_sent_then(town: Town) -> None:
    code = home("ms_sunday_2601")
    somebody = await arrived(town, code, "ms_sunday_2601")
    ready = await somebody.ready(code)
    town.clock.set(datetime.fromisoformat("2026-11-23T02:01:00+09:00"))

    queued = (await somebody.submit(ready))["renewal"]
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))
    await town.gateway.worker.turn()

    assert ("QUEUED", "2026-11-23T07:00:00+09:00") == (queued["status"], queued["willSubmitAt"])
    assert "ACCEPTED" == (await somebody.read(ready))["status"]


async def test_ms_year_end_waits_while_the_insurer_pauses_and_does_not_say_until_when(town: Town) -> None:
    code = home("ms_year_end")
    somebody = await arrived(town, code, "ms_year_end")
    ready = await somebody.ready(code)
    await order(town, code, **somebody.person["pause"])
    town.clock.set(datetime.fromisoformat("2026-12-31T12:00:00+09:00"))
    queued = (await somebody.submit(ready))["renewal"]

    # The printed hours promise an opening; the insurer is not there yet, and the promise stands.
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))
    await town.gateway.worker.turn()
    waiting = await somebody.read(ready)
    town.clock.set(datetime.fromisoformat("2027-01-05T07:30:00+09:00"))
    await town.gateway.worker.turn()
    after = await somebody.read(ready)

    assert ("QUEUED", "2027-01-04T07:00:00+09:00") == (queued["status"], queued["willSubmitAt"])
    assert ("QUEUED", queued["receipt"]) == (waiting["status"], waiting["receipt"])
    assert queued["willSubmitAt"] < waiting["willSubmitAt"]
    assert ("ACCEPTED", [after["result"]["newPolicyNumber"]]) == (after["status"], successors(town, code))


# ---- a term that ends today


@everywhere("any_maturity_today_1559")
async def test_any_maturity_today_1559_renews_in_the_last_minute(town: Town, code: str, name: str) -> None:
    somebody = await arrived(town, code, name)
    ready = await somebody.ready(code)
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) - MINUTE)

    done = await somebody.submit(ready)

    assert "2026-11-20T16:00:00+09:00" == ready["dueBy"]
    assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])


@everywhere("any_maturity_today_1601")
async def test_any_maturity_today_1601_is_too_late_by_a_minute(town: Town, code: str, name: str) -> None:
    somebody = await arrived(town, code, name)
    ready = await somebody.ready(code)
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) + MINUTE)

    done = await somebody.submit(ready)
    await town.gateway.worker.turn()
    anew = await somebody.mutate("RenewalStart", policy={"id": await somebody.policy_id(code)})

    for refused in (done, anew):
        (error,) = refused["errors"]
        assert ("NOT_ELIGIBLE", ["TOO_LATE"]) == (error["code"], [one["code"] for one in error["reasons"]])
        assert error["reasons"][0]["contact"]["phone"]
    assert 0 == presses(town, code)


# ---- silence behind the button


@everywhere("any_timeout_after_apply_accepted", "sj_unlisted_code_after_apply")
async def test_an_application_that_was_taken_in_silence_is_found_and_never_sent_again(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)

    done = await somebody.submit(await somebody.ready(code))
    twice = await somebody.submit(done["renewal"])
    town.clock.advance(manifest(code).settles_within + MINUTE)
    await town.gateway.worker.turn()
    after = await somebody.read(done["renewal"])

    for answer in (done, twice):
        assert ("UNCONFIRMED", ["OUTCOME_UNKNOWN"]) == (answer["renewal"]["status"], codes(answer))
        assert [False] == [error["outcomeKnown"] for error in answer["errors"]]
    assert ("ACCEPTED", [after["result"]["newPolicyNumber"]]) == (after["status"], successors(town, code))
    assert 1 == presses(town, code)


@everywhere("any_timeout_after_apply_not_accepted")
async def test_an_application_that_was_lost_in_silence_is_confirmed_as_lost_before_it_may_be_sent_again(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)

    done = await somebody.submit(await somebody.ready(code))
    # Before the insurer has settled, "not found" proves nothing.
    await town.gateway.worker.turn()
    early = await somebody.read(done["renewal"])
    town.clock.advance(manifest(code).settles_within + MINUTE)
    await town.gateway.worker.turn()
    after = await somebody.read(done["renewal"])

    assert ("UNCONFIRMED", "UNCONFIRMED") == (done["renewal"]["status"], early["status"])
    assert ("READY", [], 1) == (after["status"], successors(town, code), presses(town, code))
    again = await somebody.submit(after)
    assert "ACCEPTED" == again["renewal"]["status"]
    assert [again["renewal"]["result"]["newPolicyNumber"]] == successors(town, code)


# ---- what changes at the last moment


@everywhere("any_premium_changed_before_submit", "any_document_changed")
async def test_what_changed_under_the_button_is_shown_and_confirmed_again_before_it_is_signed(
    town: Town, code: str, name: str
) -> None:
    somebody = await arrived(town, code, name)
    ready = await somebody.ready(code)

    refused = await somebody.submit(ready)
    nothing_yet = successors(town, code)
    again = await somebody.follow(refused["renewal"])
    done = await somebody.submit(again)

    assert ("IN_PROGRESS", ["REVIEW_CHANGED"], None) == (
        refused["renewal"]["status"],
        codes(refused),
        refused["renewal"]["reviewHash"],
    )
    assert ("READY", []) == (again["status"], nothing_yet)
    assert ready["reviewHash"] != again["reviewHash"]
    moved = ready["review"]["premium"]["total"] != again["review"]["premium"]["total"]
    assert ("premium" in name) == moved
    assert "ACCEPTED" == done["renewal"]["status"]
    assert 1 == len(successors(town, code))


# ---- the film


async def test_ms_plan3_only_has_one_plan_and_is_told_why_there_is_no_film(town: Town) -> None:
    code = home("ms_plan3_only")
    somebody = await arrived(town, code, "ms_plan3_only")

    renewal = await somebody.start(code)

    (plan,) = (await somebody.raw(VIDEOS, {"id": renewal["id"]}))["data"]["renewal"]["plans"]
    assert (None, None) == (plan["video"]["url"], plan["video"]["durationSeconds"])
    assert plan["video"]["unavailableReason"]
    assert "ACCEPTED" == (await somebody.submit(await somebody.follow(renewal)))["renewal"]["status"]


@each_insurer
async def test_a_film_is_either_there_or_says_why_not(holder: Frontend, code: str) -> None:
    renewal = await holder.start(code)

    plans = (await holder.raw(VIDEOS, {"id": renewal["id"]}))["data"]["renewal"]["plans"]

    films = [plan["video"] for plan in plans if plan["video"]]
    assert all(bool(film["url"]) != bool(film["unavailableReason"]) for film in films)
    assert ("PLAN_VIDEO" in {str(one.name) for one in manifest(code).capabilities}) == any(
        film["url"] for film in films
    )
