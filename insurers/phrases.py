"""The phrases in which a plan's covers and conditions are told against those of the reference plan."""

from collections.abc import Mapping

from msgspec import Struct

from insurers.coverage import Covered
from insurers.text import Text
from insurers.verdict import Aspect, Value, Verdict


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

# Of what both say, where nothing differs.
SAME = Phrase("{things}が比較の基準と同じで", "equals the reference plan in {things}", end="す")

# By what the reference says of a peril, and then what the plan says.
BY_PERIL: Mapping[tuple[Value | None, Value | None], Phrase] = {
    (Covered.YES, Covered.NO): Phrase("{things}が補償され", "does not cover {things}", "ず", "ません", ", nor "),
    (Covered.CONDITIONAL, Covered.NO): Phrase(
        "{things}が条件付きでも補償され", "does not cover {things}, even under conditions", "ず", "ません", ", nor "
    ),
    (Covered.YES, Covered.CONDITIONAL): Phrase("{things}の補償に条件が付き", "covers {things} only under conditions"),
    (Covered.CONDITIONAL, Covered.YES): Phrase("{things}が条件なしで補償され", "covers {things} without conditions"),
    (Covered.NO, Covered.YES): Phrase("{things}も補償され", "also covers {things}"),
    (Covered.NO, Covered.CONDITIONAL): Phrase("{things}も条件付きで補償され", "also covers {things} under conditions"),
}

BY_VERDICT: Mapping[tuple[Aspect, Verdict], Phrase] = {
    (Aspect.LIMIT, Verdict.WORSE): _LOWER,
    (Aspect.LIMIT, Verdict.BETTER): _HIGHER,
    (Aspect.INSURED_VALUE, Verdict.WORSE): _LOWER,
    (Aspect.INSURED_VALUE, Verdict.BETTER): _HIGHER,
    (Aspect.ABROAD, Verdict.WORSE): _LOWER,
    (Aspect.ABROAD, Verdict.BETTER): _HIGHER,
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
UNTOLD: Mapping[tuple[bool, bool], Phrase] = {
    (False, True): Phrase("{things}が示されて", "does not state {things}", "おらず", "いません", " or "),
    (True, False): Phrase(
        "{things}が比較の基準で示されて",
        "cannot be compared on {things}, of which the reference plan says nothing",
        "おらず",
        "いません",
    ),
    (False, False): Phrase(
        "{things}がどちらにも示されて",
        "cannot be compared on {things}, of which neither plan says anything",
        "おらず",
        "いません",
    ),
    (True, True): Phrase(
        "{things}を「{theirs}」と「{ours}」という言葉だけでは比較でき",
        "cannot be compared on {things} by the words “{ours}” and “{theirs}” alone",
        "ず",
        "ません",
    ),
}
PERIL_UNTOLD: Mapping[tuple[bool, bool], Phrase] = {
    (False, True): Phrase(
        "{things}が補償されるかどうかが示されて",
        "does not state whether it covers {things}",
        "おらず",
        "いません",
        " or ",
    ),
    (True, False): Phrase(
        "{things}が補償されるかどうかが比較の基準で示されて",
        "cannot be compared on {things}, of which the reference plan says nothing",
        "おらず",
        "いません",
    ),
    (False, False): Phrase(
        "{things}が補償されるかどうかがどちらにも示されて",
        "cannot be compared on {things}, of which neither plan says anything",
        "おらず",
        "いません",
    ),
    (True, True): Phrase(
        "{things}は保険会社ごとに範囲が異なるため比較でき",
        "cannot be compared on {things}, which each insurer draws in its own way",
        "ず",
        "ません",
    ),
}

# What is compared, as a part of a sentence. A peril is called by its own name.
NOUNS: Mapping[Aspect, Text] = {
    Aspect.PRESENCE: Text("この補償の有無", "whether it has this cover"),
    Aspect.PERILS: Text("補償される事故の種類", "the accidents that are covered"),
    Aspect.LIMIT: Text("限度額", "the limit"),
    Aspect.INSURED_VALUE: Text("協定保険価額（お車の保険金額）", "the agreed value of the car"),
    Aspect.LIMIT_BASIS: Text("限度額", "a limit"),
    Aspect.ABROAD: Text("国外の事故の限度額", "the limit abroad"),
    Aspect.DEDUCTIBLE: Text("自己負担額（免責金額）", "the deductible"),
    Aspect.FIRST_DEDUCTIBLE: Text("1回目の事故の自己負担額", "the deductible at the first accident"),
    Aspect.LATER_DEDUCTIBLE: Text("2回目以降の事故の自己負担額", "the deductible at later accidents"),
    Aspect.CAR_TO_CAR: Text("車対車免ゼロ（車同士の事故の自己負担なし）", "the zero deductible between cars"),
    Aspect.VARIANT: Text("補償の型", "the type of cover"),
    Aspect.DRIVERS: Text("運転できる人の範囲", "who may drive"),
    Aspect.AGE: Text("運転者の年齢条件", "the age of the drivers"),
    Aspect.USE: Text("使用目的", "the use of the car"),
}
