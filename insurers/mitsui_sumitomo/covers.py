"""Mitsui Sumitomo's covers, premiums and plans, in our words."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from insurers.coverage import (
    Coverage,
    CoverageChange,
    CoverageKind,
    CoverageVariant,
    Covered,
    Peril,
    PerilCover,
)
from insurers.identity import InsurerCode, PlanCode
from insurers.mitsui_sumitomo import choices
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire import eg1, mitsumori, values
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import Departure, Instalment, PaymentMethod, Plan, PlanVideo, Premium, PremiumNature
from insurers.text import Text

# WIRE.md §8.4.
KIND = {
    "TAIJIN": CoverageKind.BODILY_INJURY_LIABILITY,
    "TAIBUTSU": CoverageKind.PROPERTY_DAMAGE_LIABILITY,
    "TAIBUTSU_CHOKA": CoverageKind.PD_REPAIR_EXCESS,
    "JINSHIN": CoverageKind.PERSONAL_INJURY,
    "SHOGAI_ICHIJI": CoverageKind.PASSENGER_INJURY,
    "SHARYO": CoverageKind.OWN_DAMAGE,
    "BENGOSHI": CoverageKind.LAWYER_COST,
    "NICHIJO_BAISHO": CoverageKind.PERSONAL_LIABILITY,
    "FAMILY_BIKE": CoverageKind.FAMILY_BIKE,
    "ROAD": CoverageKind.ROAD_ASSISTANCE,
    "RENTAL": CoverageKind.RENTAL_CAR,
    "JIDO_KEIZOKU": CoverageKind.AUTO_RENEWAL_RIDER,
    "KEIZOKU_UKKARI": CoverageKind.LATE_RENEWAL_RIDER,
}

# WIRE.md §8.4, kata: what it means, and how it is printed. A word that is not here is shown as it came.
VARIANT = {
    ("JINSHIN", "SHANAI"): (CoverageVariant.IN_CAR_ONLY, "車内のみ"),
    ("JINSHIN", "SHAGAI"): (CoverageVariant.ALSO_OUTSIDE, "車内・車外"),
    ("SHARYO", "IPPAN"): (CoverageVariant.FULL, "一般補償"),
    ("SHARYO", "10GENTEI"): (CoverageVariant.LIMITED, "車両保険「10補償限定」特約"),
    ("BENGOSHI", "JIDOSHA"): (CoverageVariant.MOTOR_ONLY, "自動車事故型"),
    ("BENGOSHI", "JIDOSHA_NICHIJO"): (CoverageVariant.MOTOR_AND_DAILY, "自動車・日常生活事故型"),
    ("FAMILY_BIKE", "JISON"): (CoverageVariant.OWN_ACCIDENT_TYPE, "自損傷害型"),
    ("FAMILY_BIKE", "JINSHIN"): (CoverageVariant.PERSONAL_INJURY_TYPE, "人身傷害型"),
}

# WIRE.md §8.4, jikoKeitai. Bicycles, pedestrians and animals have no peril of their own here.
PERIL = {
    "KURUMA_SHOTOTSU": Peril.COLLISION_WITH_CAR,
    "DENCHU_GUARDRAIL": Peril.COLLISION_WITH_OBJECT,
    "TENPUKU_TSUIRAKU": Peril.ROLLOVER,
    "KASAI": Peril.FIRE,
    "TONAN": Peril.THEFT,
    "TAIFU_KOZUI": Peril.STORM_FLOOD,
    "RAKUGAKI_GLASS": Peril.VANDALISM,
    "HIRAI_BUTSU": Peril.FLYING_OBJECT,
}
COVERED = {"ARI": Covered.YES, "NASHI": Covered.NO, "JOKENTSUKI": Covered.CONDITIONAL}

# WIRE.md §8.5.
NATURE = {"KEIYAKU": PremiumNature.BINDABLE, "KAKUTEI": PremiumNature.BINDABLE, "GAISAN": PremiumNature.INDICATION}
PAYMENT = {
    "KYUYO_KOJO": PaymentMethod.PAYROLL_DEDUCTION,
    "KOZA_FURIKAE": PaymentMethod.ACCOUNT_TRANSFER,
    "CREDIT_CARD": PaymentMethod.CREDIT_CARD,
    "FURIKOMI": PaymentMethod.BANK_TRANSFER,
}

COVERS_KEPT = 1_000


def coverages(plan: eg1.Plan | mitsumori.MitsumoriPlan) -> tuple[Coverage, ...]:
    return tuple(coverage(line, plan.henko_komoku) for line in plan.hosho)


def coverage(line: values.Hosho, edits: Sequence[eg1.HenkoKomoku] = ()) -> Coverage:
    return _coverage(line, tuple(edit for edit in edits if edit.hosho_code == line.code) if edits else ())


# Covers are sold alike to many, and nothing in them is of anybody: what was put in our words once is kept.
@lru_cache(COVERS_KEPT)
def _coverage(line: values.Hosho, own: tuple[eg1.HenkoKomoku, ...]) -> Coverage:
    meant, printed = variant(line)
    return Coverage(
        kind=KIND.get(line.code, CoverageKind.OTHER),
        insurer_label=line.meisho,
        included=line.kanyu is True,
        stated=line.kanyu is not None,
        variant=meant,
        insurer_variant=printed,
        limit=limit(line),
        deductible=deductible(line),
        perils=perils(line.jiko_keitai or ()),
        note=line.naiyo,
        options=choices.options(own),
    )


def variant(line: values.Hosho) -> tuple[CoverageVariant | None, str | None]:
    if line.kata is None:
        return None, None
    return VARIANT.get((line.code, line.kata), (CoverageVariant.UNKNOWN, line.kata))


def limit(line: values.Hosho) -> Limit | None:
    if (sum_insured := line.hoken_kingaku) is None:
        return None
    per_person, per_day = sum_insured.tani == "1MEI", sum_insured.tani == "1NICHI"
    if sum_insured.museigen:
        return Limit(kind=LimitKind.UNLIMITED, per_person=per_person, per_day=per_day)
    if sum_insured.kin is None:
        return Limit(kind=LimitKind.UNKNOWN, per_person=per_person, per_day=per_day)
    # Own-damage cover is for the car's value as agreed with the insurer (協定保険価額).
    kind = LimitKind.ACTUAL_VALUE if line.code == "SHARYO" else LimitKind.AMOUNT
    return Limit(kind=kind, amount=Yen(sum_insured.kin), per_person=per_person, per_day=per_day)


def deductible(line: values.Hosho) -> Deductible | None:
    if line.menseki is not None:
        return Deductible(first=Yen(line.menseki.shokai), second=Yen(line.menseki.nikaime))
    # Only own-damage cover has one (WIRE.md §8.4), and there none that is printed is one that is not told.
    return NOTHING_BORNE if line.kanyu and line.code in KIND and line.code != "SHARYO" else None


def perils(lines: Iterable[values.JikoKeitai]) -> tuple[PerilCover, ...]:
    """Answer one entry for each peril; several lines of the insurer that disagree make it conditional."""
    grouped: dict[Peril, list[values.JikoKeitai]] = {}
    for line in lines:
        grouped.setdefault(PERIL.get(line.code, Peril.OTHER), []).append(line)
    return tuple(
        PerilCover(peril=peril, covered=_agreed(found), note="、".join(line.meisho for line in found))
        for peril, found in grouped.items()
    )


def _agreed(lines: Iterable[values.JikoKeitai]) -> Covered:
    said = {COVERED.get(line.hosho, Covered.UNKNOWN) for line in lines}
    if Covered.UNKNOWN in said:
        return Covered.UNKNOWN
    return said.pop() if len(said) == 1 else Covered.CONDITIONAL


def premium(hokenryo: values.Hokenryo) -> Premium:
    difference = hokenryo.genkeiyaku_sa
    return Premium(
        # A word that is not in the table must not make a price look firmer than it is (P-6).
        nature=NATURE.get(hokenryo.seishitsu, PremiumNature.INDICATION),
        total=Yen(hokenryo.nenkan_gokei),
        payment=PAYMENT.get(hokenryo.haraikomi_hoho, PaymentMethod.UNKNOWN),
        instalments=tuple(
            Instalment(due_on=date.fromisoformat(part.haraikomi_bi), amount=Yen(part.kin)) for part in hokenryo.bunkatsu
        ),
        change_from_current=Yen(difference) if difference is not None else None,
    )


def plan(
    insurer: InsurerCode,
    quoted: eg1.Plan,
    *,
    position: int,
    film: eg1.SetsumeiDoga,
    changes: Sequence[CoverageChange] = (),
) -> Plan:
    """
    Read a priced plan; *changes* are those that were asked for.

    Raises:
        ValueError: the plan has no price.
    """
    if quoted.hokenryo is None or quoted.shisan_nichiji is None:
        raise ValueError("a plan without a price")
    expires = quoted.hokenryo.yuko_kigen
    lines = coverages(quoted)
    had = chosen(lines)
    return Plan(
        insurer=insurer,
        code=PlanCode(str(quoted.plan_no)),
        name=quoted.plan_mei,
        position=position,
        premium=premium(quoted.hokenryo),
        coverages=lines,
        quoted_at=moment(quoted.shisan_nichiji),
        valid_until=moment(expires) if expires else None,
        recommended=quoted.osusume,
        same_as_current=quoted.genkeiyaku_doitsu,
        changes=tuple(change for change in changes if change in had),
        departures=tuple(
            _departure(change, line)
            for change in changes
            if change not in had
            for line in lines
            if line.kind is change.kind
        ),
        video=video(film),
    )


def chosen(lines: Iterable[Coverage]) -> set[CoverageChange]:
    """Answer the changes that would leave these covers as they are."""
    return {
        CoverageChange(kind=line.kind, option=option.value)
        for line in lines
        for option in line.options
        if option.selected
    }


def video(film: eg1.SetsumeiDoga) -> PlanVideo:
    return PlanVideo(url=film.url, duration_seconds=film.byosu, unavailable_reason=film.fuka_riyu)


def _departure(change: CoverageChange, line: Coverage) -> Departure:
    asked = next((option.label for option in line.options if option.value == change.option), change.option)
    present = choices.present(line)
    return Departure(
        kind=line.kind,
        requested=Text(asked, asked),
        offered=Text(present, present),
        why=Text("ご希望の内容では見積もれませんでした。", "The insurer did not quote it as it was asked for."),
    )
