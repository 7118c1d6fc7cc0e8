"""Why a cover stands as it does, in one sentence made of what differs."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from insurers import amounts
from insurers.coverage import Coverage, CoverageVariant, Covered
from insurers.labels import label
from insurers.money import Limit, LimitBasis, Yen
from insurers.phrases import BY_PERIL, BY_VERDICT, NOUNS, PERIL_UNTOLD, SAME, UNTOLD, Phrase
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Aspect, Finding, Judgement, Value, Verdict, had


def of_cover(judgement: Judgement, line: Text, ours: Coverage | None, theirs: Coverage | None) -> Text:
    """Say it of a line of cover, where *ours* and *theirs* are what the two plans say of it."""
    if judgement.findings:
        return _sentence(judgement.findings)
    if judgement.verdict is Verdict.REFERENCE:
        return _REFERENCE
    if judgement.verdict is Verdict.EQUAL:
        return _UNSTATED if ours and not ours.stated else _same(had(ours))
    counterpart = (ours if judgement.verdict is Verdict.LOST else theirs) is not None
    template = _PRESENCE[judgement.verdict, counterpart]
    return Text(template.ja.format(line=line.ja), template.en.format(line=line.en))


def of_condition(judgement: Judgement) -> Text:
    """Say it of who may drive, from which age, or for what."""
    if judgement.findings:
        return _sentence(judgement.findings)
    if judgement.verdict is Verdict.REFERENCE:
        return _REFERENCE
    return _SAME_CONDITION if judgement.complete else _NO_OTHER_CONDITION


_REFERENCE = Text("比較の基準です。", "The plan that the others are compared with.")
_SAME_CONDITION = Text("比較の基準と同じ条件です。", "The same condition as in the reference plan.")
_NO_OTHER_CONDITION = Text(
    "保険会社がこのプランについて別の条件を示していないため、比較の基準と同じ条件です。",
    "The same condition as in the reference plan, as the insurer states no other with this plan.",
)
_NEITHER = Text(
    "このプランにも比較の基準にもない補償です。", "Neither this plan nor the reference plan has this cover."
)

_UNSTATED = Text(
    "この補償の有無は、このプランにも比較の基準にも示されていません。",
    "Neither this plan nor the reference plan states whether it has this cover.",
)
_SAME_COVER = Text("比較の基準と同じ補償です。", "The same cover as in the reference plan.")


def _same(cover: Coverage | None) -> Text:
    """Say in what it is the same, and nothing of what it does not tell."""
    if cover is None:
        return _NEITHER
    told = {
        Aspect.PERILS: cover.perils,
        Aspect.LIMIT: cover.limit,
        Aspect.ABROAD: cover.limit and cover.limit.abroad,
        Aspect.DEDUCTIBLE: cover.deductible,
        Aspect.VARIANT: cover.variant and not cover.perils,
    }
    things = [NOUNS[aspect] for aspect, said in told.items() if said]
    return _joined([], _clause(SAME, things)) if things else _SAME_COVER


# By verdict, and whether the plan that does not have the cover names it at all.
_PRESENCE: Mapping[tuple[Verdict, bool], Text] = {
    (Verdict.LOST, True): Text(
        "比較の基準にある「{line}」が、このプランには付いていません。",
        "“{line}” is in the reference plan, and not in this one.",
    ),
    (Verdict.LOST, False): Text(
        "比較の基準にある「{line}」に当たる補償が、このプランにはありません。",
        "“{line}” is in the reference plan, and has no counterpart in this one.",
    ),
    (Verdict.ONLY_HERE, True): Text(
        "比較の基準には付いていない「{line}」が付いています。",
        "“{line}” is in this plan, and not in the reference plan.",
    ),
    (Verdict.ONLY_HERE, False): Text(
        "比較の基準には当たる補償のない「{line}」が付いています。",
        "“{line}” is in this plan, and has no counterpart in the reference plan.",
    ),
}


# What is lost is said first, and what cannot be told last.
_TOLD_IN_ORDER = (Verdict.WORSE, Verdict.DIFFERENT, Verdict.BETTER, Verdict.UNKNOWN)


def _sentence(findings: Iterable[Finding]) -> Text:
    said: dict[Phrase, list[Text]] = {}
    for finding in sorted(findings, key=_place):
        # Findings of which the same is said are said together.
        said.setdefault(_filled(_phrase(finding), finding), []).append(_thing(finding))
    *before, last = [_clause(phrase, things) for phrase, things in said.items()]
    return _joined(before, last)


def _place(finding: Finding) -> tuple[int, bool, bool]:
    """Perils stand first, and what is not covered at all before what is covered under conditions."""
    return _TOLD_IN_ORDER.index(finding.verdict), finding.peril is None, finding.ours is Covered.CONDITIONAL


def _phrase(finding: Finding) -> Phrase:
    if finding.verdict is Verdict.UNKNOWN:
        untold = PERIL_UNTOLD if finding.peril else UNTOLD
        return untold[finding.ours is not None, finding.theirs is not None]
    if finding.peril:
        return BY_PERIL[finding.theirs, finding.ours]
    return BY_VERDICT[finding.aspect, finding.verdict]


def _filled(phrase: Phrase, finding: Finding) -> Phrase:
    ours, theirs = _value(finding.ours, finding.aspect), _value(finding.theirs, finding.aspect)
    return msgspec.structs.replace(
        phrase,
        ja=phrase.ja.format(ours=ours.ja, theirs=theirs.ja, things="{things}"),
        en=phrase.en.format(ours=ours.en, theirs=theirs.en, things="{things}"),
    )


def _value(value: Value | None, aspect: Aspect) -> Text:
    match value:
        case Limit():
            return _limit(value, aspect)
        case Yen():
            return amounts.yen(value)
        case Covered() | CoverageVariant() | DriverLimitation() | AgeCondition() | UsePurpose():
            return label(value)
        case str():
            return Text(value, value)
        case _:
            return Text("", "")


def _limit(limit: Limit, aspect: Aspect) -> Text:
    if aspect is Aspect.INSURED_VALUE and limit.amount:
        return amounts.yen(limit.amount)
    said = amounts.limit(Limit(kind=limit.kind, amount=limit.amount))
    if aspect is not Aspect.LIMIT_BASIS:
        return said
    basis = _BASES[limit.basis]
    return Text(f"{basis.ja}{said.ja}", f"{said.en} {basis.en}")


_BASES: Mapping[LimitBasis, Text] = {
    LimitBasis.PERSON: Text("1名につき", "for each person"),
    LimitBasis.ACCIDENT: Text("1事故につき", "for each accident"),
    LimitBasis.DAY: Text("1日につき", "for each day"),
}


def _thing(finding: Finding) -> Text:
    if finding.peril is None:
        return NOUNS[finding.aspect]
    called = label(finding.peril)
    return Text(called.ja, called.en[0].lower() + called.en[1:])


def _clause(phrase: Phrase, things: Sequence[Text]) -> Phrase:
    return msgspec.structs.replace(
        phrase,
        ja=phrase.ja.replace("{things}", _in_japanese([thing.ja for thing in things])),
        en=phrase.en.replace("{things}", _in_english([thing.en for thing in things], phrase.joins)),
    )


def _in_japanese(things: Sequence[str]) -> str:
    # Names of perils are long and have dots in them, so a comma helps even between two.
    return ("と、" if len(things) == 2 else "、").join(things)


def _in_english(things: Sequence[str], joins: str) -> str:
    *before, last = things
    return f"{', '.join(before)}{joins}{last}" if before else last


def _joined(before: Sequence[Phrase], last: Phrase) -> Text:
    japanese = "、".join([*(f"{clause.ja}{clause.on}" for clause in before), f"{last.ja}{last.end}"])
    english = "; ".join(clause.en for clause in before)
    if before:
        english += ", and " if len(before) == 1 else "; and "
    english += last.en
    return Text(f"{japanese}。", f"{english[0].upper()}{english[1:]}.")
