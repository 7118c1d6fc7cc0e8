"""Why a cover stands as it does, in one sentence made of what differs."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from insurers import amounts
from insurers.coverage import Coverage, CoverageVariant, Covered
from insurers.labels import label
from insurers.money import Limit, Yen
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Aspect, Finding, Judgement, Value, Verdict


def of_cover(judgement: Judgement, line: Text, ours: Coverage | None, theirs: Coverage | None) -> Text:
    """Say it of a line of cover, where *ours* and *theirs* are what the two plans say of it."""
    if judgement.findings:
        return _sentence(judgement.findings)
    if judgement.verdict is Verdict.EQUAL and not (ours and ours.included):
        return _NEITHER
    if judgement.verdict in _WHOLE:
        return _WHOLE[judgement.verdict]
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

_WHOLE: Mapping[Verdict, Text] = {
    Verdict.REFERENCE: _REFERENCE,
    Verdict.EQUAL: Text("比較の基準と同じ補償です。", "The same cover as in the reference plan."),
}

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


class Phrase(Struct, frozen=True):
    """
    One thing that differs, as a part of a sentence of which the subject is the plan.

    {things} are what it is said of, {ours} and {theirs} what the two plans say. In Japanese it ends in `on`
    where the sentence goes on, and in `end` where it ends; in English `joins` stands before the last thing.
    """

    ja: str
    en: str
    on: str = ""
    end: str = "ます"
    joins: str = " and "


_NARROWER = Phrase("{things}が「{theirs}」から「{ours}」に狭まり", "narrows {things} from “{theirs}” to “{ours}”")
_WIDER = Phrase("{things}が「{theirs}」から「{ours}」に広がり", "widens {things} from “{theirs}” to “{ours}”")
_ANOTHER = Phrase("{things}が「{theirs}」ではなく「{ours}」となり", "has “{ours}” instead of “{theirs}” as {things}")
_LOWER = Phrase("{things}が{theirs}から{ours}に下がり", "lowers {things} from {theirs} to {ours}")
_HIGHER = Phrase("{things}が{theirs}から{ours}に上がり", "raises {things} from {theirs} to {ours}")
_MORE_BORNE = Phrase("{things}が{theirs}から{ours}に増え", "raises {things} from {theirs} to {ours}")
_LESS_BORNE = Phrase("{things}が{theirs}から{ours}に減り", "lowers {things} from {theirs} to {ours}")

# By what the reference says of a peril, and then what the plan says.
_PERILS: Mapping[tuple[Value | None, Value | None], Phrase] = {
    (Covered.YES, Covered.NO): Phrase("{things}が補償され", "does not cover {things}", "ず", "ません", ", nor "),
    (Covered.CONDITIONAL, Covered.NO): Phrase(
        "{things}が条件付きでも補償され", "does not cover {things}, even under conditions", "ず", "ません", ", nor "
    ),
    (Covered.YES, Covered.CONDITIONAL): Phrase("{things}の補償に条件が付き", "covers {things} only under conditions"),
    (Covered.CONDITIONAL, Covered.YES): Phrase("{things}が条件なしで補償され", "covers {things} without conditions"),
    (Covered.NO, Covered.YES): Phrase("{things}も補償され", "also covers {things}"),
    (Covered.NO, Covered.CONDITIONAL): Phrase("{things}も条件付きで補償され", "also covers {things} under conditions"),
}

_PHRASES: Mapping[tuple[Aspect, Verdict], Phrase] = {
    (Aspect.LIMIT, Verdict.WORSE): _LOWER,
    (Aspect.LIMIT, Verdict.BETTER): _HIGHER,
    (Aspect.INSURED_VALUE, Verdict.WORSE): _LOWER,
    (Aspect.INSURED_VALUE, Verdict.BETTER): _HIGHER,
    (Aspect.LIMIT_BASIS, Verdict.DIFFERENT): Phrase(
        "{things}が{theirs}ではなく{ours}となり", "has {things} of {ours} instead of {theirs}"
    ),
    (Aspect.FIRST_DEDUCTIBLE, Verdict.WORSE): _MORE_BORNE,
    (Aspect.FIRST_DEDUCTIBLE, Verdict.BETTER): _LESS_BORNE,
    (Aspect.LATER_DEDUCTIBLE, Verdict.WORSE): _MORE_BORNE,
    (Aspect.LATER_DEDUCTIBLE, Verdict.BETTER): _LESS_BORNE,
    (Aspect.CAR_TO_CAR, Verdict.WORSE): Phrase("{things}がなくなり", "drops {things}"),
    (Aspect.CAR_TO_CAR, Verdict.BETTER): Phrase("{things}が付き", "adds {things}"),
    (Aspect.VARIANT, Verdict.WORSE): _NARROWER,
    (Aspect.VARIANT, Verdict.BETTER): _WIDER,
    (Aspect.VARIANT, Verdict.DIFFERENT): _ANOTHER,
    (Aspect.DRIVERS, Verdict.WORSE): _NARROWER,
    (Aspect.DRIVERS, Verdict.BETTER): _WIDER,
    (Aspect.AGE, Verdict.WORSE): _NARROWER,
    (Aspect.AGE, Verdict.BETTER): _WIDER,
    (Aspect.USE, Verdict.WORSE): _NARROWER,
    (Aspect.USE, Verdict.BETTER): _WIDER,
}

# By whether the plan, and whether the reference, says anything. Where both do, it is in words that cannot be ordered.
_UNTOLD: Mapping[tuple[bool, bool], Phrase] = {
    (False, True): Phrase("{things}が示されて", "does not state {things}", "おらず", "いません", " or "),
    (True, False): Phrase(
        "{things}が比較の基準で示されて",
        "cannot be compared in {things}, of which the reference plan says nothing",
        "おらず",
        "いません",
    ),
    (False, False): Phrase(
        "{things}がどちらにも示されて",
        "cannot be compared in {things}, of which neither plan says anything",
        "おらず",
        "いません",
    ),
    (True, True): Phrase(
        "{things}を「{theirs}」と「{ours}」という言葉だけでは比較でき",
        "cannot be compared in {things} by the words “{ours}” and “{theirs}” alone",
        "ず",
        "ません",
    ),
}
_UNTOLD_PERILS: Mapping[tuple[bool, bool], Phrase] = {
    (False, True): Phrase(
        "{things}が補償されるかどうかが示されて",
        "does not state whether it covers {things}",
        "おらず",
        "いません",
        " or ",
    ),
    (True, False): Phrase(
        "{things}が補償されるかどうかが比較の基準で示されて",
        "cannot be compared in {things}, of which the reference plan says nothing",
        "おらず",
        "いません",
    ),
    (False, False): Phrase(
        "{things}が補償されるかどうかがどちらにも示されて",
        "cannot be compared in {things}, of which neither plan says anything",
        "おらず",
        "いません",
    ),
    (True, True): Phrase(
        "{things}は保険会社ごとに範囲が異なるため比較でき",
        "cannot be compared in {things}, which each insurer draws in its own way",
        "ず",
        "ません",
    ),
}

# What is compared, as a part of a sentence. A peril is called by its own name.
_NOUNS: Mapping[Aspect, Text] = {
    Aspect.PERILS: Text("補償される事故の種類", "the accidents that are covered"),
    Aspect.LIMIT: Text("限度額", "the limit"),
    Aspect.INSURED_VALUE: Text("協定保険価額（お車の保険金額）", "the agreed value of the car"),
    Aspect.LIMIT_BASIS: Text("限度額", "a limit"),
    Aspect.DEDUCTIBLE: Text("自己負担額（免責金額）", "the deductible"),
    Aspect.FIRST_DEDUCTIBLE: Text("1回目の事故の自己負担額", "the deductible of the first accident"),
    Aspect.LATER_DEDUCTIBLE: Text("2回目以降の事故の自己負担額", "the deductible of later accidents"),
    Aspect.CAR_TO_CAR: Text("車対車免ゼロ（車同士の事故の自己負担なし）", "the zero deductible between cars"),
    Aspect.VARIANT: Text("補償の型", "the type of cover"),
    Aspect.DRIVERS: Text("運転できる人の範囲", "who may drive"),
    Aspect.AGE: Text("運転者の年齢条件", "the age of the drivers"),
    Aspect.USE: Text("使用目的", "the use of the car"),
}

# What is lost is said first, and what cannot be told last.
_TOLD_IN_ORDER = (Verdict.WORSE, Verdict.DIFFERENT, Verdict.BETTER, Verdict.UNKNOWN)


def _sentence(findings: Iterable[Finding]) -> Text:
    said: dict[Phrase, list[Text]] = {}
    for finding in sorted(findings, key=lambda finding: _TOLD_IN_ORDER.index(finding.verdict)):
        # Findings of which the same is said are said together.
        said.setdefault(_filled(_phrase(finding), finding), []).append(_thing(finding))
    *before, last = [_clause(phrase, things) for phrase, things in said.items()]
    return _joined(before, last)


def _phrase(finding: Finding) -> Phrase:
    if finding.verdict is Verdict.UNKNOWN:
        untold = _UNTOLD_PERILS if finding.peril else _UNTOLD
        return untold[finding.ours is not None, finding.theirs is not None]
    if finding.peril:
        return _PERILS[finding.theirs, finding.ours]
    return _PHRASES[finding.aspect, finding.verdict]


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
    said = amounts.limit(msgspec.structs.replace(limit, per_person=False))
    if aspect is not Aspect.LIMIT_BASIS:
        return said
    whose = _PER_PERSON if limit.per_person else _PER_ACCIDENT
    return Text(f"{whose.ja}{said.ja}", f"{said.en} {whose.en}")


_PER_PERSON = Text("1名につき", "for each person")
_PER_ACCIDENT = Text("1事故につき", "for each accident")


def _thing(finding: Finding) -> Text:
    if finding.peril is None:
        return _NOUNS[finding.aspect]
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
