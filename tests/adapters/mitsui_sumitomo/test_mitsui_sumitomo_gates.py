"""The gates of a renewal, its hours and its silence, for the personas that stand there (domain 4.3)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from aiohttp import web
from msgspec.structs import replace

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance import complete
from insurers.consent import ConsentKind
from insurers.coverage import RENEWAL_RIDERS, CoverageKind
from insurers.current import current_cover
from insurers.errors import Closed, Drifted, Duplicate, ErrorCode, NotOnline, Unconfirmed
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.losses import losses
from insurers.plan import PlanQuery
from insurers.policy import PolicyStatus, RenewabilityCode, RenewalOffer
from insurers.proof import is_customers_alone
from insurers.renewal import Draft
from insurers.sandbox import LEDGER, TestClock
from insurers.script import Confirmation, DocumentToOpen, Field
from insurers.verdict import Verdict
from tests.adapters.mitsui_sumitomo.conftest import Control, persona
from tests.adapters.mitsui_sumitomo.walking import number, signed_in

KEY, ANOTHER_KEY = UUID(int=7), UUID(int=8)
AGENCY = "03-0000-0111"


async def come(insurer: Insurer, code: str) -> tuple[Access, PolicyNumber]:
    account = await signed_in(insurer, persona(code)["torokuZumi"]["userId"])
    return account.access, PolicyNumber.parse(number(code))


async def drafted(insurer: Insurer, access: Access, wanted: PolicyNumber) -> Draft:
    plans = await insurer.plans(access, PlanQuery(number=wanted))
    return complete(wanted, plans[0], await insurer.script(access, wanted))


async def offered(insurer: Insurer, code: str) -> RenewalOffer:
    access, wanted = await come(insurer, code)
    return (await insurer.renewal_offers(access, [wanted]))[wanted]


def signed(sandbox: web.Application) -> list[str]:
    return [accepted.number for accepted in sandbox[LEDGER]()]


async def test_every_referral_names_the_agency_of_the_contract(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)
    referrals = {
        need.key: rule.contact
        for step in script
        for need in step.requirements
        if isinstance(need, Field)
        for rule in need.refers
    }

    assert {"conditions_in_reality", "group_conditions", "disclosure", "vehicle_count"} == set(referrals)
    assert {(AGENCY, "https://agency.example/")} == {
        (contact.phone, contact.url) for contact in referrals.values() if contact
    }
    assert None not in referrals.values()


async def test_evidence_is_called_by_what_was_confirmed(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    script = await insurer.script(access, known)
    proves = {
        need.key: need.proves
        for step in script
        for need in step.requirements
        if isinstance(need, Confirmation) and need.proves
    }

    assert {
        "conditions": ConsentKind.DECLARATION,
        "personal_information": ConsentKind.PRE_CHECK,
        "final_step_1": ConsentKind.DECLARATION,
        "final_step_2": ConsentKind.DECLARATION,
        "final_step_3": ConsentKind.DECLARATION,
        "final_step_4": ConsentKind.PLAN_CONFIRMED,
        "final_step_5": ConsentKind.PLAN_CONFIRMED,
    } == proves


async def test_what_is_disclosed_is_the_customers_alone_and_a_plan_is_not(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    """P-14: an agent may choose a plan and a certificate, and disclose nothing."""
    script = await insurer.script(access, known)

    assert {"plan", "personal_information", "final_step_4", "final_step_5", "certificate_form"} == {
        need.key for step in script for need in step.requirements if not is_customers_alone(step, need)
    }


async def test_the_solicitation_policy_is_on_the_agencys_page_and_the_licence_is_at_hand(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)
    facts = {fact.key: fact.value for fact in script.step("important_matters").facts}
    licence, browsers = insurer.manifest.portal.preparation

    assert "https://agency.example/" == facts["agency_page"]
    assert "取扱代理店のホームページ" in facts["personal_information_text"]
    assert "運転免許証" in licence.ja
    assert [] == [word for word in ("iOS 16", "Safari", "Android 13", "Edge") if word not in browsers.ja]


async def test_the_paper_is_opened_before_it_is_confirmed(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    needs = (await insurer.script(access, known)).step("important_matters").requirements
    (paper,) = (need for need in needs if isinstance(need, DocumentToOpen))
    kept = next(need for need in needs if need.key == "important_matters_kept")

    assert (True, True) == (paper.required, paper.must_open)
    assert isinstance(kept, Confirmation)
    assert paper.document.sha256 == kept.document


def test_how_long_not_found_proves_nothing_stands_on_the_card(insurer: Insurer) -> None:
    assert timedelta(seconds=60) == insurer.manifest.settles_within
    assert 0 < insurer.manifest.journeys_at_once < 8


@pytest.mark.parametrize(
    ("code", "closes_at"),
    [
        ("ms_sunday_2601", datetime(2026, 12, 26, 16, tzinfo=TOKYO)),
        ("any_maturity_today_1559", datetime(2026, 11, 20, 16, tzinfo=TOKYO)),
    ],
)
async def test_an_offer_says_until_when_an_application_is_taken(
    insurer: Insurer, code: str, closes_at: datetime
) -> None:
    offer = await offered(insurer, code)

    assert (True, closes_at, None, None) == (offer.online, offer.closes_at, offer.decline_by, offer.late_until)


async def test_riders_tell_until_when_they_are_declined_what_they_did_and_what_they_forgive(insurer: Insurer) -> None:
    access, rides = await come(insurer, "ms_auto_renewal_rider")
    did, forgives = PolicyNumber.parse("0220000005"), PolicyNumber.parse("0220000006")

    policies = await insurer.policies(access)
    offers = await insurer.renewal_offers(access, [rides, did, forgives])

    assert (True, datetime(2026, 12, 6, 16, tzinfo=TOKYO)) == (offers[rides].online, offers[rides].decline_by)
    assert policies[rides].auto_renewal
    assert [CoverageKind.AUTO_RENEWAL_RIDER] == [
        cover.kind for cover in policies[rides].coverages if cover.kind in RENEWAL_RIDERS and cover.included
    ]
    assert [RenewabilityCode.AUTO_RENEWAL_ACTIVE] == [reason.code for reason in offers[did].reasons]
    assert (PolicyStatus.RENEWED, policies[did].successor) == (policies[did].status, offers[did].successor)
    assert offers[did].reasons[0].contact
    # What was renewed can neither be declined any more nor come late.
    assert (None, None) == (offers[did].decline_by, offers[did].late_until)
    assert datetime(2026, 12, 10, 16, tzinfo=TOKYO) == offers[forgives].late_until
    assert [RenewabilityCode.TOO_LATE] == [reason.code for reason in offers[forgives].reasons]


async def test_a_rider_goes_on_in_the_plans_of_its_insurer_and_is_lost_at_another(insurer: Insurer) -> None:
    access, rides = await come(insurer, "ms_auto_renewal_rider")
    current = current_cover((await insurer.policies(access))[rides])
    as_now = next(plan for plan in await insurer.plans(access, PlanQuery(number=rides)) if plan.same_as_current)
    without = [replace(cover, included=False) for cover in as_now.coverages if cover.kind in RENEWAL_RIDERS]
    elsewhere = replace(as_now, insurer=InsurerCode("elsewhere"), coverages=tuple(without))

    lost = {loss.kind: loss.verdict for loss in losses(elsewhere, current)}

    assert () == losses(as_now, current)
    assert Verdict.LOST is lost[CoverageKind.AUTO_RENEWAL_RIDER]


async def test_what_the_rider_renewed_is_a_duplicate_and_is_not_pressed(
    insurer: Insurer, clock: TestClock, sandbox: web.Application
) -> None:
    clock.set(datetime(2026, 12, 20, 15, 30, tzinfo=TOKYO))
    access, rides = await come(insurer, "ms_auto_renewal_rider")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, rides))
    clock.set(datetime(2026, 12, 20, 16, 0, tzinfo=TOKYO))

    with pytest.raises(Duplicate) as refused:
        await insurer.apply(access, proposal, KEY)

    assert ErrorCode.AUTO_RENEWAL_ACTIVE is refused.value.code
    assert await insurer.outcome(access, proposal, KEY) is None
    assert [] == signed(sandbox)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("any_accident_last_3_months", RenewabilityCode.RECENT_ACCIDENT),
        ("any_day7", RenewabilityCode.TOO_LATE),
        ("any_day8", RenewabilityCode.TOO_LATE),
    ],
)
async def test_what_only_the_agency_renews_says_so_in_the_list_and_at_the_door(
    insurer: Insurer, code: str, reason: RenewabilityCode
) -> None:
    access, wanted = await come(insurer, code)
    offer = (await insurer.renewal_offers(access, [wanted]))[wanted]

    with pytest.raises(NotOnline) as refused:
        await insurer.script(access, wanted)

    assert not offer.online
    for told in (*offer.reasons, refused.value.reason):
        assert reason is told.code
        assert told.contact is not None
        assert AGENCY == told.contact.phone


async def test_another_car_is_the_agencys(insurer: Insurer) -> None:
    access, wanted = await come(insurer, "ms_needs_vehicle_change")

    with pytest.raises(NotOnline) as refused:
        await insurer.rehearse(access, await drafted(insurer, access, wanted))

    assert RenewabilityCode.CHANGE_NEEDS_AGENCY is refused.value.reason.code
    assert "お車の変更" in refused.value.reason.message.ja
    assert refused.value.reason.contact


async def test_a_car_that_another_insurer_has_too_shows_its_plate_and_holder(insurer: Insurer) -> None:
    access, wanted = await come(insurer, "switch_ms_to_sj_double")
    policy = (await insurer.policies(access))[wanted]

    assert policy.vehicle is not None
    assert policy.holder is not None
    assert "品川 500 す 77-01" == policy.vehicle.plate
    assert ("重複", "一台") == (policy.holder.family, policy.holder.given)


@pytest.mark.parametrize(
    ("code", "was_done"),
    [("any_timeout_after_apply_accepted", True), ("any_timeout_after_apply_not_accepted", False)],
)
async def test_silence_at_the_button_is_asked_about_and_ends_in_one_contract(
    insurer: Insurer, clock: TestClock, sandbox: web.Application, code: str, was_done: bool
) -> None:
    access, wanted = await come(insurer, code)
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))

    with pytest.raises(Unconfirmed):
        await insurer.apply(access, proposal, KEY)
    clock.advance(insurer.manifest.settles_within)
    found = await insurer.outcome(access, proposal, KEY)

    assert was_done == (found is not None) == ([str(wanted)] == signed(sandbox))
    successor = await insurer.apply(access, proposal, KEY)
    assert successor == await insurer.outcome(access, proposal, KEY) == (found or successor)
    assert [str(wanted)] == signed(sandbox)


async def test_on_the_day_of_maturity_the_last_second_is_taken(
    insurer: Insurer, clock: TestClock, sandbox: web.Application
) -> None:
    clock.set(datetime(2026, 11, 20, 15, 59, 59, tzinfo=TOKYO))
    access, wanted = await come(insurer, "any_maturity_today_1559")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))
    until = proposal.plan.valid_until

    assert str(await insurer.apply(access, proposal, KEY))
    assert until == datetime(2026, 11, 20, 16, tzinfo=TOKYO)
    assert [str(wanted)] == signed(sandbox)


async def test_at_four_and_after_nothing_is_taken_and_the_agency_is_named(
    insurer: Insurer, clock: TestClock, sandbox: web.Application
) -> None:
    clock.set(datetime(2026, 11, 20, 15, 59, 59, tzinfo=TOKYO))
    access, wanted = await come(insurer, "any_maturity_today_1601")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))

    for moment in (datetime(2026, 11, 20, 16, 0, tzinfo=TOKYO), datetime(2026, 11, 20, 16, 1, tzinfo=TOKYO)):
        clock.set(moment)
        with pytest.raises(NotOnline) as refused:
            await insurer.apply(access, proposal, KEY)
        assert RenewabilityCode.TOO_LATE is refused.value.reason.code
        assert refused.value.reason.contact

    assert [] == signed(sandbox)


async def test_a_draft_outlives_sixty_idle_minutes(
    insurer: Insurer, clock: TestClock, requests: Callable[[], Counter[str]]
) -> None:
    access, wanted = await come(insurer, "ms_session_60min")
    draft = await drafted(insurer, access, wanted)
    before = await insurer.rehearse(access, draft)
    doors = requests()["POST /portal/login/kantan"]

    clock.advance(timedelta(minutes=60))
    after = await insurer.rehearse(access, draft)

    assert before.fingerprint == after.fingerprint
    assert doors + 1 == requests()["POST /portal/login/kantan"]
    assert str(await insurer.apply(access, before, KEY))


async def test_on_sunday_at_26_01_it_is_closed_until_seven_and_nothing_was_done(
    insurer: Insurer, clock: TestClock, sandbox: web.Application
) -> None:
    access, wanted = await come(insurer, "ms_sunday_2601")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))
    clock.set(datetime(2026, 11, 23, 2, 1, tzinfo=TOKYO))

    with pytest.raises(Closed) as shut:
        await insurer.apply(access, proposal, KEY)
    with pytest.raises(Closed) as not_told:
        await insurer.outcome(access, proposal, KEY)

    assert datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO) == shut.value.opens_at
    assert datetime(2026, 11, 23, 4, 0, tzinfo=TOKYO) == not_told.value.opens_at
    assert [] == signed(sandbox)


async def test_on_sunday_at_25_59_it_is_taken(insurer: Insurer, clock: TestClock) -> None:
    clock.set(datetime(2026, 11, 23, 1, 59, 59, tzinfo=TOKYO))
    access, wanted = await come(insurer, "ms_sunday_2601")

    assert str(await insurer.apply(access, await insurer.rehearse(access, await drafted(insurer, access, wanted)), KEY))


async def test_at_the_turn_of_the_year_nobody_says_until_when(
    insurer: Insurer, clock: TestClock, control: Control
) -> None:
    access, wanted = await come(insurer, "ms_year_end")
    draft = await drafted(insurer, access, wanted)
    await control("kyushi", {"kaishi": "2026-12-31 21:00", "shuryo": "2027-01-03 07:00", "annai": False})
    clock.set(datetime(2026, 12, 31, 22, 0, tzinfo=TOKYO))

    with pytest.raises(Closed) as shut:
        await insurer.rehearse(access, draft)

    assert shut.value.opens_at is None


async def test_a_press_that_was_lost_may_be_made_again_under_another_key_and_only_once(
    insurer: Insurer, sandbox: web.Application
) -> None:
    access, wanted = await come(insurer, "any_timeout_after_apply_not_accepted")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))
    with pytest.raises(Unconfirmed):
        await insurer.apply(access, proposal, KEY)

    assert str(await insurer.apply(access, proposal, ANOTHER_KEY))
    with pytest.raises(Duplicate):
        await insurer.apply(access, proposal, KEY)
    assert [str(wanted)] == signed(sandbox)


async def test_a_receipt_for_another_contract_is_no_outcome(insurer: Insurer) -> None:
    access, wanted = await come(insurer, "ms_sunday_2601")
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))
    await insurer.apply(access, proposal, KEY)
    elsewhere = msgspec.structs.replace(
        proposal, ref=PolicyRef(insurer.manifest.code, PolicyNumber.parse("0000000001"))
    )

    with pytest.raises(Drifted):
        await insurer.outcome(access, elsewhere, KEY)
