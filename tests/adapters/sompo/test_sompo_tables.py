"""Every code of WIRE.md's tables has its word, and every word of ours its code."""

import math
import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

import insurers.sompo
from insurers.coverage import RENEWAL_RIDERS, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, PremiumNature
from insurers.risk import WantedCover
from insurers.sompo.mapping import agency, cover, departure, estimate, policy, premium, refusals, risk, sold
from insurers.sompo.mapping.sold import SOLD, Sold
from insurers.sompo.mapping.wish import nearest
from insurers.sompo.wire import itiran
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose, VehicleKind

WIRE = (Path(insurers.sompo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return WIRE.split(f"\n{heading}", 1)[1].split("\n#", 1)[0]


def codes(heading: str, field: str) -> dict[str, str]:
    """The codes that a row of a table lists for *field*, with the words behind them."""
    row = next(row for row in section(heading).splitlines() if row.startswith(f"| `{field}` |"))
    return dict(re.findall(r"`(\d\d)` ([^·|`(]+?)(?= [·|(]|[.·|])", row))


def rows(heading: str) -> list[str]:
    return re.findall(r"^\| `(\d\d)` \|", section(heading), re.MULTILINE)


# Codes that have no word in our language, and are told as UNKNOWN, or as no value.
WITHOUT_A_WORD = {"HARAIKOMI_CD": {"40", "50"}, "MENKYO_IRO_CD": {"90"}}

MAPPED: Mapping[str, Mapping[str, object]] = {
    "KEIYAKU_JYOTAI": policy.STATUS,
    "KEIYAKU_KEITAI": policy.FORMS,
    "HARAIKOMI_CD": premium.PAYMENTS,
    "YOTO_SYASYU_CD": policy.KINDS,
    "SIYOU_CD": policy.USES,
    "GENTEI_CD": policy.LIMITATIONS,
    "NENREI_CD": policy.AGES,
    "MENKYO_IRO_CD": policy.LICENCES,
}


@pytest.mark.parametrize(("field", "table"), MAPPED.items(), ids=MAPPED)
def test_every_code_of_a_contract_has_a_word_or_none_is_claimed(field: str, table: Mapping[str, object]) -> None:
    listed = codes("## 5.5", field)

    assert set(listed) - WITHOUT_A_WORD.get(field, set()) == set(table)
    for code, word in table.items():
        if isinstance(word, tuple):
            assert listed[code] == word[1]


@pytest.mark.parametrize("code", sorted(WITHOUT_A_WORD["HARAIKOMI_CD"]))
def test_a_payment_that_no_word_means_is_unknown(code: str) -> None:
    paid = premium.premium("1000", code, (), nature=PremiumNature.INDICATION)

    assert PaymentMethod.UNKNOWN is paid.payment


def test_every_field_of_an_agencys_list_has_its_shape_in_the_wires_order() -> None:
    rows = [row.split("|")[1] for row in section("## 14.2").splitlines() if row.startswith("| `")]

    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(itiran.SHAPES)


def test_every_reason_difference_and_assumption_has_its_words() -> None:
    assert set(rows("## 13.2")) == set(departure.REASONS)
    assert set(rows("## 13.3")) == set(estimate.ASSUMPTIONS)
    refused = dict(re.findall(r"`(1\d)` ([^·|`]+?)(?= [·|])", section("## 13.1")))
    assert refused == refusals.RISKS
    (of_renewals,) = re.findall(r"RIYUU_CD` \| CD2\? \|(.+)", section("## 6.1"))
    assert {*re.findall(r"`(0\d)`", of_renewals), "05"} == set(agency.REASONS)
    for text in (*departure.REASONS.values(), *estimate.ASSUMPTIONS.values()):
        assert text.ja
        assert text.en


@pytest.mark.parametrize("kind", [kind for kind in CoverageKind if kind in cover.CODES.keys() - RENEWAL_RIDERS])
def test_every_option_that_is_sold_may_be_wished_for(kind: CoverageKind) -> None:
    listed = next(row for row in section("## 9.2").splitlines() if row.startswith(f"| `{cover.CODES[kind]}` |"))
    options = re.findall(r"`(\d\d)`", listed.rsplit("|", 2)[1].split(". Only")[0])

    assert set(options) - {"00"} == {option.code for option in SOLD[kind]}


def test_what_each_type_covers_is_what_the_wire_says() -> None:
    listed = re.findall(r"^\| `(\d\d)` \| [^|]+ \| (\d\d) \| (\d\d)", section("## 5.4"), re.MULTILINE)

    assert 10 == len(listed)
    for code, full, limited in listed:
        peril = cover.PERILS[code]
        assert (cover.COVERED[full], cover.COVERED[limited]) == (sold.FULL[peril], sold.LIMITED[peril])


ASKED: Mapping[str, tuple[set[object], Mapping[object, str]]] = {
    "GENTEI_CD": (set(DriverLimitation), dict(risk.LIMITATIONS.items())),
    "NENREI_CD": (set(AgeCondition), dict(risk.AGES.items())),
    "SIYOU_CD": (set(UsePurpose), dict(risk.USES.items())),
    "YOTO_SYASYU_CD": (set(VehicleKind), dict(risk.KINDS.items())),
    "MENKYO_IRO_CD": (set(LicenceColour), dict(risk.COLOURS.items())),
}


@pytest.mark.parametrize(("field", "words", "table"), [(field, *both) for field, both in ASKED.items()], ids=ASKED)
def test_every_word_of_ours_is_asked_for_by_a_code_that_is_sold(
    field: str, words: set[object], table: Mapping[object, str]
) -> None:
    assert words <= set(table)
    assert set(table.values()) - {""} <= set(codes("## 5.5", field))


def test_an_age_band_that_is_abolished_is_asked_for_as_the_next_wider_one() -> None:
    assert ("26", False) == (risk.AGES[AgeCondition.AGE_30_PLUS], "30" in risk.AGES.values())


LIMITS = [
    None,
    *(Limit(kind=kind) for kind in (LimitKind.UNLIMITED, LimitKind.UNKNOWN)),
    *(
        Limit(kind=LimitKind.AMOUNT, amount=Yen(yen))
        for yen in (1, 5_000, 6_000, 30_000_000, 50_000_000, 50_000_001, 100_000_000)
    ),
]
DEDUCTIBLES = [
    None,
    NOTHING_BORNE,
    *(
        Deductible(first=Yen(first), second=Yen(second))
        for first, second in ((0, 100_000), (50_000, 50_000), (50_000, 100_000), (70_000, 100_000), (100_000, 100_000))
    ),
]
PERILS = [
    (),
    *(
        tuple(PerilCover(peril=peril, covered=how) for peril, how in told.items())
        for told in (
            sold.FULL,
            sold.LIMITED,
            {Peril.FIRE: Covered.YES},
            {Peril.THEFT: Covered.UNKNOWN},
            {Peril.COLLISION_WITH_CAR: Covered.YES},
            {Peril.COLLISION_WITH_OBJECT: Covered.CONDITIONAL},
        )
    ),
]


@pytest.mark.parametrize("kind", SOLD)
def test_no_wish_is_without_an_option_and_none_is_needlessly_narrow(kind: CoverageKind) -> None:
    for variant, limit, deductible, perils in product([None, *CoverageVariant], LIMITS, DEDUCTIBLES, PERILS):
        wish = WantedCover(kind=kind, variant=variant, limit=limit, deductible=deductible, perils=perils)
        had = nearest(wish)

        assert had in SOLD[kind]
        if any(wide(option, wish) for option in SOLD[kind]):
            assert wide(had, wish), wish
            # The narrowest of those that are wide enough.
            assert had == next(option for option in SOLD[kind] if wide(option, wish)), wish


DEGREES = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2, Covered.UNKNOWN: 2}
WIDE = {CoverageVariant.ALSO_OUTSIDE, CoverageVariant.MOTOR_AND_DAILY, CoverageVariant.PERSONAL_INJURY_TYPE}


def wide(option: Sold, wish: WantedCover) -> bool:
    """Whether an option leaves nothing to be wished for."""
    return _type_is_wide(option, wish) and _limit_is_wide(option, wish) and _little_is_borne(option, wish)


def _type_is_wide(option: Sold, wish: WantedCover) -> bool:
    if wish.kind is CoverageKind.OWN_DAMAGE:
        assert option.variant
        covers = sold.PERILS[option.variant]
        told = {part.peril: part.covered for part in wish.perils} or dict.fromkeys(Peril, Covered.YES)
        return all(DEGREES[covers[peril]] >= DEGREES[how] for peril, how in told.items())
    if option.variant is None or option.variant is wish.variant:
        return True
    # ファミリーバイク is sold in two types of which neither is the wider one.
    return option.variant in WIDE and wish.variant is not CoverageVariant.OWN_ACCIDENT_TYPE


def _limit_is_wide(option: Sold, wish: WantedCover) -> bool:
    return option.limit is None or _sum(option.limit) >= _sum(wish.limit)


def _sum(limit: Limit | None) -> float:
    return limit.amount.amount if limit and limit.amount else math.inf


def _little_is_borne(option: Sold, wish: WantedCover) -> bool:
    if option.deductible is None:
        return True
    borne = wish.deductible or NOTHING_BORNE
    return option.deductible.first <= borne.first and option.deductible.second <= borne.second


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (WantedCover(kind=CoverageKind.RENTAL_CAR, limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(10_000))), "02"),
        (
            WantedCover(
                kind=CoverageKind.OWN_DAMAGE,
                perils=PERILS[2],
                deductible=Deductible(first=Yen(50_000), second=Yen(50_000)),
            ),
            "20",
        ),
        (
            WantedCover(
                kind=CoverageKind.OWN_DAMAGE,
                perils=PERILS[2],
                deductible=Deductible(first=Yen(50_000), second=Yen(100_000), car_to_car_zero=True),
            ),
            "20",
        ),
    ],
)
def test_where_nothing_is_wide_enough_the_widest_comes_nearest(wish: WantedCover, code: str) -> None:
    assert code == nearest(wish).code


def test_a_zero_between_cars_is_had_where_it_is_sold() -> None:
    borne = Deductible(first=Yen(50_000), second=Yen(100_000), car_to_car_zero=True)

    assert "13" == nearest(WantedCover(kind=CoverageKind.OWN_DAMAGE, deductible=borne)).code
