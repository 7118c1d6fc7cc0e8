"""The day on which a term ends: 15:59 is in time and 16:01 is not, and the last opening before it is the last."""

from datetime import datetime, timedelta

import pytest

from insurers.capability import Capability
from insurers.hours import Hours, Openness
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import TOKYO, Fault
from tests.api.conftest import FRIDAY, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.ledger import successors

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

# Her term ends on a Sunday, thirty days after the clock's Friday.
MATURITY = datetime(2026, 12, 20, 16, 0, tzinfo=TOKYO)
# In the night before it, a quarter of an hour after whoever closes has closed.
LAST_NIGHT = datetime(2026, 12, 20, 2, 45, tzinfo=TOKYO)
LAST_OPENING = datetime(2026, 12, 20, 7, 0, tzinfo=TOKYO)


def hours(code: str) -> Hours:
    return find(InsurerCode(code)).MANIFEST.hours[Capability.RENEWAL]


@pytest.fixture
async def ready(town: Town, sayuri: Frontend, code: str) -> Json:
    """Everything is answered, a month before the term ends."""
    assert FRIDAY == town.clock()
    await town.settle(sayuri, code)
    return await sayuri.ready(code)


@each_insurer
@pytest.mark.parametrize("before", [MINUTE, SECOND], ids=["15:59", "15:59:59"])
async def test_at_15_59_on_the_day_of_maturity_the_next_term_is_still_had(
    town: Town, sayuri: Frontend, ready: Json, code: str, before: timedelta
) -> None:
    town.clock.set(MATURITY - before)

    done = await sayuri.submit(ready)

    assert (MATURITY.isoformat(), MATURITY.isoformat()) == (ready["dueBy"], ready["closesAt"])
    assert ([], "ACCEPTED") == (codes(done), done["renewal"]["status"])
    assert [done["renewal"]["result"]["newPolicyNumber"]] == successors(town, code)


@each_insurer
@pytest.mark.parametrize("after", [timedelta(), MINUTE], ids=["16:00", "16:01"])
async def test_at_16_01_on_the_day_of_maturity_nothing_is_sent_and_the_agency_is_named(
    town: Town, sayuri: Frontend, ready: Json, code: str, after: timedelta
) -> None:
    town.clock.set(MATURITY + after)
    town.forget_requests()

    done = await sayuri.submit(ready)

    (error,) = done["errors"]
    assert ("EligibilityError", "NOT_ELIGIBLE") == (error["__typename"], error["code"])
    (reason,) = error["reasons"]
    assert ("TOO_LATE", ready["agencyContact"]) == (reason["code"], reason["contact"])
    assert reason["contact"]["phone"]
    assert 0 == town.requests(code).get(INSURERS[code]["button"], 0)
    await town.gateway.worker.turn()
    assert ("LAPSED", []) == ((await sayuri.read(ready))["status"], successors(town, code))


@each_insurer
async def test_a_renewal_cannot_begin_at_16_01_on_the_day_of_maturity_and_the_agency_is_named(
    town: Town, sayuri: Frontend, code: str
) -> None:
    await town.settle(sayuri, code)
    policy = {"id": await sayuri.policy_id(code)}
    town.clock.set(MATURITY + MINUTE)

    done = await sayuri.mutate("RenewalStart", policy=policy)

    (error,) = done["errors"]
    assert ("NOT_ELIGIBLE", ["TOO_LATE"]) == (error["code"], [reason["code"] for reason in error["reasons"]])
    assert error["reasons"][0]["contact"]["phone"]
    assert done["renewal"] is None


@each_insurer
async def test_the_last_opening_before_maturity_is_waited_for(
    town: Town, sayuri: Frontend, ready: Json, code: str
) -> None:
    town.clock.set(LAST_NIGHT)
    done = await sayuri.submit(ready)
    if done["renewal"]["status"] == "QUEUED":
        assert LAST_OPENING.isoformat() == done["renewal"]["willSubmitAt"]
        town.clock.set(LAST_OPENING)
        await town.gateway.worker.turn()

    after = await sayuri.read(ready)

    assert "ACCEPTED" == after["status"]
    assert [after["result"]["newPolicyNumber"]] == successors(town, code)


@each_insurer
async def test_what_could_not_be_sent_before_the_term_ended_is_never_shown_as_accepted(
    town: Town, sayuri: Frontend, ready: Json, code: str
) -> None:
    town.clock.set(LAST_NIGHT)
    town.trouble(code, Fault.BUSY)
    done = await sayuri.submit(ready)
    for moment in (LAST_OPENING, MATURITY - MINUTE, MATURITY):
        town.clock.set(moment)
        town.trouble(code, Fault.BUSY)
        await town.gateway.worker.turn()
        assert (await sayuri.read(ready))["status"] != "ACCEPTED"
    town.relieve()

    after = await sayuri.read(ready)

    told = (done["renewal"]["status"], codes(done), done["renewal"]["receipt"] is not None)
    # Who waits for an opening was promised something, and is told that it could not be kept; who asks an insurer
    # that is open and does not answer is told so at once.
    waited = hours(code).openness(LAST_NIGHT) is not Openness.OPEN
    assert (("QUEUED", [], True) if waited else ("READY", ["PROVIDER_UNAVAILABLE"], False)) == told
    assert (["TOO_LATE"] if waited else []) == [reason["code"] for reason in after["reasons"]]
    assert (None, ["CONTACT_AGENCY"]) == (after["receipt"], [act["kind"] for act in after["nextActions"]])
    assert ("LAPSED", None, None) == tuple(after[name] for name in ("status", "result", "willSubmitAt"))
    assert after["agencyContact"]["phone"]
    assert [] == successors(town, code)
