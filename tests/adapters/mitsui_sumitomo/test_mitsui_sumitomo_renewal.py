"""Reading, quoting and renewing, against the sandbox."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from aiohttp import web

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.answers import Value
from insurers.capability import Capability
from insurers.conformance import complete
from insurers.coverage import Coverage, CoverageChange, CoverageKind, Covered, Peril
from insurers.errors import (
    Changed,
    Closed,
    Drifted,
    Duplicate,
    ErrorCode,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.exchange import Exchange
from insurers.identity import PlanCode, PolicyNumber
from insurers.mitsui_sumitomo.sandbox import texts
from insurers.plan import Plan, PlanQuery, PremiumNature
from insurers.policy import ContractForm, PolicyStatus, RenewabilityCode
from insurers.renewal import Draft
from insurers.sandbox import FAULTS, TOKYO, Fault, TestClock
from insurers.script import Binds, Confirmation, Field, InputKind
from tests.adapters.mitsui_sumitomo.conftest import Control, Letterbox, Register

KEY = UUID(int=7)

Faults = Callable[..., None]


async def drafted(insurer: Insurer, access: Access, number: PolicyNumber, **said: Value) -> Draft:
    plans = await insurer.plans(access, PlanQuery(number=number))
    draft = complete(number, plans[0], await insurer.script(access, number))
    return msgspec.structs.replace(draft, values={**draft.values, **said})


def cover(plan: Plan, kind: CoverageKind) -> Coverage:
    return next(line for line in plan.coverages if line.kind is kind)


async def test_the_main_job(
    insurer: Insurer, access: Access, known: PolicyNumber, letterbox: Letterbox, clock: TestClock
) -> None:
    present = (await insurer.policies(access, [known]))[known]
    assert (PolicyStatus.IN_FORCE, ContractForm.GROUP_HANDLED) == (present.status, present.form)

    plans = await insurer.plans(access, PlanQuery(number=known))
    assert ["1", "2", "3"] == [plan.code for plan in plans]
    assert [True, False, False] == [plan.same_as_current for plan in plans]

    wish = CoverageChange(kind=CoverageKind.RENTAL_CAR, option="RENTAL:7000")
    (edited,) = await insurer.plans(access, PlanQuery(number=known, plan=PlanCode("1"), changes=(wish,)))
    assert edited.premium.total > plans[0].premium.total
    assert edited.fingerprint != plans[0].fingerprint

    draft = complete(known, edited, await insurer.script(access, known))
    proposal = await insurer.rehearse(access, draft)
    assert edited.premium.total == proposal.plan.premium.total
    assert PremiumNature.BINDABLE is proposal.plan.premium.nature
    assert proposal.plan.valid_until
    assert proposal.plan.valid_until > clock()

    successor = await insurer.apply(access, proposal, KEY)

    assert successor == await insurer.outcome(access, proposal, KEY)
    renewed = await insurer.policies(access)
    next_term = renewed[PolicyNumber.parse(str(successor))]
    assert successor == renewed[known].successor
    assert (PolicyStatus.PENDING, present.ends_at) == (next_term.status, next_term.starts_at)
    assert next_term.premium
    assert edited.premium.total == next_term.premium.total
    assert "継続手続き完了" in letterbox.letters[-1].subject


async def test_a_successor_is_in_the_account_and_cannot_be_renewed_yet(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    successor = PolicyNumber.parse(str(await insurer.apply(access, proposal, KEY)))

    offer = (await insurer.renewal_offers(access, [successor]))[successor]

    assert not offer.online
    assert [RenewabilityCode.TOO_EARLY] == [reason.code for reason in offer.reasons]


async def test_policies_take_one_round_of_look_ups(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Callable[[], Counter[str]]
) -> None:
    await insurer.policies(access, [known, known])
    assert 1 == requests().total()

    await insurer.policies(access)
    assert 4 == requests().total()

    await insurer.renewal_offers(access, [known])
    assert 5 == requests().total()


async def test_a_number_of_another_shape_is_nobodys_and_is_not_asked_about(
    insurer: Insurer, access: Access, requests: Callable[[], Counter[str]]
) -> None:
    assert {} == await insurer.policies(access, [PolicyNumber.parse("A1234567")])
    assert 0 == requests().total()


async def test_a_dead_session_is_opened_again_once_for_all_who_wait(
    insurer: Insurer, access: Access, clock: TestClock, requests: Callable[[], Counter[str]]
) -> None:
    numbers = list(await insurer.policies(access))
    clock.advance(timedelta(minutes=60))

    assert set(numbers) == set(await insurer.policies(access, numbers))
    assert 1 == requests()["POST /portal/login/kantan"]


async def test_a_renewal_that_is_not_open_yet_says_when_it_opens(insurer: Insurer, access: Access) -> None:
    number = PolicyNumber.parse("0123456790")
    offer = (await insurer.renewal_offers(access, [number]))[number]

    assert [RenewabilityCode.TOO_EARLY] == [reason.code for reason in offer.reasons]
    assert offer.opens_at
    assert datetime(2026, 11, 20, tzinfo=TOKYO) < offer.opens_at
    with pytest.raises(NotOnline) as refused:
        await insurer.plans(access, PlanQuery(number=number))
    assert RenewabilityCode.TOO_EARLY is refused.value.reason.code


async def test_own_damage_is_told_by_its_perils(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    plans = await insurer.plans(access, PlanQuery(number=known))
    limited, general = (cover(plan, CoverageKind.OWN_DAMAGE) for plan in plans[:2])

    def of_objects(line: Coverage) -> Covered:
        return next(part.covered for part in line.perils if part.peril is Peril.COLLISION_WITH_OBJECT)

    assert (Covered.NO, Covered.YES) == (of_objects(limited), of_objects(general))


async def test_changes_to_one_plan_are_the_whole_difference_from_its_initial_settings(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    first = CoverageChange(kind=CoverageKind.RENTAL_CAR, option="RENTAL:7000")
    second = CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="SHARYO_KATA:NASHI")
    (both,) = await insurer.plans(access, PlanQuery(number=known, plan=PlanCode("1"), changes=(first, second)))
    (one,) = await insurer.plans(access, PlanQuery(number=known, plan=PlanCode("1"), changes=(second,)))

    assert ((first, second), (second,)) == (both.changes, one.changes)
    assert () == both.departures
    assert not cover(one, CoverageKind.RENTAL_CAR).included


async def test_the_film_is_there_or_it_is_said_why_not(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    film = (await insurer.plans(access, PlanQuery(number=known)))[0].video

    assert film
    assert (True, None) == (bool(film.url), film.unavailable_reason)


async def test_where_only_plan_3_is_recommended_there_is_no_film(insurer: Insurer, register: Register) -> None:
    (plan,) = await insurer.plans(await register("ms_plan3_only"), PlanQuery(number=PolicyNumber.parse("0200000014")))

    assert "3" == plan.code
    assert plan.video
    assert plan.video.unavailable_reason


async def test_the_script_has_every_box_of_the_leaflet(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    script = await insurer.script(access, known)

    assert ["common_conditions", "plan", "important_matters", "final_review", "application"] == [
        step.key for step in script
    ]
    matters, review = script.step("important_matters"), script.step("final_review")
    assert ["group_conditions", "disclosure", "notification", "personal_information"] == [
        need.key for need in matters.requirements[:4]
    ]
    reality = script.step("common_conditions").requirements[-2]
    assert isinstance(reality, Field)
    assert (True, None, ("differs",)) == (reality.required, reality.suggested, reality.refers[0].when)
    declarations = [need for need in matters.requirements if isinstance(need, Field)]
    assert [("false",), ("true",)] == [need.refers[0].when for need in declarations]
    assert {InputKind.BOOLEAN} == {need.input for need in declarations}
    kept = matters.requirements[-1]
    assert isinstance(kept, Confirmation)
    assert ("確認・保管しました", (Binds.DOCUMENT,)) == (kept.statement, kept.binds)
    assert 5 == sum(isinstance(need, Confirmation) for need in review.requirements)


async def test_the_script_and_its_document_are_read_and_nothing_is_confirmed_for_the_customer(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Callable[[], Counter[str]]
) -> None:
    (paper,) = (await insurer.script(access, known)).documents()
    await insurer.document(access, known, paper.id)

    assert {
        "POST /portal/keizoku/{shoken_no}/kaishi",
        "POST /eg1/nyujo",
    } == {call for call in requests() if call.startswith("POST")}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"conditions_in_reality": "differs"}, RenewabilityCode.CHANGE_NEEDS_AGENCY),
        ({"group_conditions": "false"}, RenewabilityCode.GROUP_CONDITION_NOT_MET),
        ({"disclosure": "true"}, RenewabilityCode.DISCLOSURE_APPLIES),
        ({"vehicle_count": "10"}, RenewabilityCode.FLEET_SIZE),
    ],
)
async def test_an_answer_that_only_the_agency_can_deal_with_is_referred(
    insurer: Insurer, access: Access, known: PolicyNumber, said: dict[str, str], reason: RenewabilityCode
) -> None:
    with pytest.raises(NotOnline) as refused:
        await insurer.rehearse(access, await drafted(insurer, access, known, **said))

    assert (reason, ErrorCode.REFERRED_TO_AGENCY) == (refused.value.reason.code, refused.value.code)
    assert refused.value.reason.contact


@pytest.mark.parametrize(
    ("persona", "number", "reason"),
    [
        ("ms_group_condition_fails", "0200000011", RenewabilityCode.GROUP_CONDITION_NOT_MET),
        ("ms_disclosure_applies", "0200000012", RenewabilityCode.DISCLOSURE_APPLIES),
        ("ms_ten_cars", "0200000013", RenewabilityCode.FLEET_SIZE),
    ],
)
async def test_the_insurers_own_records_refer_as_well(
    insurer: Insurer, register: Register, persona: str, number: str, reason: RenewabilityCode
) -> None:
    access = await register(persona)

    with pytest.raises(NotOnline) as refused:
        await insurer.rehearse(access, await drafted(insurer, access, PolicyNumber.parse(number)))

    assert reason is refused.value.reason.code


@pytest.mark.parametrize(
    ("persona", "number", "reason"),
    [
        ("group_contract", "0200000025", RenewabilityCode.GROUP_CONTRACT),
        ("ms_agency_only", "0200000027", RenewabilityCode.CHANGE_NEEDS_AGENCY),
        # An individual contract: e-G1 is for group-handled ones (MS-SCP-01).
        ("ms_agency_only", "0200000028", RenewabilityCode.CHANGE_NEEDS_AGENCY),
        ("already_renewed", "0200000023", RenewabilityCode.ALREADY_RENEWED),
    ],
)
async def test_what_cannot_be_renewed_online_says_so_in_the_list(
    insurer: Insurer, register: Register, persona: str, number: str, reason: RenewabilityCode
) -> None:
    wanted = PolicyNumber.parse(number)
    offer = (await insurer.renewal_offers(await register(persona), [wanted]))[wanted]

    assert not offer.online
    assert [reason] == [given.code for given in offer.reasons]
    assert offer.reasons[0].contact


async def test_what_is_renewed_already_is_a_duplicate(insurer: Insurer, register: Register) -> None:
    access = await register("already_renewed")

    with pytest.raises(Duplicate):
        await insurer.script(access, PolicyNumber.parse("0200000023"))


@pytest.mark.parametrize(
    "left_out",
    [
        "conditions_in_reality",
        "conditions",
        "group_conditions",
        "notification",
        "important_matters_kept",
        "final_step_3",
        "vehicle_count",
    ],
)
async def test_no_box_can_be_left_out(insurer: Insurer, access: Access, known: PolicyNumber, left_out: str) -> None:
    draft = await drafted(insurer, access, known)
    values = {key: value for key, value in draft.values.items() if key != left_out}

    with pytest.raises(Rejected) as refused:
        await insurer.rehearse(access, msgspec.structs.replace(draft, values=values))

    assert ErrorCode.CONFIRMATION_REQUIRED is refused.value.code


async def test_another_rate_than_quoted_is_told_at_the_rehearsal(
    insurer: Insurer, access: Access, known: PolicyNumber, control: Control
) -> None:
    draft = await drafted(insurer, access, known)
    await control("ryoritsu", {"shokenNo": str(known), "permille": 1050})

    with pytest.raises(Changed) as refused:
        await insurer.rehearse(access, draft)

    assert ErrorCode.PREMIUM_CHANGED is refused.value.code


@pytest.mark.parametrize(
    ("ordered", "body", "code"),
    [
        ("ryoritsu", {"shokenNo": "0123456789", "permille": 1050}, ErrorCode.PREMIUM_CHANGED),
        ("juyo-jiko", None, ErrorCode.DOCUMENT_CHANGED),
    ],
)
async def test_what_moved_since_the_rehearsal_is_not_signed(
    insurer: Insurer,
    access: Access,
    known: PolicyNumber,
    control: Control,
    ordered: str,
    body: object,
    code: ErrorCode,
    requests: Callable[[], Counter[str]],
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    await control(ordered, body)

    with pytest.raises(Changed) as refused:
        await insurer.apply(access, proposal, KEY)

    assert code is refused.value.code
    assert 0 == requests()["POST /eg1/moshikomi"]


@pytest.mark.parametrize(
    ("persona", "number", "code"),
    [
        ("any_premium_changed_before_submit", "0200000021", ErrorCode.PREMIUM_CHANGED),
        ("any_document_changed", "0200000022", ErrorCode.DOCUMENT_CHANGED),
    ],
)
async def test_what_moved_at_the_button_is_confirmed_anew_and_then_goes_through(
    insurer: Insurer, register: Register, persona: str, number: str, code: ErrorCode
) -> None:
    access, wanted = await register(persona), PolicyNumber.parse(number)
    proposal = await insurer.rehearse(access, await drafted(insurer, access, wanted))

    with pytest.raises(Changed) as refused:
        await insurer.apply(access, proposal, KEY)
    assert code is refused.value.code
    assert await insurer.outcome(access, proposal, KEY) is None

    anew = await insurer.rehearse(access, await drafted(insurer, access, wanted))
    assert str(await insurer.apply(access, anew, KEY))


async def test_what_the_agency_renewed_meanwhile_is_a_duplicate(
    insurer: Insurer, access: Access, known: PolicyNumber, control: Control
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    await control("keizoku", {"shokenNo": str(known)})

    with pytest.raises(Duplicate):
        await insurer.apply(access, proposal, KEY)

    assert await insurer.outcome(access, proposal, KEY) is None


async def test_eg1_is_shut_at_night_and_the_portal_is_not(
    insurer: Insurer, access: Access, known: PolicyNumber, clock: TestClock
) -> None:
    clock.set(datetime(2026, 11, 21, 2, 30, tzinfo=TOKYO))

    with pytest.raises(Closed) as shut:
        await insurer.plans(access, PlanQuery(number=known))

    assert datetime(2026, 11, 21, 7, 0, tzinfo=TOKYO) == shut.value.opens_at
    assert known in await insurer.policies(access, [known])


# Calls of the walk before the button.
WALK = [
    "/portal/keizoku/0123456789/kaishi",
    "/eg1/nyujo",
    "/eg1/kyotsu-joken",
    "/eg1/plan",
    "/eg1/plan/1/kettei",
    "/eg1/juyo-jiko",
    "/eg1/saishu-kakunin",
]


@pytest.mark.parametrize("path", WALK)
@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.BUSY, Fault.GIBBERISH])
async def test_trouble_before_the_button_is_never_unconfirmed(
    insurer: Insurer,
    access: Access,
    known: PolicyNumber,
    sandbox: web.Application,
    requests: Callable[[], Counter[str]],
    path: str,
    fault: Fault,
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    sandbox[FAULTS].plan(path, fault, times=6)

    with pytest.raises((Unavailable, Drifted)):
        await insurer.apply(access, proposal, KEY)

    assert 0 == requests()["POST /eg1/moshikomi"]
    sandbox[FAULTS].planned.clear()
    assert str(await insurer.apply(access, proposal, KEY))


@pytest.mark.parametrize("path", WALK)
async def test_a_lost_answer_before_the_button_is_got_over_or_may_be_asked_again(
    insurer: Insurer, access: Access, known: PolicyNumber, faults: Faults, path: str
) -> None:
    draft = await drafted(insurer, access, known)
    once = await insurer.rehearse(access, draft)
    faults(path, Fault.SILENCE)

    try:
        again = await insurer.rehearse(access, draft)
    except Unavailable:
        again = await insurer.rehearse(access, draft)

    assert once.fingerprint == again.fingerprint


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.GIBBERISH])
async def test_a_button_that_nobody_answered_is_asked_about_and_not_pressed_again(
    insurer: Insurer,
    access: Access,
    known: PolicyNumber,
    faults: Faults,
    requests: Callable[[], Counter[str]],
    fault: Fault,
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    faults("/eg1/moshikomi", fault)

    with pytest.raises(Unconfirmed):
        await insurer.apply(access, proposal, KEY)
    successor = await insurer.outcome(access, proposal, KEY)

    assert successor
    assert successor == await insurer.apply(access, proposal, KEY)
    assert 1 == requests()["POST /eg1/moshikomi"]


@pytest.mark.parametrize(
    "steps",
    [
        {1: "契約者・記名被保険者", 2: "お車", 3: "運転者の条件・等級", 4: "補償内容"},
        {1: "契約者・記名被保険者", 2: "運転者の条件・等級", 3: "お車", 4: "補償内容", 5: "保険料・払込方法"},
    ],
)
async def test_a_last_screen_with_other_steps_than_were_confirmed_is_not_confirmed(
    insurer: Insurer,
    access: Access,
    known: PolicyNumber,
    monkeypatch: pytest.MonkeyPatch,
    requests: Callable[[], Counter[str]],
    steps: dict[int, str],
) -> None:
    draft = await drafted(insurer, access, known)
    # The insurer has redrawn its last screen.
    monkeypatch.setattr(texts, "STEPS", steps)

    with pytest.raises(Drifted):
        await insurer.rehearse(access, draft)

    assert 0 == requests()["POST /eg1/saishu-kakunin"]


async def test_certificates_are_documents_of_the_policy(
    insurer: Insurer, access: Access, known: PolicyNumber, requests: Callable[[], Counter[str]]
) -> None:
    paper = (await insurer.policies(access, [known]))[known].documents[0]

    file = await insurer.document(access, known, paper.id)

    assert (paper, b"%PDF") == (file.document, file.content[:4])
    assert 0 == requests()["POST /eg1/nyujo"]


async def test_another_persons_policy_is_not_renewed(insurer: Insurer, access: Access, unknown: PolicyNumber) -> None:
    for asked in (
        insurer.plans(access, PlanQuery(number=unknown)),
        insurer.script(access, unknown),
        insurer.document(access, unknown, "x"),
    ):
        with pytest.raises(Rejected):
            await asked


async def test_nothing_that_is_told_of_a_call_is_personal(
    insurer: Insurer, access: Access, known: PolicyNumber, told: list[Exchange]
) -> None:
    proposal = await insurer.rehearse(access, await drafted(insurer, access, known))
    await insurer.apply(access, proposal, KEY)
    await insurer.outcome(access, proposal, KEY)

    operations = {exchange.operation for exchange in told}
    assert [] == [
        operation for operation in operations if any(letter.isdigit() for letter in operation.replace("eg1", ""))
    ]


def test_accidents_are_not_in_this_wire(insurer: Insurer) -> None:
    assert Capability.CLAIM_STATUS not in insurer.manifest.capabilities
