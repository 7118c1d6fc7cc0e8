"""What a renewal offers next: nothing that would be refused, and in every state somebody to turn to."""

from datetime import datetime, timedelta

import pytest

from insurers.sandbox import Fault
from tests.api.agencies import agencies_at_work, let_act
from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.residents import order
from tests.api.test_hours_of_renewal import moment, printed, refused

__all__ = ["agencies_at_work"]

DAY = timedelta(days=1)

# The sandboxes count terms from the present day, so hers ends on a Sunday in a month.
MATURITY = datetime.fromisoformat("2026-12-20T16:00:00+09:00")

OFFERED = """
query ($id: ID!) {
  renewal(id: $id) {
    status statusLabel willSubmitAt submittedAt receipt { number } currentStep { id } steps { state }
    nextActions { kind mutation primary consequence ja: label(locale: "ja") en: label(locale: "en") step { id } }
    events(first: 1) { edges { node { ja: summary(locale: "ja") en: summary(locale: "en") } } }
  }
}
"""


@pytest.fixture
async def agent(town: Town, taro: Frontend) -> Frontend:
    """An agent who acts for Taro."""
    return await let_act(town, taro)


async def seen(frontend: Frontend, renewal: Json) -> Json:
    return (await frontend.raw(OFFERED, {"id": renewal["id"]}))["data"]["renewal"]  # type: ignore[no-any-return]  # JSON.


def kinds(renewal: Json) -> list[str]:
    assert [True] == [act["primary"] for act in renewal["nextActions"]][:1]
    assert not any(act["primary"] for act in renewal["nextActions"][1:])
    return [act["kind"] for act in renewal["nextActions"]]


# ---- an agent


@each_insurer
async def test_an_agent_is_told_beforehand_which_answers_are_the_customers(
    registered: Frontend, agent: Frontend, code: str
) -> None:
    renewal, was_alone = await agent.start(code), set()
    while renewal["status"] == "IN_PROGRESS":
        step = renewal["currentStep"]
        alone = [need["key"] for need in step["requirements"] if need["customerOnly"]]
        was_alone |= {step["kind"]} if alone else set()
        given = await agent.answers(renewal, step)
        free = [answer for answer in given if answer["requirementKey"] not in alone]
        offered = kinds(await seen(agent, renewal))

        tried = await agent.answer("RenewalStepAnswer", renewal, step)

        assert alone == [given[int(error["field"][1])]["requirementKey"] for error in tried["errors"]]
        assert {"CUSTOMER_ONLY"} >= set(codes(tried))
        assert [kind for kind, there in (("ANSWER_STEP", free), ("ASK_CUSTOMER", alone)) if there] == offered[:-3]
        if not alone:
            renewal = tried["renewal"]
            continue
        if free:
            renewal = (await agent.answer("RenewalStepAnswer", renewal, step, answers=free))["renewal"]
            assert "ASK_CUSTOMER" == kinds(await seen(agent, renewal))[0]
        mine = await registered.read(renewal)
        assert "ANSWER_STEP" == kinds(mine)[0]
        renewal = await registered.advance(mine)

    assert {"IMPORTANT_MATTERS", "APPLICATION"} <= was_alone
    assert "SUBMIT" == kinds(await seen(agent, renewal))[0]


@each_insurer
async def test_at_night_the_customer_may_leave_it_and_an_agent_is_told_to_have_the_customer_do_that(
    town: Town, holder: Frontend, agent: Frontend, code: str
) -> None:
    ready, when = await holder.ready(code), "Monday 26:31"
    town.clock.set(moment(when))
    hours = printed(code, when, "RENEWAL")

    by_day = kinds(await seen(agent, ready))
    if hours["openNow"]:
        assert ["SUBMIT", "REQUOTE", "CANCEL"] == by_day
        assert "ACCEPTED" == (await agent.submit(ready))["renewal"]["status"]
        return
    assert ["ASK_CUSTOMER", "CANCEL"] == by_day
    by_night = await agent.submit(ready)
    (error,) = by_night["errors"]
    assert ("CUSTOMER_ONLY", ["whenClosed"], hours["opensAt"]) == tuple(
        error[name] for name in ("code", "field", "retryAt")
    )
    assert "11月24日07:00" in error["message"]
    mine = await seen(holder, ready)
    assert ["SUBMIT", "CANCEL"] == kinds(mine)
    assert ("BINDING", True) == (mine["nextActions"][0]["consequence"], "受付開始後" in mine["nextActions"][0]["ja"])
    waiting = await holder.submit(ready)
    assert ([], "QUEUED") == (codes(waiting), waiting["renewal"]["status"])
    assert waiting["renewal"]["receipt"]["number"]
    assert waiting["renewal"]["submittedAt"] is None
    town.clock.set(datetime.fromisoformat(hours["opensAt"]))
    await town.gateway.worker.turn()
    sent = await seen(holder, ready)
    # The receipt was for the waiting, and the waiting is over.
    assert ("ACCEPTED", None, hours["opensAt"], None) == tuple(
        sent[name] for name in ("status", "receipt", "submittedAt", "currentStep")
    )


@each_insurer
async def test_an_agent_is_not_offered_to_sign_in_for_the_customer(
    town: Town, holder: Frontend, agent: Frontend, code: str
) -> None:
    renewal = await holder.start(code)
    found = (await holder.raw("{ viewer { customer { links { id } } } }"))["data"]["viewer"]["customer"]["links"]
    await holder.mutate("InsurerLinkDelete", linkId=found[0]["id"])

    told = [
        next(one for one in (await who.do("Providers"))["providers"] if one["insurer"]["code"] == code)
        for who in (holder, agent)
    ]
    quoted = await holder.requote(renewal, renewal["plans"][0])

    assert [["LINK_ACCOUNT"], ["ASK_CUSTOMER"]] == [[act["kind"] for act in one["nextActions"]] for one in told]
    assert ["CREDENTIALS_REJECTED"] == codes(quoted)


# ---- too late


@each_insurer
@pytest.mark.parametrize("all_answered", [True, False])
async def test_from_the_cut_off_on_there_is_only_the_agency_and_after_the_term_it_is_urgent(
    town: Town, sayuri: Frontend, code: str, all_answered: bool
) -> None:
    await sayuri.register(code)
    renewal = await (sayuri.ready(code) if all_answered else sayuri.start(code))
    town.clock.set(MATURITY)

    late = await seen(sayuri, renewal)
    await town.gateway.worker.turn()
    lapsed = await seen(sayuri, renewal)
    town.clock.set(MATURITY + 8 * DAY)
    cold = await seen(sayuri, renewal)

    assert MATURITY.isoformat() == renewal["dueBy"]
    assert ["CONTACT_AGENCY", "CANCEL"] == kinds(late)
    assert ("LAPSED", None) == (lapsed["status"], lapsed["currentStep"])
    assert {"DONE", "LOCKED"} >= {step["state"] for step in lapsed["steps"]}
    assert ["CONTACT_AGENCY"] == kinds(lapsed) == kinds(cold)
    assert "至急" in lapsed["nextActions"][0]["ja"]
    # Seven days on the grade is lost, and nothing is urgent any more.
    assert "至急" not in cold["nextActions"][0]["ja"]
    said = lapsed["events"]["edges"][0]["node"]
    assert ("取扱代理店" in said["ja"], "agency" in said["en"]) == (True, True)


@each_insurer
async def test_where_no_opening_comes_before_the_cut_off_nothing_is_offered_but_the_agency(
    town: Town, registered: Frontend, code: str
) -> None:
    ready, when = await registered.ready(code), "the year's end"
    town.clock.set(moment(when))

    offered = kinds(await seen(registered, ready))
    done = await registered.submit(ready)

    if printed(code, when, "RENEWAL")["openNow"]:
        assert (["SUBMIT", "REQUOTE", "CANCEL"], []) == (offered, codes(done))
    else:
        assert (["CONTACT_AGENCY", "CANCEL"], ["PROVIDER_CLOSED"]) == (offered, codes(done))


# ---- what is said


@each_insurer
async def test_what_never_reached_the_insurer_was_not_submitted(town: Town, holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    town.trouble(code, Fault.BUSY)

    waiting = await seen(holder, (await holder.submit(ready))["renewal"])

    assert ("QUEUED", None, None) == tuple(waiting[name] for name in ("status", "submittedAt", "receipt"))
    assert ["WITHDRAW", "CANCEL"] == kinds(waiting)


@pytest.mark.parametrize("code", [code for code in CODES if "pauses within its hours" in INSURERS[code]])
async def test_an_insurer_that_pauses_within_its_hours_is_not_said_to_be_open(
    town: Town, holder: Frontend, code: str
) -> None:
    renewal, pause, told = await holder.start(code), INSURERS[code]["pauses within its hours"], []
    for tells in (True, False):
        await order(town, code, pause["path"], pause["body"] | {pause["tells until when"]: tells})
        told.append(refused(await holder.requote(renewal, renewal["plans"][0], resetFirst=True)))

    assert [
        {"openNow": False, "opensAt": pause["until"], "closesAt": pause["closes"]},
        {"openNow": False, "opensAt": None, "closesAt": None},
    ] == told


@each_insurer
async def test_a_review_that_is_not_the_present_one_is_said_to_be_that_and_no_change(
    holder: Frontend, code: str
) -> None:
    ready = await holder.ready(code)
    told = {}
    for language in ("ja", "en"):
        holder.headers["Accept-Language"] = language
        (error,) = (await holder.submit(ready, reviewHash=""))["errors"]
        told[language] = error["message"]

    assert ("最新の内容" in told["ja"], "present" in told["en"]) == (True, True)
    assert not any(word in said for word in ("保険料", "premium") for said in told.values())


@each_insurer
async def test_the_number_of_the_next_term_is_not_renewed_before_that_term_has_begun(
    town: Town, holder: Frontend, code: str
) -> None:
    done = (await holder.submit(await holder.ready(code)))["renewal"]
    number = done["result"]["newPolicyNumber"]
    edges = (await holder.policies(first=100))["edges"]
    policy = {"id": next(edge["node"]["id"] for edge in edges if edge["node"]["number"] == number)}

    begun = await holder.mutate("RenewalStart", policy=policy)
    town.clock.set(datetime.fromisoformat(done["dueBy"]) + DAY)
    in_force = await holder.mutate("RenewalStart", policy=policy)

    assert [("INVALID", "NUMBER_IS_SUCCESSOR")] == [(one["code"], one["reason"]) for one in begun["errors"]]
    assert "現在のご契約" in begun["errors"][0]["message"]
    assert ["NOT_ELIGIBLE"] == codes(in_force)
    assert ["TOO_EARLY"] == [reason["code"] for reason in in_force["errors"][0]["reasons"]]
    assert 1 == town.requests(code)[INSURERS[code]["button"]]
