"""Every code of WIRE.md's tables is mapped, and a word that stands in none of them is unknown and nothing worse."""

import re
from collections.abc import Collection, Iterator
from itertools import product
from pathlib import Path

import pytest

import insurers.mitsui_sumitomo
from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.mitsui_sumitomo import assumptions, covers, departures, mapping, wanted
from insurers.mitsui_sumitomo.renewability import REASONS
from insurers.mitsui_sumitomo.wire import mitsumori, values
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, PremiumNature
from insurers.risk import WantedCover
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose, VehicleKind

WIRE = (Path(insurers.mitsui_sumitomo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")

# A word as codes are spelled, between backticks.
CODE = re.compile(r"`([A-Z0-9][A-Z0-9_-]*)`")


def passage(begins: str, ends: str) -> str:
    return WIRE[WIRE.index(begins) : WIRE.index(ends, WIRE.index(begins))]


def alternatives(field: str) -> set[str]:
    """The words of which a field of §8 is one."""
    (first, *_) = re.findall(rf'"{field}": ((?:"\w+"(?: \| )?)+)', WIRE)
    return set(re.findall(r"\w+", first))


def row(begins: str) -> set[str]:
    """The codes of one line, without the one that it is about."""
    line = next(line for line in WIRE.splitlines() if line.startswith(begins))
    return set(CODE.findall(line[len(begins) :]))


COVERS = passage("**8.4 a coverage**", "`kanyu: null`: not stated")
COVER_ROWS = [line.split(" | ") for line in COVERS.splitlines() if line.startswith("| `")]
PERILS = passage("stands with `SHARYO` only", "`10GENTEI` leaves out")
EDITS = [line.split(" | ") for line in passage("**8.8", "`TAIJIN` and `ROAD`").splitlines() if line.startswith("| `")]
CHOICES = {CODE.findall(first)[0]: CODE.findall(choices.split(";")[0]) for first, _, choices in EDITS}


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (row("**8.1 `keiyakuKeitai`**"), mapping.FORM),
        (row("**8.2 `jotai`**"), mapping.STATUS),
        (row("| `untenshaGentei` |"), mapping.LIMITATION),
        (row("| `nenreiJoken` |"), mapping.AGE_CONDITION),
        (row("| `menkyoshoIro` |"), mapping.LICENCE),
        (row("| `shiyoMokuteki` |"), mapping.USE),
        ({CODE.findall(cells[0])[0] for cells in COVER_ROWS}, covers.KIND),
        (set(CODE.findall(PERILS)) - {"SHARYO", "JITENSHA_HOKOSHA", "SONOTA"}, covers.PERIL),
        (alternatives("hosho"), covers.COVERED),
        (alternatives("seishitsu"), covers.NATURE),
        (
            alternatives("haraikomiHoho"),
            covers.PAYMENT,
        ),
        (CHOICES.keys(), departures.COVER_OF),
        (
            {CODE.findall(line)[0] for line in passage("### 16.2", "### 16.3").splitlines() if line.startswith("| `")},
            departures.WHY,
        ),
        (set(CODE.findall(passage("### 16.5", "Others may come"))), assumptions.ASSUMED),
        (set(re.findall(r"`(自家用\w+)`", passage("### 16.1", "### 16.2"))), mapping.VEHICLE_KIND),
    ],
)
def test_every_code_of_the_wire_is_mapped_and_no_other(codes: Collection[str], table: Collection[str]) -> None:
    assert set(codes) == set(table)


def test_every_variant_of_a_cover_is_mapped() -> None:
    told = {(CODE.findall(cells[0])[0], code) for cells in COVER_ROWS for code in CODE.findall(cells[2])}

    assert told == covers.VARIANT.keys()


def test_why_a_contract_does_not_renew_online_is_mapped() -> None:
    told = set(CODE.findall(next(line for line in WIRE.splitlines() if line.startswith("| `riyu` | null, or why not"))))

    assert set() == told - REASONS.keys()


def joken(**said: str) -> values.Joken:
    fields = dict.fromkeys(("untensha_gentei", "nenrei_joken", "menkyosho_iro", "shiyo_mokuteki"), "SHIRANAI")
    return values.Joken(saijakunen_seinengappi=None, **{**fields, **said})


def test_conditions_in_words_that_no_table_has_are_unknown_and_keep_them() -> None:
    stands = mapping.conditions(joken())

    assert (DriverLimitation.UNKNOWN, AgeCondition.UNKNOWN, UsePurpose.UNKNOWN) == (
        stands.limitation,
        stands.age_condition,
        stands.use,
    )
    assert {"SHIRANAI"} == {stands.insurer_limitation, stands.insurer_age_condition, stands.insurer_use}
    assert mapping.driver_scope(joken()).licence_colour is None


def test_a_premium_and_a_peril_in_words_that_no_table_has_promise_nothing() -> None:
    premium = covers.premium(values.Hokenryo(10_000, "SHIRANAI", None, None, "SHIRANAI", 1, ()))
    (peril,) = covers.perils([values.JikoKeitai("SHIRANAI", "知らない", "SHIRANAI")])

    assert (PremiumNature.INDICATION, PaymentMethod.UNKNOWN) == (premium.nature, premium.payment)
    assert (Peril.OTHER, Covered.UNKNOWN) == (peril.peril, peril.covered)


def test_what_is_assumed_in_words_that_no_table_has_is_told_as_it_came() -> None:
    assert "お見積りの前提" == assumptions.read(mitsumori.Zentei("SHIRANAI", "お見積りの前提")).ja


# What each of our words comes to, in codes of the wire.


def spelled(cover: WantedCover) -> dict[str, str]:
    return dict(wanted.choices(cover))


def wishes(kind: CoverageKind) -> Iterator[WantedCover]:
    """Each variant with each kind of sum and deductible, known and unknown."""
    limits = [
        None,
        *(Limit(kind=each) for each in LimitKind if each is not LimitKind.AMOUNT),
        *(Limit(kind=LimitKind.AMOUNT, amount=Yen(yen)) for yen in (1, 20_000_000, 77_000_000, 10**12)),
    ]
    deductibles = [None, *(Deductible(first=Yen(yen), second=Yen(yen)) for yen in (0, 1, 70_000, 200_000))]
    for variant, limit, deductible in product([None, *CoverageVariant], limits, deductibles):
        yield WantedCover(kind=kind, variant=variant, limit=limit, deductible=deductible)


@pytest.mark.parametrize("kind", CoverageKind)
def test_every_wish_comes_to_choices_of_its_own_cover_that_the_wire_has(kind: CoverageKind) -> None:
    for wish in wishes(kind):
        for komoku, code in spelled(wish).items():
            assert code in CHOICES[komoku], komoku
            assert kind is departures.COVER_OF[komoku]


def test_every_cover_that_can_be_chosen_can_be_wished_for() -> None:
    assert CHOICES.keys() == {komoku for kind in CoverageKind for komoku in spelled(WantedCover(kind=kind))}


def test_every_word_for_who_drives_what_and_how_has_a_code() -> None:
    assert set(DriverLimitation) == wanted.LIMITATION.keys()
    assert set(AgeCondition) == wanted.AGE_CONDITION.keys()
    assert set(LicenceColour) == wanted.LICENCE.keys()
    assert set(VehicleKind) == wanted.VEHICLE_KIND.keys()
    assert set(UsePurpose) - {UsePurpose.UNKNOWN} == wanted.USE.keys()
    assert set(wanted.LIMITATION.values()) <= mapping.LIMITATION.keys()
    assert set(wanted.AGE_CONDITION.values()) <= mapping.AGE_CONDITION.keys()
    assert set(wanted.USE.values()) <= mapping.USE.keys()


@pytest.mark.parametrize("age", sorted(set(AgeCondition) - {AgeCondition.AGE_30_PLUS, AgeCondition.UNKNOWN}))
def test_an_age_condition_that_is_sold_comes_back_as_itself(age: AgeCondition) -> None:
    assert age is mapping.AGE_CONDITION[wanted.AGE_CONDITION[age]][0]


@pytest.mark.parametrize(
    ("yen", "code"),
    [
        (20_000_000, "3000MAN"),
        (30_000_000, "3000MAN"),
        (30_000_001, "5000MAN"),
        (100_000_000, "1OKU"),
        (200_000_000, "MUSEIGEN"),
    ],
)
def test_a_sum_comes_to_the_least_that_reaches_as_far(yen: int, code: str) -> None:
    limit = Limit(kind=LimitKind.AMOUNT, amount=Yen(yen))

    assert code == spelled(WantedCover(kind=CoverageKind.PERSONAL_INJURY, limit=limit))["JINSHIN_KINGAKU"]


@pytest.mark.parametrize(
    ("first", "code"), [(0, "0-10"), (49_999, "0-10"), (50_000, "5-10"), (70_000, "5-10"), (200_000, "10-10")]
)
def test_a_deductible_comes_to_the_most_that_is_no_more(first: int, code: str) -> None:
    deductible = Deductible(first=Yen(first), second=Yen(100_000))

    assert code == spelled(WantedCover(kind=CoverageKind.OWN_DAMAGE, deductible=deductible))["SHARYO_MENSEKI"]
