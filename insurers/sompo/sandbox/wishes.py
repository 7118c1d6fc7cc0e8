"""The covers that are wanted for a car insured elsewhere, and what is sold of them (WIRE.md §13.2, §13.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from insurers.sompo.sandbox.covers import (
    COVERS,
    INJURY,
    LATE_RENEWAL,
    NOT_TAKEN,
    OWN_DAMAGE,
    PROPERTY,
    RENTAL,
    SAFE_RENEWAL,
    Cover,
    Option,
)
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.plans import PLANS, Plan
from insurers.sompo.sandbox.replies import Refusal
from insurers.sompo.sandbox.risks import Risk

# TIGAI_CD.
TOO_OLD, WITHOUT_VALUE, NOT_FOR_KEI, ALWAYS_THERE = "11", "12", "13", "14"

# What is not sold for 自家用軽四輪乗用車, and what stands in its place.
INSTEAD_FOR_KEI = {(OWN_DAMAGE, "10"): "11", (RENTAL, "02"): "01"}
# The least that nobody can be without, where it is not the first option.
LEAST = {PROPERTY: "04"}
# おすすめプラン never takes away from what is wanted: 21, by its wish.
RECOMMENDED_INJURY = {"01": "12", "02": "12", "03": "13", "11": "12", "12": "12", "13": "13"}

WISHED = Plan("02", "ご希望プラン", {})
OFFERED: Mapping[str, Plan] = {"01": PLANS["01"], "02": WISHED, "03": PLANS["03"]}


@dataclass(frozen=True)
class Instead:
    """What is quoted of a cover in place of what was wanted ('' was not), and TIGAI_CD, which is why."""

    cover: Cover
    wanted: str
    quoted: str
    why: str


def read(lines: Sequence[Line]) -> dict[str, str]:
    """
    Answer the wanted option of each cover that is wanted.

    Raises:
        Refusal: 56, a cover or an option that is sold to nobody.
    """
    wanted = {}
    for line in lines:
        cover = COVERS.get(line.get("HOSYOU_CD", ""))
        if cover is None or cover.code in (SAFE_RENEWAL, LATE_RENEWAL):
            raise Refusal("56", KOUMOKU="HOSYOU_CD")
        option = line.get("SENTAKU_CD", "")
        if option == NOT_TAKEN or option not in cover.options:
            raise Refusal("56", KOUMOKU="SENTAKU_CD")
        wanted[cover.code] = option
    return wanted


def offered(cover: Cover, risk: Risk) -> list[Option]:
    """Answer what may be chosen of *cover* for this car."""
    if cover.code == SAFE_RENEWAL:
        return [cover.options[NOT_TAKEN]]
    return [option for code, option in cover.options.items() if _sold(cover.code, code, risk)[0] == code]


def instead(wanted: Mapping[str, str], risk: Risk) -> Iterator[Instead]:
    """Tell each cover that is quoted otherwise than wanted."""
    for code, cover in COVERS.items():
        wish = wanted.get(code, "")
        if wish:
            quoted, why = _sold(code, wish, risk)
            if why:
                yield Instead(cover, wish, quoted, why)
        elif NOT_TAKEN not in cover.options and code != LATE_RENEWAL:
            yield Instead(cover, "", _unwanted(cover), ALWAYS_THERE)


def covers(plan: Plan, wanted: Mapping[str, str], risk: Risk) -> dict[str, str]:
    """Answer *plan*'s initial settings, which never fall below what is wanted and sold."""
    chosen = {code: wanted.get(code) or _unwanted(cover) for code, cover in COVERS.items()}
    if plan.recommended:
        chosen |= {**plan.against_current, INJURY: RECOMMENDED_INJURY[chosen[INJURY]]}
    else:
        chosen |= plan.against_current
    return {code: _sold(code, option, risk)[0] for code, option in chosen.items()}


def changed(chosen: Mapping[str, str], changes: Sequence[Line], risk: Risk) -> dict[str, str]:
    """
    Apply HENKOU lines to a plan's initial settings.

    Raises:
        Refusal: 56, a cover or an option that is not offered for this car.
    """
    result = dict(chosen)
    for change in changes:
        cover = COVERS.get(change.get("HOSYOU_CD", ""))
        if cover is None:
            raise Refusal("56", KOUMOKU="HOSYOU_CD")
        option = change.get("SENTAKU_CD", "")
        if option not in {choice.code for choice in offered(cover, risk)}:
            raise Refusal("56", KOUMOKU="SENTAKU_CD")
        result[cover.code] = option
    return result


def _unwanted(cover: Cover) -> str:
    return LEAST.get(cover.code) or next(iter(cover.options))


def _sold(cover: str, option: str, risk: Risk) -> tuple[str, str]:
    """Answer what is sold for a wished option: itself and no reason, or another one and why."""
    if cover == OWN_DAMAGE and option != NOT_TAKEN:
        if risk.is_too_old_for_own_damage:
            return NOT_TAKEN, TOO_OLD
        if not risk.value:
            return NOT_TAKEN, WITHOUT_VALUE
    if risk.is_kei and (cover, option) in INSTEAD_FOR_KEI:
        return INSTEAD_FOR_KEI[cover, option], NOT_FOR_KEI
    return option, ""
