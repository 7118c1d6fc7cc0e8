"""From the draft to the successor, end to end over a real socket."""

import dataclasses
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from insurers.account import Access, Active, Answer, Challenge
from insurers.adapter import Insurer
from insurers.answers import Value
from insurers.consent import ConsentKind
from insurers.coverage import CoverageChange, CoverageKind
from insurers.errors import (
    AccessDenied,
    Changed,
    Drifted,
    Duplicate,
    ErrorCode,
    InsurerError,
    NotOnline,
    Rejected,
)
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery, PremiumNature
from insurers.policy import RenewabilityCode
from insurers.proof import is_customers_alone
from insurers.renewal import Draft
from insurers.sandbox import Fault, TestClock
from insurers.script import Binds, Confirmation, Field, Script, StepKind
from insurers.sompo.sandbox import guidance, offers, steps
from insurers.sompo.sandbox.dates import ymd
from insurers.sompo.sandbox.steps import Ask
from tests.adapters.sompo.conftest import Complete, Control, Order, SignIn

KEY = UUID(int=7)
WALK = ("kaisi", "jizen", "kihon", "hosyou", "syousai", "kettei", "siharai", "juyou")


def confirmations(script: Script) -> list[Confirmation]:
    return [need for step in script for need in step.requirements if isinstance(need, Confirmation)]


async def test_the_script_has_the_leaflets_steps_in_their_order(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)

    assert [
        StepKind.PRE_CHECK,
        StepKind.CONTRACT_BASICS,
        StepKind.PLAN,
        StepKind.DETAILS,
        StepKind.COVERAGE,
        StepKind.CUSTOMER_AND_PAYMENT,
        StepKind.IMPORTANT_MATTERS,
        StepKind.FINAL_REVIEW,
        StepKind.APPLICATION,
    ] == [step.kind for step in script]


async def test_nine_ticks_a_popup_and_the_button_are_eleven_confirmations(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    asked = confirmations(await insurer.script(access, known))

    assert 11 == len(asked)
    assert 5 == [need.statement for need in asked].count("上記の内容で間違いありません")
    assert "契約を申し込む" == asked[-1].statement
    assert ["covers", "plan_decided", "customer_and_payment_confirmed"] == [
        need.key for need in asked if Binds.PLAN in need.binds
    ]


async def test_what_is_on_file_is_suggested_and_a_declaration_is_not(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)
    fields = {need.key: need for step in script for need in step.requirements if isinstance(need, Field)}

    assert ("2028-02", "1977-03-03") == (
        fields["licence_renewal_month"].suggested,
        fields["youngest_driver_birth_date"].suggested,
    )
    for declaration in ("disclosure_applies", "notification_applies"):
        assert (None, [("true",)]) == (
            fields[declaration].suggested,
            [rule.when for rule in fields[declaration].refers],
        )
    # Nobody has said yet how to be told the next time, so nothing is suggested.
    assert fields["next_notice_method"].suggested is None
    assert ["10", "20", "30"] == [option.value for option in fields["next_notice_method"].options]


async def test_every_referral_names_the_agency_of_the_contract(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    script = await insurer.script(access, known)
    agency = (await insurer.policies(access, [known]))[known].agency
    referrals = [
        rule for step in script for need in step.requirements if isinstance(need, Field) for rule in need.refers
    ]

    assert agency
    assert [agency.contact] * 2 == [rule.contact for rule in referrals]


async def test_what_a_tick_proves_is_called_by_its_name(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    """The step of the important matters has two, and its kind tells neither (SJ-REN-09)."""
    script = await insurer.script(access, known)

    assert {
        "driver_scope": ConsentKind.DECLARATION,
        "driver_scope_popup": ConsentKind.DECLARATION,
        "basics": ConsentKind.DECLARATION,
        "contract_details": ConsentKind.DECLARATION,
        "electronic_delivery": ConsentKind.ELECTRONIC_DELIVERY,
        "declarations_confirmed": ConsentKind.DECLARATION,
    } == {need.key: need.proves for need in confirmations(script) if need.proves}


async def test_what_is_disclosed_is_the_customers_alone_and_a_plan_is_not(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    """P-14: an agent may choose a plan and how to be told the next time, and disclose nothing."""
    script = await insurer.script(access, known)

    assert {
        "privacy_document",
        "solicitation_document",
        "privacy_and_solicitation",
        "plan",
        "covers",
        "plan_decided",
        "customer_and_payment_confirmed",
        "next_notice_method",
    } == {need.key for step in script for need in step.requirements if not is_customers_alone(step, need)}


async def test_every_step_says_what_to_do(insurer: Insurer, access: Access, known: PolicyNumber) -> None:
    """SJ-REN-03 to 11, and the white page of SJ-ERR-01."""
    helps = {step.key: step.help for step in await insurer.script(access, known)}

    assert all(text and text.ja and text.en for text in helps.values())
    told = {key: text.ja for key, text in helps.items() if text}
    assert "チェックを入れると、次へ" in told["pre_check"]
    assert {True} == {"取扱代理店" in told[key] for key in ("contract_basics", "details", "customer_and_payment")}
    assert "別ウィンドウ" in told["important_matters"]
    assert "御礼メール" in told["application"]
    assert "白い画面" in told["application"]


async def test_what_is_shown_is_confirmed_and_cannot_be_changed_online(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    """SJ-REN-04, 06 and 08: driver scope and licence, car, address, phone, group and payment."""
    script = await insurer.script(access, known)
    shown = {step.key: [fact.label.ja for fact in step.facts] for step in script}

    assert {"運転者の限定", "運転者年齢条件", "免許証の色"} <= set(shown["contract_basics"])
    assert {"車名", "登録番号", "次回免許更新年月"} <= set(shown["details"])
    assert ["ご住所", "電話番号", "団体名", "払込方法"] == shown["customer_and_payment"]
    assert not any(fact.changeable_online for step in script for fact in step.facts)


async def test_a_rehearsal_walks_every_step_once_and_stops_before_the_button(
    insurer: Insurer, access: Access, draft: Draft, requests: Counter[str]
) -> None:
    requests.clear()

    proposal = await insurer.rehearse(access, draft)

    assert {f"POST /koukai/{step}": 1 for step in WALK}.items() <= requests.items()
    assert 1 == requests["POST /login/tanmatu"]
    assert 0 == requests["POST /koukai/moshikomi"]
    assert PremiumNature.BINDABLE is proposal.plan.premium.nature
    assert "契約を申し込む" == proposal.statement


async def test_an_edited_plan_is_what_is_signed(
    insurer: Insurer, access: Access, draft: Draft, known: PolicyNumber
) -> None:
    wish = CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="21")
    query = PlanQuery(number=known, plan=draft.plan.code, changes=(wish,))
    (edited,) = await insurer.plans(access, query)

    proposal = await insurer.rehearse(access, replace(draft, plan=edited))
    successor = await insurer.apply(access, proposal, KEY)

    (signed,) = (await insurer.policies(access, [PolicyNumber.parse(str(successor))])).values()
    assert signed.premium
    assert edited.premium.total == proposal.plan.premium.total == signed.premium.total
    own_damage = next(cover for cover in signed.coverages if cover.kind is CoverageKind.OWN_DAMAGE)
    assert "車対車・限定危険" == own_damage.insurer_variant


async def test_a_draft_outlives_sessions_and_quotes(
    insurer: Insurer, access: Access, draft: Draft, clock: TestClock
) -> None:
    clock.advance(timedelta(days=20))

    assert (await insurer.rehearse(access, draft)).plan.fingerprint == draft.plan.fingerprint


async def test_a_proposal_is_signed_in_a_session_of_its_own(
    insurer: Insurer, access: Access, draft: Draft, clock: TestClock
) -> None:
    proposal = await insurer.rehearse(access, draft)
    clock.advance(timedelta(hours=5))

    assert str(await insurer.apply(access, proposal, KEY))


async def test_a_renewal_needs_no_trusted_device(
    insurer: Insurer, asked_again: Challenge, completed: Complete, known: PolicyNumber
) -> None:
    active = await insurer.answer(asked_again, Answer(values={"password_again": "Himawari2026"}))
    assert isinstance(active, Active)
    draft = await completed(active.access, known)

    assert str(await insurer.apply(active.access, await insurer.rehearse(active.access, draft), KEY))


@pytest.mark.parametrize(
    ("key", "value", "kind", "code"),
    [
        ("privacy_and_solicitation", "false", Rejected, ErrorCode.CONFIRMATION_REQUIRED),
        ("driver_scope_popup", "false", Rejected, ErrorCode.CONFIRMATION_REQUIRED),
        ("electronic_delivery", "", Rejected, ErrorCode.CONFIRMATION_REQUIRED),
        ("disclosure_applies", "true", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("notification_applies", "true", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("youngest_driver_birth_date", "2005-05-05", NotOnline, ErrorCode.REFERRED_TO_AGENCY),
        ("licence_renewal_month", "2026-10", Rejected, ErrorCode.INPUT_REFUSED),
        ("licence_renewal_month", "soon", Rejected, ErrorCode.INPUT_REFUSED),
        ("next_notice_method", "", Rejected, ErrorCode.INPUT_REFUSED),
        ("next_notice_method", "99", Rejected, ErrorCode.INPUT_REFUSED),
        ("disclosure_applies", "", Rejected, ErrorCode.INPUT_REFUSED),
        ("disclosure_applies", "perhaps", Rejected, ErrorCode.INPUT_REFUSED),
    ],
)
async def test_an_answer_that_will_not_do_stops_the_rehearsal(
    insurer: Insurer,
    access: Access,
    draft: Draft,
    key: str,
    value: Value,
    kind: type[InsurerError],
    code: ErrorCode,
) -> None:
    with pytest.raises(kind) as refused:
        await insurer.rehearse(access, replace(draft, values={**draft.values, key: value}))

    assert (kind, code) == (type(refused.value), refused.value.code)


async def test_a_declaration_is_dealt_with_by_the_agency(insurer: Insurer, access: Access, draft: Draft) -> None:
    with pytest.raises(NotOnline) as refused:
        await insurer.rehearse(access, replace(draft, values={**draft.values, "disclosure_applies": "true"}))

    reason = refused.value.reason
    assert RenewabilityCode.DISCLOSURE_APPLIES is reason.code
    assert reason.contact
    assert "03-0000-1001" == reason.contact.phone
    # The procedure ended, and not the renewal.
    assert draft == (await insurer.rehearse(access, draft)).draft


async def test_a_new_tariff_is_told_before_the_button(
    insurer: Insurer, access: Access, draft: Draft, control: Control, requests: Counter[str]
) -> None:
    proposal = await insurer.rehearse(access, draft)
    await control("tariff", {"yen_per_point": 41})
    requests.clear()

    for asked in (insurer.rehearse(access, draft), insurer.apply(access, proposal, KEY)):
        with pytest.raises(Changed) as refused:
            await asked
        assert ErrorCode.PREMIUM_CHANGED is refused.value.code
    assert 0 == requests["POST /koukai/moshikomi"]


async def test_a_revised_document_is_told_before_the_button(
    insurer: Insurer, access: Access, draft: Draft, control: Control, requests: Counter[str]
) -> None:
    proposal = await insurer.rehearse(access, draft)
    await control("important-matters")
    requests.clear()

    for asked in (insurer.rehearse(access, draft), insurer.apply(access, proposal, KEY)):
        with pytest.raises(Changed) as refused:
            await asked
        assert ErrorCode.DOCUMENT_CHANGED is refused.value.code
    assert 0 == requests["POST /koukai/moshikomi"]


async def test_important_matters_that_nobody_opened_are_not_confirmed(
    insurer: Insurer, access: Access, draft: Draft
) -> None:
    unread = tuple(document for document in draft.documents if document.title != "重要事項等説明書")

    with pytest.raises(Changed) as refused:
        await insurer.rehearse(access, replace(draft, documents=unread))

    assert ErrorCode.DOCUMENT_CHANGED is refused.value.code


@pytest.mark.parametrize(
    ("name", "contract", "code"),
    [
        ("any_premium_changed_before_submit", "C120000001", ErrorCode.PREMIUM_CHANGED),
        ("any_document_changed", "C130000001", ErrorCode.DOCUMENT_CHANGED),
    ],
)
async def test_what_moves_under_the_button_is_not_signed_and_can_be_confirmed_again(
    insurer: Insurer, sign_in: SignIn, completed: Complete, name: str, contract: str, code: ErrorCode
) -> None:
    access, number = await sign_in(name), PolicyNumber.parse(contract)
    proposal = await insurer.rehearse(access, await completed(access, number))

    with pytest.raises(Changed) as refused:
        await insurer.apply(access, proposal, KEY)

    assert code is refused.value.code
    assert await insurer.outcome(access, proposal, KEY) is None
    again = await insurer.rehearse(access, await completed(access, number))
    assert again.fingerprint != proposal.fingerprint
    assert str(await insurer.apply(access, again, KEY))


async def test_a_second_application_is_a_duplicate(insurer: Insurer, access: Access, draft: Draft) -> None:
    proposal = await insurer.rehearse(access, draft)
    successor = await insurer.apply(access, proposal, KEY)

    with pytest.raises(Duplicate):
        await insurer.apply(access, proposal, KEY)

    assert successor == await insurer.outcome(access, proposal, KEY)


@pytest.mark.parametrize("step", WALK)
async def test_silence_on_the_way_is_walked_over_again_and_never_unconfirmed(
    insurer: Insurer, access: Access, draft: Draft, plan_fault: Order, requests: Counter[str], step: str
) -> None:
    """The step was done, so asking it again is out of order: a new procedure begins."""
    proposal = await insurer.rehearse(access, draft)
    plan_fault(f"/koukai/{step}", Fault.SILENCE)
    requests.clear()

    assert str(await insurer.apply(access, proposal, KEY))
    assert 1 == requests["POST /koukai/moshikomi"]


@pytest.mark.parametrize("question", [Ask("ATARASII", "10", "新しい確認"), Ask("KAKUNIN_09", "99", "新しい問い方")])
async def test_a_question_that_nobody_knows_has_drifted_and_is_not_answered(
    insurer: Insurer,
    access: Access,
    draft: Draft,
    requests: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
    question: Ask,
) -> None:
    proposal = await insurer.rehearse(access, draft)
    last = dataclasses.replace(steps.STEPS[-1], asks=(*steps.STEPS[-1].asks, question))
    monkeypatch.setattr(guidance, "STEPS", (*steps.STEPS[:-1], last))
    requests.clear()

    for asked in (
        insurer.script(access, draft.number),
        insurer.rehearse(access, draft),
        insurer.apply(access, proposal, KEY),
    ):
        with pytest.raises(Drifted):
            await asked
    assert 0 == requests["POST /koukai/kaisi"]


async def test_a_draft_of_another_term_is_not_renewed(
    insurer: Insurer, access: Access, draft: Draft, requests: Counter[str]
) -> None:
    """P-9. The quote has the same price and covers, and falls due in another year."""
    premium = draft.plan.premium
    last_year = tuple(replace(part, due_on=part.due_on - timedelta(days=365)) for part in premium.instalments)
    plan = replace(draft.plan, premium=replace(premium, instalments=last_year))

    with pytest.raises(Changed):
        await insurer.rehearse(access, replace(draft, plan=plan))

    assert 0 == requests["POST /koukai/kaisi"]


async def test_a_contract_whose_term_is_not_the_quoted_one_is_not_renewed(
    insurer: Insurer, access: Access, draft: Draft, requests: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """P-9. The quote is for a term that does not begin where the listed one ends."""
    monkeypatch.setattr(offers, "ymd", lambda day: ymd(day + timedelta(days=1)))

    with pytest.raises(Rejected) as refused:
        await insurer.rehearse(access, draft)

    assert ErrorCode.CONTRACT_NOT_ELIGIBLE is refused.value.code
    assert 0 == requests["POST /koukai/kaisi"]


@pytest.mark.parametrize("step", WALK)
async def test_a_lost_answer_does_not_sign_out_who_trusts_no_device(
    insurer: Insurer, sign_in: SignIn, completed: Complete, plan_fault: Order, clock: TestClock, step: str
) -> None:
    access = await sign_in("sj_otp", trust_device=False)
    draft = await completed(access, PolicyNumber.parse("C100000001"))
    plan_fault(f"/koukai/{step}", Fault.SILENCE)

    assert draft == (await insurer.rehearse(access, draft)).draft

    clock.advance(timedelta(minutes=31))
    with pytest.raises(AccessDenied):
        await insurer.rehearse(access, draft)


async def test_an_access_without_a_device_ends_with_its_session(
    insurer: Insurer, sign_in: SignIn, completed: Complete, clock: TestClock
) -> None:
    access = await sign_in("sj_otp", trust_device=False)
    draft = await completed(access, PolicyNumber.parse("C100000001"))
    clock.advance(timedelta(minutes=31))

    with pytest.raises(AccessDenied):
        await insurer.rehearse(access, draft)
