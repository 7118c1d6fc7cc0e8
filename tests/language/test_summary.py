"""What was considered, what was not and why, and the sentence in which the customer confirms what is wanted."""

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.comparison import CURRENT, ComparedPolicy, Comparison, Inquiry, InquiryState, offers
from insurers.considered import considered
from insurers.coverage import CoverageKind, CoverageVariant, Peril
from insurers.errors import ErrorCode
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef
from insurers.intention import Intention, MustHave, Priority
from insurers.money import Yen
from insurers.plan import PaymentMethod, Plan, Premium, PremiumNature
from insurers.quotation import STANDS
from insurers.risk import Risk
from insurers.setback import Setback, SetbackKind
from insurers.summary import Summary, absence, summary
from insurers.text import Text
from insurers.wishes import statement

replace = msgspec.structs.replace

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
YEAR = timedelta(days=365)
PAPER, SLATE, STONE = (InsurerCode(code) for code in ("paper", "slate", "stone"))
NAMES = {
    PAPER: Text("紙の保険", "Paper"),
    SLATE: Text("石板の保険", "Slate"),
    STONE: Text("石の保険", "Stone"),
}
POLICY = PolicyRef(PAPER, PolicyNumber("A1"))


def plan(insurer: InsurerCode, name: str, yen: int) -> Plan:
    return Plan(
        insurer=insurer,
        code=PlanCode(name),
        name=name,
        position=1,
        premium=Premium(nature=PremiumNature.INDICATION, total=Yen(yen), payment=PaymentMethod.CREDIT_CARD),
        coverages=(),
        quoted_at=NOW,
    )


def inquiry(insurer: InsurerCode, state: InquiryState, *plans: Plan, setback: Setback | None = None) -> Inquiry:
    return Inquiry(
        id=insurer,
        comparison="C",
        customer="who",
        policy=POLICY,
        insurer=insurer,
        position=0,
        state=state,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        plans=plans,
        setback=setback,
    )


def summed(intention: Intention | None, *inquiries: Inquiry, at: datetime = NOW) -> Summary:
    comparison = Comparison(
        id="C",
        customer="who",
        version=1,
        requested_at=NOW,
        updated_at=NOW,
        policies=(ComparedPolicy(ref=POLICY, maturity=NOW + YEAR, risk=Risk(), current=plan(PAPER, CURRENT, 60_000)),),
        intention=intention,
        inquiries=inquiries,
    )
    found = considered(offers(comparison), comparison.policies, intention, at) if intention else ()
    return summary(comparison, found, NAMES)


CHEAP = Intention(budget=Yen(55_000), priorities=(Priority.LOW_PREMIUM,), recorded_at=NOW)
CLOSED = Setback(
    kind=SetbackKind.CLOSED, code=ErrorCode.SERVICE_CLOSED, again_at=datetime(2026, 11, 23, 7, tzinfo=TOKYO)
)


def test_everybody_is_in_it_and_who_is_not_considered_has_a_reason() -> None:
    told = summed(
        CHEAP,
        inquiry(PAPER, InquiryState.ANSWERED, plan(PAPER, "ひとつめ", 53_200), plan(PAPER, "ふたつめ", 50_000)),
        inquiry(SLATE, InquiryState.FAILED, setback=CLOSED),
    )

    assert ["紙の保険：証券番号A1について2プラン"] == [each.ja for each in told.considered]
    assert [
        "石板の保険：証券番号A1について、受付時間外でした。11月23日 7:00以降にもう一度お試しください。",
        "石の保険：比較の対象に選ばれていません。",
    ] == [each.ja for each in told.not_considered]
    assert "Slate, for policy A1: it was closed. Ask again from 2026-11-23 7:00 on." == told.not_considered[0].en
    assert "ほかの保険会社の商品は扱っておらず、比較に含まれていません。" in told.scope.ja
    assert "Only these insurers can be compared here: Paper, Slate, Stone." in told.scope.en


def test_the_reason_for_the_first_plan_is_told_with_the_rules() -> None:
    told = summed(
        CHEAP,
        inquiry(PAPER, InquiryState.ANSWERED, plan(PAPER, "ひとつめ", 53_200)),
        inquiry(SLATE, InquiryState.ANSWERED, plan(SLATE, "ふたつめ", 50_000), plan(SLATE, "みっつめ", 90_000)),
    )

    assert ["有効期限の切れた見積もりは、まだ有効な見積もりの後に置く", "保険料が安い順"] == [
        rule.ja for rule in told.rules[1:]
    ]
    assert [
        (
            "証券番号A1：石板の保険「ふたつめ」は、ご意向に合うプランのうち最初に挙げるものです。"
            "目安の保険料では、ご予算内です。次の順位のプランより前にあるのは、保険料が3,200円安いためです。"
        )
    ] == [proposal.ja for proposal in told.proposals]
    assert [
        (
            "Policy A1: Slate, ふたつめ, is the first of those that are what you want. "
            "By its indicated premium it is within the budget. "
            "It stands before the next one because its premium is ¥3,200 lower."
        )
    ] == [proposal.en for proposal in told.proposals]


def test_where_nothing_is_what_was_wanted_it_says_so_and_what_to_do() -> None:
    told = summed(CHEAP, inquiry(PAPER, InquiryState.ANSWERED, plan(PAPER, "ひとつめ", 99_999)))

    [proposal] = told.proposals
    assert "ご意向に合うプランはありませんでした。" in proposal.ja
    assert "Look again" in proposal.en


def test_a_quote_that_has_run_out_is_not_put_forward() -> None:
    old, new = plan(PAPER, "きのう", 50_000), replace(plan(PAPER, "きょう", 53_200), quoted_at=NOW + STANDS)
    both = [inquiry(PAPER, InquiryState.ANSWERED, old), inquiry(SLATE, InquiryState.ANSWERED, new)]

    [put_forward] = summed(CHEAP, *both, at=NOW + STANDS).proposals
    [nothing] = summed(CHEAP, *both, at=NOW + 2 * STANDS).proposals

    assert "「きょう」" in put_forward.ja
    assert "証券番号A1：ご意向に合う見積もりは、すべて有効期限が切れています。" in nothing.ja
    assert "Ask for quotes again." in nothing.en


def test_without_an_intention_nothing_is_put_forward() -> None:
    told = summed(None, inquiry(PAPER, InquiryState.ANSWERED, plan(PAPER, "ひとつめ", 5)))

    assert ((), ()) == (told.rules, told.proposals)
    assert (*told.considered, *told.not_considered, told.scope) == told.record


@pytest.mark.parametrize("state", InquiryState)
def test_whatever_became_of_an_inquiry_is_told(state: InquiryState) -> None:
    said = absence(inquiry(PAPER, state))

    assert said.ja.endswith("。")
    assert said.en.endswith(".")


@pytest.mark.parametrize("kind", SetbackKind)
def test_every_setback_is_told_with_the_insurers_own_words(kind: SetbackKind) -> None:
    said = absence(
        inquiry(
            PAPER,
            InquiryState.FAILED,
            setback=Setback(kind=kind, code=ErrorCode.UPSTREAM_UNAVAILABLE, words="ただいま混み合っています"),
        )
    )

    assert "（保険会社の説明：ただいま混み合っています）" in said.ja
    assert 'in its own words: "ただいま混み合っています"' in said.en


def test_the_customer_confirms_all_of_what_is_wanted_in_one_reading() -> None:
    said = statement(
        Intention(
            must_have=(
                MustHave(kind=CoverageKind.BODILY_INJURY_LIABILITY, unlimited=True),
                MustHave(kind=CoverageKind.PERSONAL_INJURY, at_least=Yen(50_000_000)),
                MustHave(kind=CoverageKind.LAWYER_COST, variant=CoverageVariant.MOTOR_AND_DAILY),
                MustHave(kind=CoverageKind.OWN_DAMAGE, perils=(Peril.THEFT, Peril.FIRE)),
            ),
            budget=Yen(60_000),
            priorities=(Priority.KEEP_CURRENT_COVER, Priority.LOW_PREMIUM),
            recorded_at=NOW,
        )
    )

    assert (
        "必要な補償は、対人賠償（無制限）、人身傷害（5,000万円以上）、弁護士費用（自動車・日常生活の事故）、"
        "車両保険（盗難・火災）。ご予算は、ご契約1件の1保険期間につき6万円以内。"
        "重視することは、1.現在の補償を減らさないこと、2.保険料が安いこと。以上が私の意向であることを確認しました。"
    ) == said.ja
    assert "Budget: up to ¥60,000 for one term of each policy. What matters to me: 1. keeping the" in said.en


MUSTS = st.builds(
    MustHave,
    kind=st.sampled_from(CoverageKind),
    variant=st.none() | st.sampled_from(CoverageVariant),
    unlimited=st.just(value=False),
    at_least=st.none() | st.builds(Yen, st.integers(0, 10**9)),
    perils=st.lists(st.sampled_from(Peril), unique=True, max_size=3).map(tuple),
)
INTENTIONS = st.builds(
    Intention,
    must_have=st.lists(MUSTS | MUSTS.map(lambda must: replace(must, unlimited=True, at_least=None)), max_size=3).map(
        tuple
    ),
    budget=st.none() | st.builds(Yen, st.integers(0, 10**7)),
    priorities=st.lists(st.sampled_from(Priority), unique=True).map(tuple),
    recorded_at=st.just(NOW),
)


@given(one=INTENTIONS, other=INTENTIONS)
def test_no_two_intentions_are_confirmed_in_the_same_words(one: Intention, other: Intention) -> None:
    assert (one == other) is (statement(one) == statement(other))
