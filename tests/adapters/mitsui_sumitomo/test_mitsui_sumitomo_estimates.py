"""Quotes for a car that another insurer covers, and what every single change of any plan costs."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from aiohttp import web

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.coverage import CoverageChange, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.errors import AccessDenied, Closed, Drifted, ErrorCode, NotOnline, Rejected
from insurers.hours import TOKYO
from insurers.identity import PolicyNumber
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import Departure, PaymentMethod, Plan, PlanQuery
from insurers.risk import DataCategory, RatedDrivers, RatedGroup, RatedVehicle, Risk, RiskQuery, WantedCover
from insurers.sandbox import RECEIVED, Fault, TestClock
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    LicenceColour,
    NonFleetGrade,
    UsePurpose,
    VehicleKind,
)
from tests.adapters.mitsui_sumitomo.walking import signed_in

replace = msgspec.structs.replace

ENDS = datetime(2027, 1, 4, 16, tzinfo=TOKYO)

# Another insurer's words: sums between those sold here, a limited cover by its perils, riders of its own.
WANTED = (
    WantedCover(kind=CoverageKind.BODILY_INJURY_LIABILITY, limit=Limit(kind=LimitKind.UNLIMITED, per_person=True)),
    WantedCover(
        kind=CoverageKind.PROPERTY_DAMAGE_LIABILITY, limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(20_000_000))
    ),
    WantedCover(
        kind=CoverageKind.PERSONAL_INJURY,
        variant=CoverageVariant.ALSO_OUTSIDE,
        limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(50_000_000), per_person=True),
    ),
    WantedCover(
        kind=CoverageKind.OWN_DAMAGE,
        variant=CoverageVariant.LIMITED,
        limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(2_000_000)),
        deductible=Deductible(first=Yen(0), second=Yen(100_000)),
        perils=tuple(
            PerilCover(peril=peril, covered=covered)
            for peril, covered in (
                (Peril.COLLISION_WITH_CAR, Covered.YES),
                (Peril.COLLISION_WITH_OBJECT, Covered.NO),
                (Peril.ROLLOVER, Covered.NO),
            )
        ),
    ),
    WantedCover(kind=CoverageKind.PERSONAL_LIABILITY, limit=Limit(kind=LimitKind.UNLIMITED)),
)
OTHER_GROUP = RatedGroup(name="見本電機グループ団体扱")
CAR = RatedVehicle(name="ハイランダ", model="MHN10", first_registered=date(2021, 6, 1), kind=VehicleKind.ORDINARY)
RISK = Risk(
    inception=ENDS,
    vehicle=CAR,
    use=UsePurpose.DAILY_LEISURE,
    drivers=RatedDrivers(
        limitation=DriverLimitation.SELF_ONLY,
        age_condition=AgeCondition.AGE_30_PLUS,
        youngest_birth_date=date(1990, 2, 3),
    ),
    licence_colour=LicenceColour.GOLD,
    grade=NonFleetGrade(grade=15, accident_term=0),
    coverages=WANTED,
    group=RatedGroup(name="見本物産グループ団体扱"),
)


@pytest.fixture
async def access(insurer: Insurer) -> Access:
    return (await signed_in(insurer, "departures@example.jp")).access


@pytest.fixture
def told_of(sandbox: web.Application) -> Callable[[], list[Any]]:
    """What e-G1 was told in quotes; JSON of many shapes, so its type is left open."""
    return lambda: [json.loads(one.body) for one in sandbox[RECEIVED] if one.path == "/portal/mitsumori"]


async def quoted(insurer: Insurer, access: Access, risk: Risk = RISK) -> Sequence[Plan]:
    return await insurer.quote(access, RiskQuery(risk=risk))


def without(risk: Risk, category: DataCategory) -> Risk:
    return risk.only(risk.categories - {category})


def departed(plan: Plan) -> dict[CoverageKind | None, Departure]:
    return {departure.kind: departure for departure in plan.departures}


async def refused(insurer: Insurer, access: Access, risk: Risk) -> Rejected:
    with pytest.raises(Rejected) as raised:
        await quoted(insurer, access, risk)
    return raised.value


@pytest.mark.parametrize(("days", "grade"), [(3, 16), (7, 16), (8, 6)])
async def test_a_grade_goes_on_for_seven_days_after_maturity_which_is_told_apart_from_the_first_day(
    insurer: Insurer, access: Access, told_of: Callable[[], list[Any]], days: int, grade: int
) -> None:
    plans = await quoted(insurer, access, replace(RISK, maturity=ENDS, inception=ENDS + timedelta(days=days)))

    (told,) = told_of()
    assert ("2027-01-04", f"2027-01-{4 + days:02}") == (told["zenKeiyaku"]["manki"], told["hokenShiki"])
    assert {grade} == {plan.grade.grade for plan in plans if plan.grade}
    assert (grade == 6) == any("7日を過ぎ" in each.why.ja for each in plans[0].departures)


async def test_a_quote_names_the_agency_that_makes_a_contract_of_it(insurer: Insurer, access: Access) -> None:
    plans = await quoted(insurer, access)

    assert [("03-0000-0111", None)] * 3 == [(plan.contact and plan.contact.phone, plan.reference) for plan in plans]


async def test_what_is_offered_wider_stands_beside_what_was_asked_for(insurer: Insurer, access: Access) -> None:
    plan = (await quoted(insurer, access))[0]
    property_damage = departed(plan)[CoverageKind.PROPERTY_DAMAGE_LIABILITY]

    assert ("対物賠償 2,000万円", "対物賠償 3,000万円") == (property_damage.requested.ja, property_damage.offered.ja)
    assert "wider" in property_damage.why.en
    assert {
        CoverageKind.PROPERTY_DAMAGE_LIABILITY,
        CoverageKind.ROAD_ASSISTANCE,
        None,
    } == departed(plan).keys()
    assert [
        ("Named insured only", "Named insured and spouse only"),
        ("30 and over", "26 and over"),
    ] == [(found.requested.en, found.offered.en) for found in plan.departures if found.kind is None]
    assert (DriverLimitation.SELF_AND_SPOUSE, AgeCondition.AGE_26_PLUS, UsePurpose.DAILY_LEISURE) == (
        plan.conditions and (plan.conditions.limitation, plan.conditions.age_condition, plan.conditions.use)
    )


async def test_a_quote_says_what_it_rests_on_and_until_when_it_is_quoted_so(insurer: Insurer, access: Access) -> None:
    for plan in await quoted(insurer, access):
        assert NonFleetGrade(grade=16, accident_term=0, provisional=True) == plan.grade
        assert datetime(2026, 12, 21, 2, 30, tzinfo=TOKYO) == plan.valid_until
        assert any("provisional" in assumed.en for assumed in plan.assumptions)
        assert (PaymentMethod.PAYROLL_DEDUCTION, 12) == (plan.premium.payment, len(plan.premium.instalments))
        assert plan.video is not None
        assert plan.video.url is None
        assert plan.video.unavailable_reason


async def test_a_limited_cover_is_found_by_its_perils(insurer: Insurer, access: Access) -> None:
    plan = (await quoted(insurer, access))[0]
    own_damage = next(cover for cover in plan.coverages if cover.kind is CoverageKind.OWN_DAMAGE)

    assert (CoverageVariant.LIMITED, Deductible(first=Yen(0), second=Yen(100_000))) == (
        own_damage.variant,
        own_damage.deductible,
    )
    assert Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_950_000)) == own_damage.limit


@pytest.mark.parametrize(
    ("risk", "departure"),
    [
        (
            replace(RISK, group=RatedGroup(name="見本電機グループ団体扱")),
            ("見本電機グループ団体扱", "None", "does not handle"),
        ),
        (
            replace(RISK, vehicle=replace(CAR, first_registered=date(2011, 1, 1))),
            ("Own damage, Limited", "None", "15 years"),
        ),
    ],
)
async def test_what_is_not_to_be_had_at_all_says_why(
    insurer: Insurer, access: Access, risk: Risk, departure: tuple[str, str, str]
) -> None:
    requested, offered, why = departure
    plan = (await quoted(insurer, access, risk))[0]

    assert [offered] == [
        found.offered.en
        for found in plan.departures
        if found.requested.en.startswith(requested) and why in found.why.en
    ]


async def test_only_plan_three_is_offered_while_an_accident_term_runs(insurer: Insurer, access: Access) -> None:
    (plan,) = await quoted(insurer, access, replace(RISK, grade=NonFleetGrade(grade=9, accident_term=2)))

    assert ("3", True) == (plan.code, plan.recommended)
    assert plan.video is not None
    assert "プラン3" in (plan.video.unavailable_reason or "")
    assert "made so" in departed(plan)[CoverageKind.PERSONAL_LIABILITY].why.en


async def test_nothing_travels_but_the_risk(insurer: Insurer, access: Access, told_of: Callable[[], list[Any]]) -> None:
    await quoted(insurer, access)

    assert [
        {
            "hokenShiki": "2027-01-04",
            "okuruma": {
                "katashiki": "MHN10",
                "shamei": "ハイランダ",
                "shodoToroku": "2021-06",
                "yotoShashu": "自家用普通乗用車",
            },
            "untensha": {
                "untenshaGentei": "HONNIN",
                "nenreiJoken": "26SAI",
                "saijakunenSeinengappi": "1990-02-03",
            },
            "shiyoMokuteki": "NICHIJO_LEISURE",
            "zenKeiyaku": {"tokyu": 15, "jikoAriKikan": 0, "manki": "2027-01-04"},
            "menkyoshoIro": "GOLD",
            "hosho": {
                "TAIBUTSU_KINGAKU": "3000MAN",
                "JINSHIN_KINGAKU": "5000MAN",
                "JINSHIN_HANI": "SHAGAI",
                "SHARYO_KATA": "10GENTEI",
                "SHARYO_MENSEKI": "0-10",
                "NICHIJO_BAISHO": "ARI",
            },
            "dantaiMei": "見本物産グループ団体扱",
            "planNo": None,
            "henko": {},
            "betsuan": [],
        }
    ] == told_of()


@pytest.mark.parametrize(
    ("category", "field"),
    [
        (DataCategory.LICENCE, "menkyoshoIro"),
        (DataCategory.COVERAGES, "hosho"),
        (DataCategory.GROUP_SCHEME, "dantaiMei"),
    ],
)
async def test_what_nobody_agreed_to_tell_is_told_in_no_way_and_the_quote_says_so(
    insurer: Insurer, access: Access, told_of: Callable[[], list[Any]], category: DataCategory, field: str
) -> None:
    whole, *_ = await quoted(insurer, access)
    cut, *_ = await quoted(insurer, access, without(RISK, category))
    everything, some = told_of()

    assert {field} == {name for name in everything if everything[name] != some[name]}
    assert some[field] is None
    assert set(whole.assumptions) != set(cut.assumptions)


@pytest.mark.parametrize(
    "risk",
    [
        *(without(RISK, category) for category in (DataCategory.TERM, DataCategory.GRADE)),
        replace(RISK, use=UsePurpose.UNKNOWN),
        replace(RISK, vehicle=replace(CAR, first_registered=None)),
    ],
)
async def test_without_enough_to_go_by_nothing_is_sent(
    insurer: Insurer, access: Access, told_of: Callable[[], list[Any]], risk: Risk
) -> None:
    assert ErrorCode.INPUT_REFUSED is (await refused(insurer, access, risk)).code
    assert [] == told_of()


@pytest.mark.parametrize(
    ("risk", "code"),
    [
        (replace(RISK, grade=NonFleetGrade(grade=2, accident_term=4)), ErrorCode.RISK_NOT_ACCEPTED),
        (replace(RISK, vehicle=replace(CAR, model="MKL99")), ErrorCode.MODEL_UNKNOWN),
        (replace(RISK, inception=ENDS - timedelta(days=60)), ErrorCode.INPUT_REFUSED),
    ],
)
async def test_a_risk_that_it_does_not_take_is_refused(
    insurer: Insurer, access: Access, risk: Risk, code: ErrorCode
) -> None:
    error = await refused(insurer, access, risk)

    assert code is error.code
    assert error.words


async def test_business_use_is_the_agencys(insurer: Insurer, access: Access) -> None:
    with pytest.raises(NotOnline) as raised:
        await quoted(insurer, access, replace(RISK, use=UsePurpose.BUSINESS))

    assert "business" in raised.value.reason.message.en
    assert raised.value.reason.contact is not None
    assert "03-0000-0111" == raised.value.reason.contact.phone


async def test_nobody_is_quoted_for_without_an_account(insurer: Insurer) -> None:
    with pytest.raises(AccessDenied):
        await insurer.quote(None, RiskQuery(risk=RISK))
    with pytest.raises(AccessDenied):
        await insurer.variations(None, PlanQuery(number=PolicyNumber.parse("0230000001")), ())


async def test_outside_e_g1s_hours_it_is_told_when_to_ask_again(
    insurer: Insurer, access: Access, clock: TestClock
) -> None:
    clock.set(datetime(2026, 11, 23, 2, 1, tzinfo=TOKYO))

    with pytest.raises(Closed) as raised:
        await quoted(insurer, access)

    assert datetime(2026, 11, 23, 7, tzinfo=TOKYO) == raised.value.opens_at


async def test_an_answer_that_nobody_can_read_has_drifted(
    insurer: Insurer, access: Access, faults: Callable[..., None]
) -> None:
    faults("/portal/mitsumori", Fault.GIBBERISH)

    with pytest.raises(Drifted):
        await quoted(insurer, access)


def every_other(plan: Plan) -> list[CoverageChange]:
    return [
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in plan.coverages
        for option in cover.options
        if not option.selected
    ]


async def test_every_single_change_to_a_quote_is_priced_in_one_call(
    insurer: Insurer, access: Access, requests: Callable[[], Counter[str]]
) -> None:
    plan = (await quoted(insurer, access))[0]
    asked = requests()["POST /portal/mitsumori"]
    changes = every_other(plan)
    another = CoverageChange(kind=CoverageKind.LAWYER_COST, option="NICHIJO_BAISHO:NASHI")

    varied = await insurer.variations(access, RiskQuery(risk=RISK, plan=plan.code), (*changes, another))

    assert len(changes) > 20
    assert [*((change,) for change in changes), None] == [variation and variation.changes for variation in varied]
    assert plan.premium.total not in {variation.premium.total for variation in varied if variation}
    assert 1 == requests()["POST /portal/mitsumori"] - asked


async def test_what_the_customer_changes_is_no_departure(insurer: Insurer, access: Access) -> None:
    plan = (await quoted(insurer, access))[0]
    bare = CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="SHARYO_KATA:NASHI")

    (edited,) = await insurer.quote(access, RiskQuery(risk=RISK, plan=plan.code, changes=(bare,)))

    assert departed(plan).keys() == departed(edited).keys()


async def test_every_single_change_to_a_renewal_is_priced_on_one_walk(
    insurer: Insurer, access: Access, requests: Callable[[], Counter[str]]
) -> None:
    number = PolicyNumber.parse("0230000001")
    plan = (await insurer.plans(access, PlanQuery(number=number)))[0]
    entered = requests()["POST /eg1/nyujo"]
    changes = every_other(plan)
    licence = {"licence_colour": "GOLD"}

    varied = await insurer.variations(access, PlanQuery(number=number, plan=plan.code), changes)
    gold = await insurer.variations(access, PlanQuery(number=number, plan=plan.code, conditions=licence), changes[:1])

    assert [(change,) for change in changes] == [variation.changes for variation in varied if variation]
    assert 2 == requests()["POST /eg1/nyujo"] - entered
    assert gold[0] is not None
    assert varied[0] is not None
    assert gold[0].premium.total < varied[0].premium.total
    with pytest.raises(Rejected):
        await insurer.variations(access, PlanQuery(number=number, plan=plan.code, changes=(NOBODYS,)), changes[:1])


NOBODYS = CoverageChange(kind=CoverageKind.OWN_DAMAGE, option="no-such-option")


async def test_a_renewals_plan_tells_who_drives_and_with_which_grade(insurer: Insurer, access: Access) -> None:
    for plan in await insurer.plans(access, PlanQuery(number=PolicyNumber.parse("0230000001"))):
        assert plan.conditions is not None
        assert (DriverLimitation.SELF_ONLY, "本人限定") == (
            plan.conditions.limitation,
            plan.conditions.insurer_limitation,
        )
        assert NonFleetGrade(grade=12, accident_term=0, provisional=True) == plan.grade
        assert 1 == len(plan.assumptions)


async def test_a_contract_tells_the_model_by_which_others_rate_it(insurer: Insurer, access: Access) -> None:
    (policy,) = (await insurer.policies(access)).values()

    assert policy.vehicle is not None
    assert ("ZZA-CD20", VehicleKind.SMALL) == (policy.vehicle.model, policy.vehicle.kind)
    assert frozenset(DataCategory) == Risk.of(policy).categories
