"""What an offer has otherwise than it was wanted, in words and with the reason (WIRE.md §16.2)."""

from collections.abc import Iterator, Mapping

from insurers import amounts
from insurers.coverage import Coverage, CoverageKind
from insurers.labels import label
from insurers.mitsui_sumitomo.wire import mitsumori
from insurers.money import LimitKind
from insurers.plan import Conditions, Departure
from insurers.risk import RatedDrivers, Risk, WantedCover
from insurers.text import Text
from insurers.verdict import Judgement, Verdict, compare

NOTHING = Text("なし", "None")

WHY: Mapping[str, Text] = {
    "SHINKI_GAI": Text(
        "新規のご契約では本人限定をお選びいただけないため、次に広い範囲でご案内します。",
        "Nobody new can have it for themselves alone; the next wider is offered.",
    ),
    "DANTAI_GAI": Text(
        "三井住友海上で取り扱う団体ではないため、団体扱の割引はありません。",
        "It does not handle this group, so there is no discount.",
    ),
    "TOKYU_KIKAN": Text(
        "前契約の満期日から7日を過ぎているため、等級を継承できません。",
        "It is more than seven days after the maturity, too late for the grade to be carried over.",
    ),
    "SHARYO_NENSU": Text(
        "初度登録から15年を超えるお車には、車両保険をお引受けできません。",
        "A car first registered more than 15 years ago gets no own-damage cover.",
    ),
    "PLAN": Text(
        "このプランの内容によるものです。補償を変更して再計算できます。",
        "This plan is made so; its covers can be changed and it is quoted again.",
    ),
}

WIDER = Text(
    "ご希望と同じ内容の取扱いがないため、より広い補償でご案内します。",
    "It is not to be had exactly as it is wanted, so the next wider is offered.",
)
UNASKED = Text("すべてのプランに付く補償です。", "Every plan has this cover.")
NOTHING_WIDER = Text(
    "これ以上広い内容の取扱いがありません。必要な場合は、ほかの保険での手当てをご検討ください。",
    "Nothing wider is to be had. If you need it, see whether another insurance has it.",
)
OTHERWISE = Text(
    "同じ内容の取扱いがありません。違いをご確認ください。", "It is not to be had in the same way; see what differs."
)
AGES = Text(
    "同じ年令条件の取扱いがないため、より広い条件でご案内します。",
    "That age condition is not to be had, so a wider one is offered.",
)

BY_VERDICT: Mapping[Verdict, Text] = {
    Verdict.BETTER: WIDER,
    Verdict.ONLY_HERE: UNASKED,
    Verdict.WORSE: NOTHING_WIDER,
    Verdict.LOST: NOTHING_WIDER,
    Verdict.DIFFERENT: OTHERWISE,
}

# What a departure of a plan's conditions is about (WIRE.md §16.2); the rest is about covers.
LIMITATION, GROUP, GRADE = "untenshaGentei", "dantaiMei", "tokyu"


# WIRE.md §8.8.
COVER_OF: Mapping[str, CoverageKind] = {
    "TAIBUTSU_KINGAKU": CoverageKind.PROPERTY_DAMAGE_LIABILITY,
    "TAIBUTSU_CHOKA": CoverageKind.PD_REPAIR_EXCESS,
    "JINSHIN_KINGAKU": CoverageKind.PERSONAL_INJURY,
    "JINSHIN_HANI": CoverageKind.PERSONAL_INJURY,
    "SHOGAI_ICHIJI": CoverageKind.PASSENGER_INJURY,
    "SHARYO_KATA": CoverageKind.OWN_DAMAGE,
    "SHARYO_MENSEKI": CoverageKind.OWN_DAMAGE,
    "BENGOSHI": CoverageKind.LAWYER_COST,
    "NICHIJO_BAISHO": CoverageKind.PERSONAL_LIABILITY,
    "FAMILY_BIKE": CoverageKind.FAMILY_BIKE,
    "RENTAL": CoverageKind.RENTAL_CAR,
}


def reasons(said: tuple[mitsumori.Sai, ...]) -> Mapping[CoverageKind, mitsumori.Sai]:
    return {COVER_OF[sai.komoku]: sai for sai in said if sai.komoku in COVER_OF}


def of_covers(risk: Risk, offered: tuple[Coverage, ...], said: tuple[mitsumori.Sai, ...]) -> Iterator[Departure]:
    """Hold each cover against what was wanted of it."""
    if risk.coverages is None:
        return
    wanted, why = {cover.kind: cover for cover in risk.coverages}, reasons(said)
    for cover in offered:
        wish = wanted.pop(cover.kind, None)
        verdict = _known(compare(cover, _as_cover(wish, cover) if wish else None, same_insurer=False))
        if verdict in BY_VERDICT:
            yield Departure(
                kind=cover.kind,
                requested=_wished(wish) if wish else NOTHING,
                offered=_offered(cover),
                why=_why(why.get(cover.kind), BY_VERDICT[verdict]),
            )
    for wish in wanted.values():
        yield Departure(kind=wish.kind, requested=_wished(wish), offered=NOTHING, why=NOTHING_WIDER)


def _known(judgement: Judgement) -> Verdict:
    """Answer what is known to differ, whatever else nobody says."""
    if not judgement.findings:
        return judgement.verdict
    return Judgement.of(finding for finding in judgement.findings if finding.verdict is not Verdict.UNKNOWN).verdict


def of_conditions(risk: Risk, stands: Conditions, said: tuple[mitsumori.Sai, ...]) -> Iterator[Departure]:
    by_matter = {sai.komoku: sai for sai in said}
    if risk.drivers is not None:
        yield from _of_drivers(risk.drivers, stands, by_matter.get(LIMITATION))
    if (sai := by_matter.get(GROUP)) is not None:
        yield Departure(requested=Text(sai.kibo, sai.kibo), offered=NOTHING, why=_why(sai, OTHERWISE))
    if (sai := by_matter.get(GRADE)) is not None:
        yield Departure(requested=_grade(sai.kibo), offered=_grade(sai.teiji), why=_why(sai, OTHERWISE))


def _of_drivers(wanted: RatedDrivers, stands: Conditions, sai: mitsumori.Sai | None) -> Iterator[Departure]:
    if stands.limitation is not wanted.limitation:
        yield Departure(
            requested=label(wanted.limitation),
            offered=Text(stands.insurer_limitation, label(stands.limitation).en),
            why=_why(sai, WIDER),
        )
    if stands.age_condition is not wanted.age_condition:
        yield Departure(
            requested=label(wanted.age_condition),
            offered=Text(stands.insurer_age_condition, label(stands.age_condition).en),
            why=AGES,
        )


def _why(sai: mitsumori.Sai | None, otherwise: Text) -> Text:
    """A reason that is not in the table is told in the insurer's own words."""
    return WHY.get(sai.riyu, Text(sai.setsumei, sai.setsumei)) if sai else otherwise


def _grade(tokyu: str) -> Text:
    return Text(f"{tokyu}等級", f"Grade {tokyu}")


def _as_cover(wish: WantedCover, offered: Coverage) -> Coverage:
    """Read a wish as a cover. What a car is worth is for the insurer to say that would pay it."""
    by_value = wish.limit is not None and wish.limit.kind is LimitKind.ACTUAL_VALUE and offered.included
    return Coverage(
        kind=wish.kind,
        insurer_label=wish.kind,
        included=True,
        variant=wish.variant,
        limit=offered.limit if by_value else wish.limit,
        deductible=wish.deductible,
        perils=wish.perils,
    )


def _wished(wish: WantedCover) -> Text:
    return _worded(label(wish.kind), wish)


def _offered(cover: Coverage) -> Text:
    if not cover.included:
        return NOTHING
    return _worded(Text(cover.insurer_label, label(cover.kind).en), cover)


def _worded(name: Text, cover: WantedCover | Coverage) -> Text:
    details = [
        *([label(cover.variant)] if cover.variant else []),
        *([amounts.limit(cover.limit)] if cover.limit else []),
        *([_borne(cover)] if cover.deductible and cover.kind is CoverageKind.OWN_DAMAGE else []),
    ]
    return Text(
        " ".join([name.ja, *(each.ja for each in details)]), ", ".join([name.en, *(each.en for each in details)])
    )


def _borne(cover: WantedCover | Coverage) -> Text:
    if cover.deductible is None:
        return NOTHING
    borne = amounts.deductible(cover.deductible)
    return Text(f"免責{borne.ja}", f"deductible {borne.en}")
