"""Quotes for a car that another insurer covers, and what each single change costs, over the insurer's socket."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from msgspec.structs import replace

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance import refusal
from insurers.coverage import RENEWAL_RIDERS, CoverageChange, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.errors import AccessDenied, ErrorCode, NotOnline, Rejected, Unavailable
from insurers.identity import PlanCode, PolicyNumber
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, PlanQuery
from insurers.policy import RenewabilityCode
from insurers.risk import DataCategory, RatedDrivers, RatedGroup, RatedVehicle, Risk, RiskQuery, WantedCover
from insurers.sandbox import RECEIVED, TOKYO, Fault
from insurers.sompo.desk import CONCURRENT_REQUESTS
from insurers.sompo.mapping import departure
from insurers.sompo.mapping.plan import conditions
from insurers.sompo.variations import Changes, varied
from insurers.sompo.wire.estimates import Tigai
from insurers.sompo.wire.quotes import Jyoken
from insurers.text import Text
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    LicenceColour,
    NonFleetGrade,
    UsePurpose,
    VehicleKind,
)
from tests.adapters.sompo.conftest import Order, SignIn

_K = CoverageKind
PATH = "/mitumori/sisan"
ASKED = f"POST {PATH}"

# 車両保険「10補償限定」特約, as its insurer tells it: between 車対車・限定危険 and 一般条件.
TEN_COVERS = tuple(
    PerilCover(peril=peril, covered=Covered.NO if peril in (Peril.COLLISION_WITH_OBJECT, Peril.ROLLOVER) else how)
    for peril, how in {**dict.fromkeys(Peril, Covered.YES), Peril.OTHER: Covered.CONDITIONAL}.items()
    if peril is not Peril.COLLISION_UNIDENTIFIED
)


def wanted(kind: CoverageKind, man: int | None = None, *, per_person: bool = False) -> WantedCover:
    """A cover up to so many ten thousand yen, or without a limit."""
    limit = Limit(
        kind=LimitKind.UNLIMITED if man is None else LimitKind.AMOUNT,
        amount=None if man is None else Yen(man * 10_000),
        per_person=per_person,
    )
    return WantedCover(kind=kind, limit=limit, deductible=NOTHING_BORNE)


RISK = Risk(
    inception=datetime(2026, 12, 30, 16, tzinfo=TOKYO),
    vehicle=RatedVehicle(
        name="サンプリオ", model="ZZA-AB10", first_registered=date(2021, 4, 1), kind=VehicleKind.ORDINARY
    ),
    use=UsePurpose.DAILY_LEISURE,
    drivers=RatedDrivers(
        limitation=DriverLimitation.SELF_AND_SPOUSE,
        age_condition=AgeCondition.AGE_35_PLUS,
        youngest_birth_date=date(1975, 1, 1),
    ),
    licence_colour=LicenceColour.GOLD,
    grade=NonFleetGrade(grade=15, accident_term=0),
    coverages=(
        wanted(_K.BODILY_INJURY_LIABILITY, per_person=True),
        wanted(_K.PROPERTY_DAMAGE_LIABILITY),
        wanted(_K.PD_REPAIR_EXCESS, 50),
        replace(wanted(_K.PERSONAL_INJURY, 10_000, per_person=True), variant=CoverageVariant.IN_CAR_ONLY),
        WantedCover(
            kind=_K.OWN_DAMAGE,
            variant=CoverageVariant.LIMITED,
            limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_700_000)),
            deductible=Deductible(first=Yen(50_000), second=Yen(100_000)),
            perils=TEN_COVERS,
        ),
        replace(wanted(_K.LAWYER_COST, 300, per_person=True), variant=CoverageVariant.MOTOR_ONLY),
        wanted(_K.PERSONAL_LIABILITY),
    ),
    group=RatedGroup(name="見本物産グループ団体扱"),
)
WISHED = PlanCode("02")


def without(risk: Risk, kind: CoverageKind) -> Risk:
    return replace(risk, coverages=tuple(cover for cover in risk.coverages or () if cover.kind is not kind))


def driven_by(**changes: object) -> Risk:
    assert RISK.drivers
    return replace(RISK, drivers=replace(RISK.drivers, **changes))


def by_car(**changes: object) -> Risk:
    assert RISK.vehicle
    return replace(RISK, vehicle=replace(RISK.vehicle, **changes))


async def wish(insurer: Insurer, risk: Risk) -> Plan:
    """The plan that is what was asked for, as far as it is to be had."""
    (plan,) = await insurer.quote(None, RiskQuery(risk=risk, plan=WISHED))
    return plan


def told(sandbox: web.Application) -> list[dict[str, str]]:
    """The lines of what was sent last."""
    return [
        dict(parse_qsl(line, keep_blank_values=True, encoding="shift_jis"))
        for line in sandbox[RECEIVED][-1].body.splitlines()
    ]


async def test_nothing_but_the_risk_is_told(insurer: Insurer, sandbox: web.Application) -> None:
    await insurer.quote(None, RiskQuery(risk=RISK))

    first, *wishes = told(sandbox)
    assert {
        "SIKI_YMD": "20261230",
        "KATASIKI": "ZZA-AB10",
        "SYAMEI": "サンプリオ",
        "SYODO_YM": "R03.04",
        "YOTO_SYASYU_CD": "01",
        "SIYOU_CD": "10",
        "GENTEI_CD": "20",
        "NENREI_CD": "35",
        "SAIJYAKUNEN_YMD": "S50.01.01",
        "MENKYO_IRO_CD": "10",
        "ZEN_TOUKYU": "15",
        "ZEN_JIKOYU_NEN": "0",
        "ZEN_MANKI_YMD": "20261230",
        "DANTAI_CD": "",
        "DANTAI_MEI": "見本物産グループ団体扱",
        "PLAN_CD": "",
    } == first
    assert {"11": "01", "12": "01", "13": "01", "21": "03", "31": "11", "41": "01", "42": "01"} == {
        line["HOSYOU_CD"]: line["SENTAKU_CD"] for line in wishes
    }


async def test_what_nobody_agreed_to_is_told_in_no_way_and_assumed_aloud(
    insurer: Insurer, sandbox: web.Application
) -> None:
    assert insurer.manifest.quoting
    plan = await wish(insurer, RISK.only(insurer.manifest.quoting.needs))

    first, *_ = told(sandbox)
    untold = ("MENKYO_IRO_CD", "ZEN_TOUKYU", "ZEN_JIKOYU_NEN", "ZEN_MANKI_YMD", "DANTAI_CD", "DANTAI_MEI")
    assert ["" for _ in untold] == [first[name] for name in untold]
    assert NonFleetGrade(grade=6, accident_term=0, provisional=True) == plan.grade
    assert PaymentMethod.ACCOUNT_TRANSFER is plan.premium.payment
    assumed = " ".join(text.ja for text in plan.assumptions)
    assert ("6等級" in assumed, "ブルー" in assumed, "団体扱" in assumed) == (True, True, False)


async def test_a_name_that_cannot_be_written_is_left_out_and_its_group_told(
    insurer: Insurer, sandbox: web.Application
) -> None:
    plan = await wish(insurer, replace(by_car(name="サンプリオ🚗"), group=RatedGroup(name="見本🏢団体扱")))

    first, *_ = told(sandbox)
    assert ("", "") == (first["SYAMEI"], first["DANTAI_MEI"])
    (group,) = [one for one in plan.departures if one.kind is None]
    assert ("見本🏢団体扱", "団体扱割引なし") == (group.requested.ja, group.offered.ja)


@pytest.mark.parametrize("withheld", [DataCategory.TERM, DataCategory.VEHICLE, DataCategory.COVERAGES])
async def test_without_what_is_needed_nothing_is_sent(
    insurer: Insurer, requests: Counter[str], withheld: DataCategory
) -> None:
    less = RISK.only(RISK.categories - {withheld})

    error = await refusal(insurer.quote(None, RiskQuery(risk=less)), Rejected)

    assert (ErrorCode.INPUT_REFUSED, 0) == (error.code, requests[ASKED])


async def test_a_wish_that_nobody_sells_alike_is_offered_wider_and_told(insurer: Insurer) -> None:
    plan = await wish(insurer, RISK)

    found = {one.kind: one for one in plan.departures}
    assert {_K.PERSONAL_INJURY, _K.OWN_DAMAGE} == set(found)
    injury, own_damage = found[_K.PERSONAL_INJURY], found[_K.OWN_DAMAGE]
    assert ("人身傷害（車内のみ、1名につき1億円）", "人身傷害保険（車内のみ補償型、1名につき無制限）") == (
        injury.requested.ja,
        injury.offered.ja,
    )
    assert "nearest that is not narrower" in injury.why.en
    assert "転覆・墜落は補償されません" in own_damage.requested.ja
    assert "一般条件" in own_damage.offered.ja
    assert "Rollover: covered" in own_damage.offered.en
    # What the car is worth is for the insurer to say, and that it is the usual value is an assumption.
    assert any("標準価額" in text.ja for text in plan.assumptions)


def test_a_difference_or_a_condition_that_no_table_knows_is_shown_as_it_came() -> None:
    strange = Tigai("HOKEN_KIKAN", "", "1年", "", "99", "保険期間を変更しました")
    known = conditions(Jyoken("77", "35", "10", "10", "01", "07080709", "0", "", ""))

    (limitation, term) = departure.of_conditions(RISK, known, [strange], group_handled=True)

    assert (DriverLimitation.UNKNOWN, "77") == (known.limitation, known.insurer_limitation)
    assert "77" == limitation.offered.ja
    assert ("1年", "なし", "保険期間を変更しました") == (term.requested.ja, term.offered.ja, term.why.ja)


async def test_what_a_plan_recommends_beyond_the_wish_is_told_as_that(insurer: Insurer) -> None:
    recommended, wished, fuller = await insurer.quote(None, RiskQuery(risk=RISK))

    assert (True, False, False) == (recommended.recommended, wished.recommended, fuller.recommended)
    added = {one.kind: one.why for one in fuller.departures if "recommends" in one.why.en}
    assert {_K.PERSONAL_INJURY, _K.PASSENGER_INJURY, _K.OWN_DAMAGE, _K.LAWYER_COST} <= set(added)
    (rental,) = [one for one in fuller.departures if one.kind is _K.RENTAL_CAR]
    assert Text("なし", "none") == rental.requested
    assert recommended.premium.total > wished.premium.total


@pytest.mark.parametrize(
    ("risk", "offered", "why"),
    [
        (driven_by(age_condition=AgeCondition.AGE_30_PLUS), "26歳以上補償", "最も近い"),
        (driven_by(age_condition=AgeCondition.UNKNOWN), "全年齢補償", "最も近い"),
        (driven_by(youngest_birth_date=date(2003, 3, 3)), "21歳以上補償", "最も若い運転者"),
        (
            replace(
                driven_by(limitation=DriverLimitation.SELF_ONLY),
                vehicle=RatedVehicle(name="ミホンボックス", model="MBX50", first_registered=None, kind=VehicleKind.KEI),
                coverages=(),
            ),
            "本人・配偶者限定",
            "軽四輪",
        ),
        (replace(RISK, use=UsePurpose.UNKNOWN), "業務", "最も近い"),
        (replace(RISK, group=RatedGroup(name="見本商事団体扱")), "団体扱割引なし", "団体"),
    ],
)
async def test_conditions_are_widened_and_never_narrowed(insurer: Insurer, risk: Risk, offered: str, why: str) -> None:
    plan = await wish(insurer, risk)

    (widened,) = [one for one in plan.departures if one.kind is None]
    assert offered == widened.offered.ja
    assert why in widened.why.ja


@pytest.mark.parametrize(
    ("car", "why"),
    [
        (by_car(first_registered=date(2014, 12, 1)), "12年未満"),
        (by_car(first_registered=None), "車両保険金額"),
    ],
)
async def test_own_damage_that_is_not_to_be_had_is_told_with_its_reason(insurer: Insurer, car: Risk, why: str) -> None:
    for plan in await insurer.quote(None, RiskQuery(risk=car)):
        (own_damage,) = [one for one in plan.departures if one.kind is _K.OWN_DAMAGE]
        assert Text("なし", "none") == own_damage.offered
        assert why in own_damage.why.ja


async def test_a_cover_that_nobody_can_be_without_is_told(insurer: Insurer) -> None:
    plan = await wish(insurer, without(RISK, _K.PERSONAL_INJURY))

    found = {one.kind: one for one in plan.departures}
    assert Text("なし", "none") == found[_K.PERSONAL_INJURY].requested
    assert "必ず付帯" in found[_K.PERSONAL_INJURY].why.ja


async def test_a_zero_between_cars_is_quoted_as_it_is_wanted_and_costs_something(insurer: Insurer) -> None:
    borne = Deductible(first=Yen(50_000), second=Yen(100_000))
    zero = replace(borne, car_to_car_zero=True)
    plain, spared = [
        await wish(
            insurer,
            replace(RISK, coverages=(*(without(RISK, _K.OWN_DAMAGE).coverages or ()), own_damage)),
        )
        for own_damage in (WantedCover(kind=_K.OWN_DAMAGE, deductible=one) for one in (borne, zero))
    ]

    (had,) = [cover for cover in spared.coverages if cover.kind is _K.OWN_DAMAGE]
    assert zero == had.deductible
    assert plain.premium.total < spared.premium.total
    assert _K.OWN_DAMAGE not in {one.kind for one in spared.departures}


async def test_riders_of_its_own_renewals_are_in_a_quote_and_no_departure_from_what_is_wanted(insurer: Insurer) -> None:
    plan = await wish(insurer, RISK)

    had = {cover.kind: cover.included for cover in plan.coverages}
    assert (False, True) == (had[_K.AUTO_RENEWAL_RIDER], had[_K.LATE_RENEWAL_RIDER])
    assert RENEWAL_RIDERS.isdisjoint(one.kind for one in plan.departures)


async def test_a_group_has_the_discount_that_this_insurer_gives_it(insurer: Insurer) -> None:
    here, alone = await wish(insurer, RISK), await wish(insurer, replace(RISK, group=None))

    assert PaymentMethod.PAYROLL_DEDUCTION is here.premium.payment
    # Twenty percent, and each instalment is cut down to ten yen.
    assert abs(here.premium.total.amount * 100 - alone.premium.total.amount * 80) < 12 * 10 * 100
    assert () == tuple(one for one in (*here.departures, *alone.departures) if one.kind is None)


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        (
            replace(RISK, grade=NonFleetGrade(grade=4, accident_term=5)),
            "お引受けできません（6等級以下で事故有係数適用期間が4年以上のお車）",
        ),
        (by_car(first_registered=date(2000, 1, 1)), "お引受けできません（初度登録から25年以上のお車）"),
    ],
)
async def test_a_risk_that_is_not_taken_is_told_with_its_reason(insurer: Insurer, risk: Risk, words: str) -> None:
    error = await refusal(insurer.quote(None, RiskQuery(risk=risk)), Rejected)

    assert (ErrorCode.RISK_NOT_ACCEPTED, words) == (error.code, error.words)


async def test_a_model_that_is_not_known_is_for_the_agency_and_is_no_risk_that_is_refused(insurer: Insurer) -> None:
    error = await refusal(insurer.quote(None, RiskQuery(risk=by_car(model="MKL99"))), NotOnline)

    assert (ErrorCode.MODEL_UNKNOWN, "型式を確認できません") == (error.code, error.words)
    assert error.reason.contact
    assert ("03-0000-1001", True) == (error.reason.contact.phone, "型式" in error.reason.message.ja)


async def test_a_risk_for_the_agency_alone_names_it(insurer: Insurer) -> None:
    risk = replace(driven_by(age_condition=AgeCondition.ALL_AGES), use=UsePurpose.BUSINESS)

    error = await refusal(insurer.quote(None, RiskQuery(risk=risk)), NotOnline)

    assert RenewabilityCode.CHANGE_NEEDS_AGENCY is error.reason.code
    assert error.reason.contact
    assert ("03-0000-1001", True) == (error.reason.contact.phone, "お見積り" in error.reason.message.ja)


@pytest.mark.parametrize(("day", "grade"), [(2, 16), (6, 16), (7, 6)])
async def test_a_grade_goes_on_for_seven_days_after_maturity_which_is_told_apart_from_the_first_day(
    insurer: Insurer, sandbox: web.Application, day: int, grade: int
) -> None:
    ends, begins = datetime(2026, 12, 30, 16, tzinfo=TOKYO), datetime(2027, 1, day, 16, tzinfo=TOKYO)
    plan = await wish(insurer, replace(RISK, maturity=ends, inception=begins))

    first, *_ = told(sandbox)
    assert ("20261230", f"202701{day:02}") == (first["ZEN_MANKI_YMD"], first["SIKI_YMD"])
    assert plan.grade
    assert grade == plan.grade.grade
    assert (grade == 6) == any("7日を超える" in each.ja for each in plan.assumptions)


async def test_a_quote_has_the_number_that_its_agency_asks_for(insurer: Insurer) -> None:
    plans = await insurer.quote(None, RiskQuery(risk=RISK))

    assert len(plans) == len({plan.reference for plan in plans if plan.reference})
    assert {"03-0000-1001"} == {plan.contact.phone for plan in plans if plan.contact}


async def test_a_model_is_known_in_whatever_width_it_is_written(insurer: Insurer) -> None:
    plan, same = await wish(insurer, RISK), await wish(insurer, by_car(model="ＺＺＡ－ＡＢ１０"))

    assert plan.fingerprint == same.fingerprint


async def test_each_change_alone_is_quoted_a_few_at_a_time_and_in_order(
    insurer: Insurer, requests: Counter[str]
) -> None:
    changes = [
        CoverageChange(kind=_K.OWN_DAMAGE, option="00"),
        CoverageChange(kind=_K.LAWYER_COST, option="99"),
        CoverageChange(kind=_K.OTHER, option="01"),
        CoverageChange(kind=_K.PERSONAL_LIABILITY, option="00"),
    ]
    beside = (CoverageChange(kind=_K.OWN_DAMAGE, option="12"),)
    (stands,) = await insurer.quote(None, RiskQuery(risk=RISK, plan=WISHED, changes=beside))
    requests.clear()

    without_car, no_option, no_cover, without_liability = await insurer.variations(
        None, RiskQuery(risk=RISK, plan=WISHED, changes=beside), changes
    )

    assert (None, None) == (no_option, no_cover)
    assert without_car is not None
    assert without_liability is not None
    assert ((changes[0],), (beside[0], changes[3])) == (without_car.changes, without_liability.changes)
    assert without_car.premium.total < without_liability.premium.total < stands.premium.total
    # What the customer changes is no departure from the wish.
    assert _K.OWN_DAMAGE not in {one.kind for one in without_car.departures}
    # One that can be no option is not asked for; the query itself is, because something was not offered.
    assert 4 == requests[ASKED]


async def test_one_place_is_left_for_others(insurer: Insurer) -> None:
    plan, there, most = await wish(insurer, RISK), 0, 0

    async def quote(changes: Changes) -> list[Plan]:
        nonlocal there, most
        there += 1
        most = max(most, there)
        await asyncio.sleep(0)
        there -= 1
        return [plan]

    await varied(quote, (), [CoverageChange(kind=kind, option="00") for kind in CoverageKind])

    assert CONCURRENT_REQUESTS - 1 == most


async def test_variations_of_what_is_not_offered_are_refused_whole(insurer: Insurer, access: Access) -> None:
    change = CoverageChange(kind=_K.LAWYER_COST, option="02")
    number = PolicyNumber.parse("A123456789")

    for query in (
        RiskQuery(risk=RISK),
        RiskQuery(risk=RISK, plan=PlanCode("09")),
        RiskQuery(risk=RISK, plan=WISHED, changes=(CoverageChange(kind=_K.OWN_DAMAGE, option="99"),)),
        PlanQuery(number=number),
        PlanQuery(number=number, plan=PlanCode("09")),
    ):
        error = await refusal(insurer.variations(access, query, [change]), Rejected)
        assert ErrorCode.PLAN_NOT_OFFERED is error.code
    await refusal(insurer.variations(None, PlanQuery(number=number, plan=WISHED), [change]), AccessDenied)


async def test_an_insurer_that_does_not_answer_ends_all_variations(insurer: Insurer, plan_fault: Order) -> None:
    plan_fault(PATH, Fault.BUSY, times=20)
    changes = [CoverageChange(kind=_K.LAWYER_COST, option=option) for option in ("00", "02")]

    await refusal(insurer.variations(None, RiskQuery(risk=RISK, plan=WISHED), changes), Unavailable)


async def test_a_renewals_plans_tell_their_conditions_and_a_provisional_grade(
    insurer: Insurer, access: Access, known: PolicyNumber
) -> None:
    policy = (await insurer.policies(access))[known]
    assert policy.driver_scope

    for plan in await insurer.plans(access, PlanQuery(number=known)):
        assert plan.conditions
        assert (policy.driver_scope.limitation, policy.driver_scope.age_condition) == (
            plan.conditions.limitation,
            plan.conditions.age_condition,
        )
        assert ("日常・レジャー", "35歳以上補償") == (
            plan.conditions.insurer_use,
            plan.conditions.insurer_age_condition,
        )
        assert NonFleetGrade(grade=16, accident_term=0, provisional=True) == plan.grade
        assert any("provisional" in text.en for text in plan.assumptions)


async def test_an_old_band_is_kept_by_the_renewal_and_widened_in_a_quote(insurer: Insurer, sign_in: SignIn) -> None:
    old = await sign_in("sj_legacy_age_band")
    number = PolicyNumber.parse("C420000001")

    policy = (await insurer.policies(old))[number]
    renewal = (await insurer.plans(old, PlanQuery(number=number)))[0]
    anew = await wish(insurer, Risk.of(policy))

    assert policy.driver_scope
    assert renewal.conditions
    assert anew.conditions
    assert (AgeCondition.AGE_30_PLUS, "30歳以上補償") == (
        policy.driver_scope.age_condition,
        policy.driver_scope.insurer_age_condition,
    )
    assert (AgeCondition.AGE_30_PLUS, AgeCondition.AGE_26_PLUS) == (
        renewal.conditions.age_condition,
        anew.conditions.age_condition,
    )


async def test_a_quote_is_good_for_a_fortnight_and_never_beyond_inception(insurer: Insurer) -> None:
    soon = datetime(2026, 11, 24, 16, tzinfo=TOKYO)
    usual, short = await wish(insurer, RISK), await wish(insurer, replace(RISK, inception=soon))

    assert (usual.quoted_at + timedelta(days=14), soon) == (usual.valid_until, short.valid_until)
