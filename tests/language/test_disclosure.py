"""What another insurer would be told: everything that would travel, and nothing else, in words."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.capability import QuoteTerms
from insurers.comparison import CURRENT, ComparedPolicy
from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.disclosure import Disclosure, disclosure
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, Premium, PremiumNature
from insurers.risk import DataCategory, RatedDrivers, RatedGroup, RatedVehicle, Risk, WantedCover
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, NonFleetGrade, UsePurpose, VehicleKind

replace = msgspec.structs.replace

NAME = Text("紙の保険", "Paper Insurance")
MATURITY = datetime(2026, 12, 1, 16, tzinfo=TOKYO)
ALL = frozenset(DataCategory)

RISK = Risk(
    inception=MATURITY + timedelta(days=3),
    maturity=MATURITY,
    vehicle=RatedVehicle(name="アクア", model="NHP10", first_registered=date(2019, 5, 1), kind=VehicleKind.SMALL),
    use=UsePurpose.DAILY_LEISURE,
    drivers=RatedDrivers(
        limitation=DriverLimitation.SELF_AND_SPOUSE,
        age_condition=AgeCondition.AGE_26_PLUS,
        youngest_birth_date=date(1990, 4, 3),
    ),
    licence_colour=LicenceColour.GOLD,
    grade=NonFleetGrade(grade=15, accident_term=0),
    coverages=(
        WantedCover(
            kind=CoverageKind.PERSONAL_INJURY,
            variant=CoverageVariant.ALSO_OUTSIDE,
            limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(50_000_000), per_person=True),
        ),
        WantedCover(
            kind=CoverageKind.OWN_DAMAGE,
            limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_500_000)),
            deductible=Deductible(first=Yen(50_000), second=Yen(100_000), car_to_car_zero=True),
            perils=(PerilCover(peril=Peril.FIRE, covered=Covered.YES),),
        ),
    ),
    group=RatedGroup(name="丸の内商事団体扱"),
)

DAYS = st.dates(date(1930, 1, 1), date(2035, 12, 31))
AMOUNTS = st.builds(Yen, st.integers(0, 300_000_000))
LIMITS = st.one_of(
    st.builds(Limit, kind=st.sampled_from(LimitKind), per_person=st.booleans()),
    st.builds(
        Limit,
        kind=st.sampled_from([LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE]),
        amount=AMOUNTS,
        per_person=st.booleans(),
    ),
)
COVERS = st.builds(
    WantedCover,
    kind=st.sampled_from(CoverageKind),
    variant=st.none() | st.sampled_from(CoverageVariant),
    limit=st.none() | LIMITS,
    deductible=st.none() | st.builds(Deductible, first=AMOUNTS, second=AMOUNTS, car_to_car_zero=st.booleans()),
    perils=st.dictionaries(st.sampled_from(Peril), st.sampled_from(Covered)).map(
        lambda told: tuple(PerilCover(peril=peril, covered=told[peril]) for peril in Peril if peril in told)
    ),
)
WORDS = st.text("あいう", min_size=1, max_size=2)
# One value per field of a risk, drawn anew, so that a changed one is as good as any other.
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "inception": st.integers(0, 10**6).map(lambda minutes: MATURITY + timedelta(minutes=minutes)),
    "maturity": st.integers(0, 10**6).map(lambda minutes: MATURITY - timedelta(minutes=minutes)),
    "vehicle": st.builds(
        RatedVehicle,
        name=WORDS,
        model=WORDS,
        first_registered=st.none() | DAYS,
        kind=st.sampled_from(VehicleKind),
    ),
    "use": st.sampled_from(UsePurpose),
    "drivers": st.builds(
        RatedDrivers,
        limitation=st.sampled_from(DriverLimitation),
        age_condition=st.sampled_from(AgeCondition),
        youngest_birth_date=st.none() | DAYS,
    ),
    "licence_colour": st.sampled_from(LicenceColour),
    "grade": st.builds(
        NonFleetGrade, grade=st.integers(1, 20), accident_term=st.integers(0, 6), provisional=st.booleans()
    ),
    "coverages": st.lists(COVERS, max_size=3).map(tuple),
    "group": st.builds(RatedGroup, name=WORDS),
}
RISKS = st.builds(Risk, **{name: st.none() | values for name, values in FIELDS.items()})


def compared(insurer: str, risk: Risk) -> ComparedPolicy:
    code = InsurerCode(insurer)
    premium = Premium(nature=PremiumNature.BINDABLE, total=Yen(60_000), payment=PaymentMethod.CREDIT_CARD)
    current = Plan(
        insurer=code,
        code=CURRENT,
        name="現在のご契約",
        position=0,
        premium=premium,
        coverages=(),
        quoted_at=MATURITY,
    )
    return ComparedPolicy(ref=PolicyRef(code, PolicyNumber("A123")), maturity=MATURITY, risk=risk, current=current)


def told(risk: Risk, categories: frozenset[DataCategory] = ALL) -> Disclosure:
    return disclosure(InsurerCode("paper"), NAME, QuoteTerms(needs=categories), [compared("slate", risk)])


def words(said: Disclosure) -> list[tuple[DataCategory, Text, Text]]:
    return [(line.category, line.label, line.value) for line in said.lines]


def test_a_contract_is_told_in_the_words_of_its_certificate() -> None:
    assert [
        ("補償の開始", "2026年12月4日（令和8年12月4日） 16:00", "2026-12-04 16:00"),
        ("現在のご契約の満期", "2026年12月1日（令和8年12月1日） 16:00", "2026-12-01 16:00"),
        ("車名", "アクア", "アクア"),
        ("型式", "NHP10", "NHP10"),
        ("用途車種", "自家用小型乗用車", "Small passenger car"),
        ("初度登録年月日", "2019年5月1日（令和元年5月1日）", "2019-05-01"),
        ("使用目的", "日常・レジャー", "Daily life and leisure"),
        ("運転者の限定", "本人・配偶者限定", "Named insured and spouse only"),
        ("運転者の年齢条件", "26歳以上", "26 and over"),
        ("最も若い運転者の生年月日", "1990年4月3日（平成2年4月3日）", "1990-04-03"),
        ("免許証の色", "ゴールド", "Gold"),
        ("ノンフリート等級", "15等級・事故有係数適用期間0年", "15, claims-loaded period 0 years"),
        ("人身傷害", "車内・車外・1名につき5,000万円", "In the car and outside; ¥50,000,000 for each person"),
        (
            "車両保険",
            "協定保険価額150万円・免責金額 1回目5万円、2回目以降10万円（車対車免ゼロ）・補償されます：火災",
            (
                "agreed value of the car ¥1,500,000; "
                "deductible: ¥50,000 at first, ¥100,000 later, none between cars; Covered: Fire"
            ),
        ),
        ("団体名", "丸の内商事団体扱", "丸の内商事団体扱"),
    ] == [(line.label.ja, line.value.ja, line.value.en) for line in told(RISK).lines]


@given(one=RISKS, other=RISKS)
def test_no_two_risks_that_differ_in_what_would_be_told_are_told_alike(one: Risk, other: Risk) -> None:
    assert (one == other) is (words(told(one)) == words(told(other)))


@pytest.mark.parametrize("name", FIELDS)
@given(data=st.data())
def test_whatever_changes_in_a_risk_changes_a_line_of_its_category_and_no_other(name: str, data: st.DataObject) -> None:
    changed = replace(RISK, **{name: data.draw(FIELDS[name])})

    before, after = set(words(told(RISK))), set(words(told(changed)))

    assert (changed != RISK) is (before != after)
    assert len({category for category, *_ in before ^ after}) <= 1


def test_every_field_that_can_be_told_is_drawn_in_these_tests() -> None:
    assert set(Risk.__struct_fields__) == set(FIELDS)


@given(
    risk=RISKS, wanted=st.frozensets(st.sampled_from(DataCategory)), used=st.frozensets(st.sampled_from(DataCategory))
)
def test_exactly_what_would_be_sent_is_told(
    risk: Risk, wanted: frozenset[DataCategory], used: frozenset[DataCategory]
) -> None:
    said = disclosure(InsurerCode("paper"), NAME, QuoteTerms(needs=wanted, uses=used), [compared("slate", risk)])

    assert risk.only(wanted | used).categories == said.categories
    assert words(told(risk.only(said.categories))) == words(said)
    assert wanted == said.needed


def test_a_cover_for_which_an_insurer_cannot_be_asked_is_not_among_what_it_is_told() -> None:
    terms = QuoteTerms(needs=frozenset({DataCategory.COVERAGES}), covers=frozenset({CoverageKind.PERSONAL_INJURY}))

    said = disclosure(InsurerCode("paper"), NAME, terms, [compared("slate", RISK)])

    assert ["人身傷害"] == [line.label.ja for line in said.lines]


def test_an_insurer_is_not_told_of_its_own_contract() -> None:
    terms = QuoteTerms(needs=ALL)

    said = disclosure(InsurerCode("paper"), NAME, terms, [compared("paper", RISK), compared("slate", RISK)])

    assert {"slate"} == {line.policy.insurer for line in said.lines}
    assert () == disclosure(InsurerCode("paper"), NAME, terms, [compared("paper", RISK)]).lines


def test_the_sentence_to_agree_to_names_the_insurer_the_purpose_what_is_told_and_the_way_back() -> None:
    said = told(RISK, frozenset({DataCategory.VEHICLE, DataCategory.GRADE})).statement

    assert (
        Text(
            "上記の契約内容のうち私が選んだもの（お車、等級）を、紙の保険に、見積もりの依頼のためだけに伝えることに同意します。"
            "この同意はいつでも取り消すことができ、取り消した後は何も伝えません。",
            "I agree that what I choose of the above (car, no-claims class) is told to Paper Insurance, "
            "only so that it can make a quote. I may withdraw this at any time; nothing is told after that.",
        )
        == said
    )


def test_whoever_is_asked_in_the_customers_own_account_is_said_to_know_the_customer() -> None:
    anybody, owner = [
        disclosure(
            InsurerCode("paper"), NAME, QuoteTerms(needs=ALL, with_account=with_account), [compared("slate", RISK)]
        )
        for with_account in (False, True)
    ]

    assert anybody.lines == owner.lines
    assert anybody.fingerprint != owner.fingerprint
    assert "私のアカウントで依頼するため、紙の保険には" in owner.statement.ja
    assert "in my own account there, so Paper Insurance knows" in owner.statement.en


def test_neither_the_plate_nor_a_name_can_be_among_what_is_told() -> None:
    told_of = {
        name
        for struct in (Risk, RatedVehicle, RatedDrivers, WantedCover, NonFleetGrade, RatedGroup)
        for name in struct.__struct_fields__
    }

    assert {
        "accident_term", "age_condition", "coverages", "deductible", "drivers",
        "first_registered", "grade", "group", "inception", "kind", "licence_colour", "limit",
        "limitation", "maturity", "model", "name", "perils", "provisional", "use", "variant", "vehicle",
        "youngest_birth_date",
    } == told_of  # fmt: skip
