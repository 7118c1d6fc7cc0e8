"""Hours past midnight, a weekly gap and the year's end: what is said, what waits, and what is sent."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from insurers.sandbox import TOKYO, TestClock
from tests.api.comparing import NUMBERS, started
from tests.api.conftest import FRIDAY, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.ledger import successors

MINUTE = timedelta(minutes=1)

# What insurers print, hour by hour. Who is not told to close anywhere is always open.
HOURS: Mapping[str, list[Json]] = json.loads(
    (Path(__file__).parent / "hours_of_renewal.json").read_text(encoding="utf-8")
)
MOMENTS: Mapping[str, str] = {told["when"]: told["at"] for hours in HOURS.values() for told in hours}

AVAILABILITY = """
query ($code: String!) {
  insurer(by: { code: $code }) {
    RENEWAL: availability { openNow opensAt closesAt }
    POLICY_READ: availability(capability: POLICY_READ) { openNow opensAt closesAt }
  }
}
"""

WAITS = """
query ($id: ID!) {
  comparison(id: $id) { policies { renewal { id } } nextActions { kind mutation primary } }
}
"""

# Terms that were begun then end in the new year.
NEXT_YEAR = pytest.mark.parametrize("clock", [datetime(2026, 12, 7, 10, 0, tzinfo=TOKYO)], indirect=True)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> TestClock:
    return TestClock(getattr(request, "param", FRIDAY), frozen=True)


def moment(when: str) -> datetime:
    return datetime.fromisoformat(MOMENTS[when])


def printed(code: str, when: str, capability: str) -> Json:
    always = {"openNow": True, "opensAt": MOMENTS[when], "closesAt": None}
    return next((told[capability] for told in HOURS[code] if told["when"] == when), always)


def shut(code: str, when: str) -> Json:
    """Answer what an error says of an insurer's hours: whether it is open, when it opens next, and until when."""
    told = next(told for told in HOURS[code] if told["when"] == when)
    return told["RENEWAL"] | {"closesAt": told["closesAgainAt"]}  # type: ignore[no-any-return]  # JSON.


def provider(found: Json, code: str) -> Json:
    return next(each for each in found["providers"] if each["insurer"]["code"] == code)


def refused(done: Json) -> Json:
    """Answer what the one error says of hours; it has to be that the insurer is closed."""
    (error,) = done["errors"]
    assert ("ProviderError", "PROVIDER_CLOSED", True) == (error["__typename"], error["code"], error["outcomeKnown"])
    return {name: error[name] for name in ("openNow", "opensAt", "closesAt")}


@each_insurer
async def test_at_every_hour_it_is_said_whether_the_insurer_is_open_and_when_that_changes(
    town: Town, taro: Frontend, code: str
) -> None:
    for when in MOMENTS:
        town.clock.set(moment(when))

        told = (await taro.raw(AVAILABILITY, {"code": code}))["data"]["insurer"]

        assert {each: printed(code, when, each) for each in told} == told, when


@each_insurer
async def test_sunday_25_59_is_sent_at_once(town: Town, holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    town.clock.set(moment("Sunday 25:59"))

    done = await holder.submit(ready)

    assert ([], "ACCEPTED", None) == (codes(done), done["renewal"]["status"], done["renewal"]["receipt"])
    assert [done["renewal"]["result"]["newPolicyNumber"]] == successors(town, code)


@each_insurer
async def test_sunday_26_01_is_queued_for_seven_where_the_insurer_is_closed(
    town: Town, registered: Frontend, code: str
) -> None:
    ready = await registered.ready(code)
    comparison = await started(registered, code, NUMBERS[code], insurers=[{"code": code}])
    town.clock.set(moment("Sunday 26:01"))
    hours = printed(code, "Sunday 26:01", "RENEWAL")

    done = await registered.submit(ready)

    if hours["openNow"]:
        assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])
        return
    queued = done["renewal"]
    assert ([], "QUEUED") == (codes(done), queued["status"])
    assert "2026-11-23T07:00:00+09:00" == hours["opensAt"] == queued["willSubmitAt"]
    assert queued["receipt"]["number"]
    # Whoever thinks of another plan is led to the application that waits, also while the insurer is closed (P-1).
    there = (await registered.raw(WAITS, {"id": comparison["id"]}))["data"]["comparison"]
    assert {"kind": "WITHDRAW", "mutation": "Mutation.renewalWithdraw", "primary": False} == there["nextActions"][-1]
    assert [{"renewal": {"id": queued["id"]}}] == there["policies"]
    assert MOMENTS["Sunday 26:01"] == queued["receipt"]["givenAt"]
    assert ready["reviewHash"] == queued["receipt"]["reviewHash"]
    # Our receipt is not the insurer's acceptance (P-3).
    assert (None, None) == (queued["result"], queued["submittedAt"])
    for words in (queued["statusLabel"], queued["receipt"]["statement"]):
        assert "保険会社はまだ受け付けていません" in words
    town.clock.set(datetime.fromisoformat(hours["opensAt"]) - MINUTE)
    assert 0 == await town.gateway.worker.turn()
    assert [] == successors(town, code)
    town.clock.advance(MINUTE)
    await town.gateway.worker.turn()
    after = await registered.read(ready)
    assert ("ACCEPTED", hours["opensAt"]) == (after["status"], after["submittedAt"])
    assert [after["result"]["newPolicyNumber"]] == successors(town, code)


@each_insurer
async def test_at_every_closed_hour_an_application_waits_for_the_next_opening_and_may_be_taken_back(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal, receipts = await holder.ready(code), set()
    closed = [told for told in HOURS[code] if told["RENEWAL"]["openNow"] is False and told["at"] < renewal["dueBy"]]
    for told in closed:
        town.clock.set(datetime.fromisoformat(told["at"]))
        queued = (await holder.submit(renewal))["renewal"]
        receipts.add(queued["receipt"]["number"])
        done = await holder.mutate("RenewalWithdraw", renewalId=queued["id"])
        renewal = done["renewal"]

        assert ("QUEUED", told["RENEWAL"]["opensAt"]) == (queued["status"], queued["willSubmitAt"]), told["when"]
        assert "Mutation.renewalWithdraw" in {action["mutation"] for action in queued["nextActions"]}
        assert ([], "READY") == (codes(done), renewal["status"])
        assert (None, None) == (renewal["willSubmitAt"], renewal["receipt"])
    town.clock.set(moment("Monday 26:31") + timedelta(hours=12))

    # What was taken back is sent by nobody, and may be ordered again.
    assert 0 == await town.gateway.worker.turn()
    assert [] == successors(town, code)
    assert "ACCEPTED" == (await holder.submit(renewal))["renewal"]["status"]
    assert len(closed) == len(receipts)


@each_insurer
@pytest.mark.parametrize("when", ["Sunday 26:01", "Monday 04:01"])
async def test_in_the_monday_gap_a_read_waits_for_the_portal_alone(
    town: Town, holder: Frontend, code: str, when: str
) -> None:
    town.clock.set(moment(when))
    hours = printed(code, when, "POLICY_READ")

    read = provider(await holder.policies(first=100), code)

    expected = ("OK", None) if hours["openNow"] else ("MAINTENANCE", hours["opensAt"])
    assert expected == (read["state"], read["retryAfter"])


@each_insurer
@pytest.mark.parametrize("when", ["Sunday 26:01", "Monday 04:01"])
async def test_in_the_monday_gap_a_renewal_waits_for_both_services(
    town: Town, holder: Frontend, code: str, when: str
) -> None:
    policy = await holder.policy_id(code)
    town.clock.set(moment(when))

    done = await holder.mutate("RenewalStart", policy={"id": policy})

    if printed(code, when, "RENEWAL")["openNow"]:
        assert ([], "IN_PROGRESS") == (codes(done), done["renewal"]["status"])
    else:
        assert (shut(code, when), None) == (refused(done), done["renewal"])


@each_insurer
async def test_a_quote_at_a_closed_hour_is_told_when_to_come_back(town: Town, holder: Frontend, code: str) -> None:
    renewal = await holder.start(code)
    town.clock.set(moment("Monday 26:31"))
    hours = printed(code, "Monday 26:31", "RENEWAL")

    done = await holder.requote(renewal, renewal["plans"][0], resetFirst=True)

    assert "IN_PROGRESS" == done["renewal"]["status"]
    if hours["openNow"]:
        assert [] == done["errors"]
    else:
        assert shut(code, "Monday 26:31") == refused(done)


@each_insurer
async def test_at_the_years_end_nothing_waits_for_an_opening_after_the_term_and_it_is_told_whom_to_ask(
    town: Town, registered: Frontend, code: str
) -> None:
    ready = await registered.ready(code)
    when = "the year's end"
    town.clock.set(moment(when))
    hours = printed(code, when, "RENEWAL")

    done = await registered.submit(ready)

    if hours["openNow"]:
        assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])
        return
    # The hours are not known, which is never taken for open; the first that is known comes too late.
    assert ready["dueBy"] < hours["opensAt"]
    assert shut(code, when) == refused(done)
    assert ("READY", None, None) == tuple(done["renewal"][name] for name in ("status", "willSubmitAt", "receipt"))
    assert "取扱代理店" in done["errors"][0]["message"]
    assert [done["renewal"]["agencyContact"]] == done["errors"][0]["contacts"]
    assert done["renewal"]["agencyContact"]["phone"]
    assert [] == successors(town, code)


@each_insurer
@NEXT_YEAR
async def test_at_the_years_end_an_application_waits_for_the_first_hour_that_is_known(
    town: Town, holder: Frontend, code: str
) -> None:
    ready = await holder.ready(code)
    when = "the year's end"
    town.clock.set(moment(when))
    hours = printed(code, when, "RENEWAL")

    done = await holder.submit(ready)

    assert hours["opensAt"] < ready["dueBy"]
    expected = ("ACCEPTED", None) if hours["openNow"] else ("QUEUED", hours["opensAt"])
    assert expected == (done["renewal"]["status"], done["renewal"]["willSubmitAt"])
    town.clock.set(moment("the third of January, 26:01"))
    assert 0 == await town.gateway.worker.turn()
    town.clock.set(datetime.fromisoformat("2027-01-04T07:00:00+09:00"))
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await holder.read(ready))["status"]
    assert 1 == len(successors(town, code))
