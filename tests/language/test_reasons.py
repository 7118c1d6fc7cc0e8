"""A reason says in one sentence what differs, in Japanese and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers import reason
from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril
from insurers.labels import label
from insurers.phrases import BY_VERDICT, NOUNS
from insurers.plan import Conditions
from insurers.scope import CONDITIONS as SCOPE
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Aspect, Verdict, compare
from tests.language.offered import (
    CONDITIONS,
    UNLIMITED,
    amount,
    borne,
    conditions,
    cover,
    lawyer,
    liability,
    lines,
    own_damage,
    perils,
    rider,
    unlimited,
    value,
)

ROLLED = perils(collision_with_object="yes", rollover="yes", theft="yes")
LIABILITY = Text("対物賠償", "Property damage liability")


@pytest.mark.parametrize(
    ("ours", "theirs", "japanese", "english"),
    [
        (
            own_damage(perils=perils(collision_with_object="no", rollover="no", theft="yes")),
            own_damage(perils=ROLLED),
            "電柱・ガードレールなど物への衝突と、転覆・墜落が補償されません。",
            "Does not cover collisions with objects, nor rollover.",
        ),
        (
            own_damage(perils=ROLLED),
            own_damage(perils=perils(collision_with_object="no", rollover="no", theft="no")),
            "電柱・ガードレールなど物への衝突、転覆・墜落、盗難も補償されます。",
            "Also covers collisions with objects, rollover and theft.",
        ),
        (
            own_damage(perils=perils(collision_with_object="conditional", rollover="no", theft="conditional")),
            own_damage(perils=perils(collision_with_object="yes", rollover="conditional", theft="no")),
            "転覆・墜落が条件付きでも補償されず、電柱・ガードレールなど物への衝突の補償に条件が付き、盗難も条件付きで補償されます。",
            (
                "Does not cover rollover, even under conditions; covers collisions with objects only under conditions;"
                " and also covers theft under conditions."
            ),
        ),
        (
            own_damage(limit=value(1_800_000), perils=perils(theft="yes")),
            own_damage(limit=value(2_000_000), perils=perils(theft="conditional")),
            "協定保険価額（お車の保険金額）が200万円から180万円に下がり、盗難が条件なしで補償されます。",
            "Lowers the agreed value of the car from ¥2,000,000 to ¥1,800,000, and covers theft without conditions.",
        ),
        (
            liability(limit=amount(50_000_000), deductible=borne(50_000, 100_000)),
            liability(),
            (
                "限度額が無制限から5,000万円に下がり、1回目の事故の自己負担額が0円から5万円に増え、"
                "2回目以降の事故の自己負担額が0円から10万円に増えます。"
            ),
            (
                "Lowers the limit from unlimited to ¥50,000,000; raises the deductible at the first accident from ¥0 to"
                " ¥50,000; and raises the deductible at later accidents from ¥0 to ¥100,000."
            ),
        ),
        (
            liability(limit=UNLIMITED),
            liability(limit=amount(100_000_000), deductible=borne(50_000, 50_000)),
            "限度額が1億円から無制限に上がり、1回目の事故の自己負担額と、2回目以降の事故の自己負担額が5万円から0円に減ります。",
            (
                "Raises the limit from ¥100,000,000 to unlimited, and lowers the deductible at the first accident and"
                " the deductible at later accidents from ¥50,000 to ¥0."
            ),
        ),
        (
            liability(limit=amount(50_000_000, per_person=True)),
            liability(limit=amount(100_000_000)),
            "限度額が1事故につき1億円ではなく1名につき5,000万円となります。",
            "Has a limit of ¥50,000,000 for each person instead of ¥100,000,000 for each accident.",
        ),
        (
            cover(CoverageKind.AUTO_RENEWAL_RIDER, included=False),
            cover(CoverageKind.AUTO_RENEWAL_RIDER, included=False, stated=False),
            "この補償の有無が比較の基準で示されていません。",
            "Cannot be compared on whether it has this cover, of which the reference plan says nothing.",
        ),
        (
            liability(limit=amount(5_000, per_day=True)),
            liability(limit=amount(100_000)),
            "限度額が1事故につき10万円ではなく1日につき5,000円となります。",
            "Has a limit of ¥5,000 for each day instead of ¥100,000 for each accident.",
        ),
        (
            liability(limit=unlimited(abroad=100_000_000)),
            liability(limit=unlimited(abroad=None)),
            "国外の事故の限度額が比較の基準で示されていません。",
            "Cannot be compared on the limit abroad, of which the reference plan says nothing.",
        ),
        (
            liability(limit=unlimited(abroad=50_000_000)),
            liability(limit=unlimited(abroad=100_000_000)),
            "国外の事故の限度額が1億円から5,000万円に下がります。",
            "Lowers the limit abroad from ¥100,000,000 to ¥50,000,000.",
        ),
        (
            liability(deductible=borne(50_000, 50_000)),
            liability(deductible=borne(50_000, 50_000, car_to_car_zero=True)),
            "車対車免ゼロ（車同士の事故の自己負担なし）がなくなります。",
            "Drops the zero deductible between cars.",
        ),
        (
            lawyer(CoverageVariant.IN_CAR_ONLY),
            lawyer(CoverageVariant.ALSO_OUTSIDE),
            "補償の型が「車内・車外」から「車内のみ」に狭まります。",
            "Narrows the type of cover from “In the car and outside” to “In the car only”.",
        ),
        (
            lawyer(CoverageVariant.PERSONAL_INJURY_TYPE),
            lawyer(CoverageVariant.OWN_ACCIDENT_TYPE),
            "補償の型が「自損傷害型」ではなく「人身傷害型」となります。",
            "Has “Personal injury type” instead of “Own accident type” as the type of cover.",
        ),
        # What was not stated is said, and by whom.
        (
            liability(limit=None, deductible=None),
            liability(),
            "限度額と、自己負担額（免責金額）が示されていません。",
            "Does not state the limit or the deductible.",
        ),
        (
            own_damage(perils=perils(fire="yes")),
            own_damage(perils=perils(fire="yes", theft="yes", rollover="yes")),
            "転覆・墜落と、盗難が補償されるかどうかが示されていません。",
            "Does not state whether it covers rollover or theft.",
        ),
        (
            own_damage(perils=perils(fire="yes", collision_unidentified="no")),
            own_damage(perils=perils(fire="yes")),
            "相手の分からない当て逃げが補償されるかどうかが比較の基準で示されていません。",
            "Cannot be compared on hit-and-run by an unknown car, of which the reference plan says nothing.",
        ),
        (
            own_damage(perils=()),
            own_damage(perils=()),
            "補償される事故の種類がどちらにも示されていません。",
            "Cannot be compared on the accidents that are covered, of which neither plan says anything.",
        ),
        (
            own_damage(perils=perils(other="yes")),
            own_damage(perils=perils(other="yes")),
            "その他の事故は保険会社ごとに範囲が異なるため比較できません。",
            "Cannot be compared on other accidents, which each insurer draws in its own way.",
        ),
        (
            lawyer(CoverageVariant.UNKNOWN, "新型"),
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故型"),
            "補償の型を「自動車事故型」と「新型」という言葉だけでは比較できません。",
            "Cannot be compared on the type of cover by the words “新型” and “自動車事故型” alone.",
        ),
        # What is the same is said of what both tell, so that nothing else is promised.
        (
            liability(),
            liability(),
            "限度額と、自己負担額（免責金額）が比較の基準と同じです。",
            "Equals the reference plan in the limit and the deductible.",
        ),
        (
            own_damage(insurer_variant="一般条件"),
            own_damage(insurer_variant="一般補償"),
            "補償される事故の種類、限度額、自己負担額（免責金額）が比較の基準と同じです。",
            "Equals the reference plan in the accidents that are covered, the limit and the deductible.",
        ),
        (
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故型"),
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故限定型"),
            "限度額、自己負担額（免責金額）、補償の型が比較の基準と同じです。",
            "Equals the reference plan in the limit, the deductible and the type of cover.",
        ),
        (
            liability(included=False),
            None,
            "このプランにも比較の基準にもない補償です。",
            "Neither this plan nor the reference plan has this cover.",
        ),
        (
            liability(included=False),
            liability(),
            "比較の基準にある「対物賠償」が、このプランには付いていません。",
            "“Property damage liability” is in the reference plan, and not in this one.",
        ),
        (
            None,
            rider("対物賠償"),
            "比較の基準にある「対物賠償」に当たる補償が、このプランにはありません。",
            "“Property damage liability” is in the reference plan, and has no counterpart in this one.",
        ),
        (
            liability(),
            None,
            "比較の基準には当たる補償のない「対物賠償」が付いています。",
            "“Property damage liability” is in this plan, and has no counterpart in the reference plan.",
        ),
        (
            liability(),
            liability(included=False),
            "比較の基準には付いていない「対物賠償」が付いています。",
            "“Property damage liability” is in this plan, and not in the reference plan.",
        ),
    ],
)
def test_a_reason_says_what_differs_from_what_to_what(
    ours: Coverage | None, theirs: Coverage | None, japanese: str, english: str
) -> None:
    judgement = compare(ours, theirs, same_insurer=False)

    assert Text(japanese, english) == reason.of_cover(judgement, LIABILITY, ours, theirs)


@given(lines(2), st.booleans())
def test_a_reason_is_one_sentence_and_names_every_peril_that_is_lost(
    pair: list[Coverage | None], same_insurer: bool
) -> None:
    ours, theirs = pair
    judgement = compare(ours, theirs, same_insurer=same_insurer)

    said = reason.of_cover(judgement, LIABILITY, ours, theirs)

    _assert_one_sentence(said)
    for finding in judgement.findings:
        if finding.peril and finding.verdict is Verdict.WORSE:
            assert label(finding.peril).ja in said.ja
            assert label(finding.peril).en.lower() in said.en.lower()


def test_every_way_in_which_a_peril_may_stand_has_its_words() -> None:
    for ours in Covered:
        for theirs in Covered:
            for peril in Peril:
                one, other = own_damage(perils=perils(**{peril: ours})), own_damage(perils=perils(**{peril: theirs}))
                judgement = compare(one, other, same_insurer=False)
                said = reason.of_cover(judgement, LIABILITY, one, other)

                _assert_one_sentence(said)
                assert (label(peril).ja in said.ja) is (judgement.verdict is not Verdict.EQUAL)


FAMILY = conditions(DriverLimitation.FAMILY, AgeCondition.AGE_30_PLUS, UsePurpose.COMMUTE_SCHOOL)


@pytest.mark.parametrize(
    ("ours", "japanese", "english"),
    [
        (
            conditions(DriverLimitation.SELF_ONLY, AgeCondition.AGE_35_PLUS, UsePurpose.DAILY_LEISURE),
            [
                "運転できる人の範囲が「家族限定」から「本人限定」に狭まります。",
                "運転者の年齢条件が「30歳以上」から「35歳以上」に狭まります。",
                "使用目的が「通勤・通学」から「日常・レジャー」に狭まります。",
            ],
            [
                "Narrows who may drive from “Family only” to “Named insured only”.",
                "Narrows the age of the drivers from “30 and over” to “35 and over”.",
                "Narrows the use of the car from “Commuting to work or school” to “Daily life and leisure”.",
            ],
        ),
        (
            None,
            [
                "運転できる人の範囲が示されていません。",
                "運転者の年齢条件が示されていません。",
                "使用目的が示されていません。",
            ],
            [
                "Does not state who may drive.",
                "Does not state the age of the drivers.",
                "Does not state the use of the car.",
            ],
        ),
        (
            FAMILY,
            ["比較の基準と同じ条件です。"] * 3,
            ["The same condition as in the reference plan."] * 3,
        ),
    ],
)
def test_who_may_drive_is_told_from_what_to_what(
    ours: Conditions | None, japanese: list[str], english: list[str]
) -> None:
    said = [reason.of_condition(condition.compare(ours, FAMILY, same_insurer=False)) for condition in SCOPE]

    assert japanese == [text.ja for text in said]
    assert english == [text.en for text in said]


@given(CONDITIONS, CONDITIONS, st.booleans())
def test_every_condition_has_a_reason(ours: Conditions | None, theirs: Conditions | None, same_insurer: bool) -> None:
    for condition in SCOPE:
        _assert_one_sentence(reason.of_condition(condition.compare(ours, theirs, same_insurer=same_insurer)))


def _assert_one_sentence(said: Text) -> None:
    assert 1 == said.ja.count("。") == said.ja.endswith("。")
    assert said.en.endswith(".")
    assert not said.en[0].islower()
    assert "{" not in said.ja + said.en
    assert "「」" not in said.ja


def test_every_aspect_has_a_noun_and_every_order_of_it_a_phrase() -> None:
    unordered = {Aspect.PRESENCE, Aspect.PERILS, Aspect.DEDUCTIBLE, Aspect.LIMIT_BASIS}

    assert set(Aspect) - {Aspect.PERIL} == NOUNS.keys()
    assert {
        (aspect, verdict) for aspect in NOUNS.keys() - unordered for verdict in (Verdict.WORSE, Verdict.BETTER)
    } == (BY_VERDICT.keys() - {(Aspect.LIMIT_BASIS, Verdict.DIFFERENT), (Aspect.VARIANT, Verdict.DIFFERENT)})
