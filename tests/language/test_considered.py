"""What the customer wants filters and orders plans, by rules that are stated; who offers them never does (P-11)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.comparison import CURRENT, ComparedPolicy, Inquiry, InquiryState, Offer
from insurers.considered import Considered, considered
from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.fit import Fit
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef
from insurers.intention import Intention, MustHave, Priority
from insurers.measured import Measured
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, PlanVideo, Premium, PremiumNature
from insurers.quotation import STANDS
from insurers.ranking import RULES, ranked, rules
from insurers.risk import Risk
from insurers.verdict import Aspect, Verdict, compare

replace = msgspec.structs.replace

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
YEAR = timedelta(days=365)
POLICY = PolicyRef(InsurerCode("paper"), PolicyNumber("A1"))
UNLIMITED = Limit(kind=LimitKind.UNLIMITED)
K, V, P, Y = CoverageKind, CoverageVariant, Priority, Covered


def amount(yen: int, *, per_person: bool = False) -> Limit:
    return Limit(kind=LimitKind.AMOUNT, amount=Yen(yen), per_person=per_person)


def cover(kind: CoverageKind, limit: Limit | None = None, **words: object) -> Coverage:
    return replace(Coverage(kind=kind, insurer_label=kind.value, included=True, limit=limit), **words)


def own_damage(*perils: Peril, first: int = 50_000, second: int = 100_000, **told: Covered) -> Coverage:
    said = dict.fromkeys(perils, Covered.YES) | {Peril(peril): covered for peril, covered in told.items()}
    return told_by(said, first, second)


def only(*perils: Peril) -> Coverage:
    """Answer own-damage cover for these, and for nothing else."""
    return told_by({peril: Y.YES if peril in perils else Y.NO for peril in Peril})


def told_by(said: Mapping[Peril, Covered], first: int = 50_000, second: int = 100_000) -> Coverage:
    return cover(
        K.OWN_DAMAGE,
        deductible=Deductible(first=Yen(first), second=Yen(second)),
        perils=tuple(PerilCover(peril=peril, covered=covered) for peril, covered in said.items()),
    )


def plan(name: str, yen: int, *covers: Coverage, insurer: str = "paper", **words: object) -> Plan:
    made = Plan(
        insurer=InsurerCode(insurer),
        code=PlanCode(name),
        name=name,
        position=1,
        premium=Premium(nature=PremiumNature.INDICATION, total=Yen(yen), payment=PaymentMethod.CREDIT_CARD),
        coverages=covers,
        quoted_at=NOW,
    )
    return replace(made, **words)


def offer(of: Plan, policy: PolicyRef = POLICY) -> Offer:
    inquiry = Inquiry(
        id=f"{of.insurer}:{policy.number}",
        comparison="C",
        customer="who",
        policy=policy,
        insurer=of.insurer,
        position=0,
        state=InquiryState.ANSWERED,
        version=1,
        created_at=NOW,
        updated_at=NOW,
        plans=(of,),
    )
    return Offer(inquiry=inquiry, plan=of)


def compared(current: Plan, ref: PolicyRef = POLICY) -> ComparedPolicy:
    return ComparedPolicy(ref=ref, maturity=NOW + YEAR, risk=Risk(), current=current)


def wanting(*priorities: Priority, budget: int | None = None, must: Sequence[MustHave] = ()) -> Intention:
    return Intention(
        must_have=tuple(must),
        budget=Yen(budget) if budget else None,
        priorities=priorities,
        recorded_at=NOW,
    )


CURRENT_COVER = plan(CURRENT, 60_000)


def seen(
    intention: Intention, *plans: Plan, current: Plan = CURRENT_COVER, at: datetime = NOW
) -> tuple[Considered, ...]:
    return considered([offer(each) for each in plans], [compared(current)], intention, at)


def order(intention: Intention, *plans: Plan, current: Plan = CURRENT_COVER) -> list[tuple[str, int | None]]:
    return [(each.offer.plan.name, each.position) for each in seen(intention, *plans, current=current)]


def reasons(found: Sequence[Considered], name: str) -> str:
    return "".join(reason.ja for each in found if each.offer.plan.name == name for reason in each.reasons)


FULL = own_damage(*Peril)
LIMITED = only(Peril.COLLISION_WITH_CAR, Peril.FIRE, Peril.THEFT)
OTHERWISE = only(Peril.COLLISION_WITH_CAR, Peril.ROLLOVER)


@pytest.mark.parametrize(
    ("priorities", "plans", "expected", "why"),
    [
        (
            [P.LOW_PREMIUM],
            [plan("dear", 60_000), plan("cheap", 56_800)],
            [("cheap", 1), ("dear", 2)],
            "保険料が3,200円安いため",
        ),
        (
            [P.OWN_DAMAGE, P.LOW_PREMIUM],
            [plan("limited", 40_000, LIMITED), plan("full", 60_000, FULL), plan("none", 1)],
            [("full", 1), ("limited", 2), ("none", 3)],
            ("車両保険の対象が広いため（相手の分からない当て逃げ、電柱・ガードレールなど物への衝突、転覆・墜落、台風・洪水、"
            "落書き・いたずら、飛来物・落下物との衝突）"),
        ),
        (
            [P.OWN_DAMAGE],
            [plan("more to bear", 1, FULL), plan("less", 9, own_damage(*Peril, first=0, second=100_000))],
            [("less", 1), ("more to bear", 2)],
            "車両保険の自己負担が少ないため（1回目0円、2回目以降10万円、次は1回目5万円、2回目以降10万円）",
        ),
        (
            [P.LIABILITY],
            [
                plan("a sum", 1, cover(K.PROPERTY_DAMAGE_LIABILITY, amount(100_000_000))),
                plan("all", 9, cover(K.PROPERTY_DAMAGE_LIABILITY, UNLIMITED)),
            ],
            [("all", 1), ("a sum", 2)],
            "相手への賠償の補償額が大きいため（対物賠償は無制限、次は1億円）",
        ),
        (
            [P.PERSONAL_INJURY],
            [
                plan("in the car", 1, cover(K.PERSONAL_INJURY, UNLIMITED, variant=V.IN_CAR_ONLY)),
                plan("outside", 9, cover(K.PERSONAL_INJURY, UNLIMITED, variant=V.ALSO_OUTSIDE)),
            ],
            [("outside", 1), ("in the car", 2)],
            "人身傷害が車の外の事故も対象とするため",
        ),
    ],
    ids=["premium", "perils", "deductible", "liability", "personal injury"],
)  # fmt: skip
def test_each_thing_that_matters_orders_by_what_it_states(
    priorities: list[Priority], plans: list[Plan], expected: list[tuple[str, int | None]], why: str
) -> None:
    found = seen(wanting(*priorities), *plans)

    assert expected == [(each.offer.plan.name, each.position) for each in found]
    assert f"次の順位のプランより前にあるのは、{why}です。" in reasons(found, expected[0][0])
    assert "次の順位" not in reasons(found, expected[-1][0])


def test_keeping_the_present_cover_orders_by_how_many_are_lost_narrowed_or_untold() -> None:
    current = plan(CURRENT, 60_000, cover(K.PROPERTY_DAMAGE_LIABILITY, UNLIMITED), cover(K.FAMILY_BIKE))

    found = seen(
        wanting(P.KEEP_CURRENT_COVER), plan("less", 1), plan("kept", 99_000, *current.coverages), current=current
    )

    assert [("kept", 1), ("less", 2)] == [(each.offer.plan.name, each.position) for each in found]
    assert "確認できない補償が2件少ないため" in reasons(found, "kept")


def test_what_is_wanted_first_counts_before_what_is_wanted_next() -> None:
    cheap, full = plan("cheap", 40_000, LIMITED), plan("full", 60_000, FULL)

    assert [("cheap", 1), ("full", 2)] == order(wanting(P.LOW_PREMIUM, P.OWN_DAMAGE), full, cheap)
    assert [("full", 1), ("cheap", 2)] == order(wanting(P.OWN_DAMAGE, P.LOW_PREMIUM), full, cheap)


def test_covers_that_cannot_be_ordered_order_nothing() -> None:
    """Between two that nobody can order, the next thing decides; here that is the premium."""
    one, other = plan("one", 50_000, LIMITED), plan("other", 49_000, OTHERWISE)

    assert [("other", 1), ("one", 2)] == order(wanting(P.OWN_DAMAGE), one, other)
    assert [("one", 1), ("other", 1)] == order(wanting(P.OWN_DAMAGE), one, replace(other, premium=one.premium))


UNTOLD = own_damage(*(peril for peril in Peril if peril is not Peril.COLLISION_UNIDENTIFIED))
EXCEPT = own_damage(*Peril, collision_unidentified=Y.NO)


@pytest.mark.parametrize(
    ("priority", "told", "untold", "what"),
    [
        (P.OWN_DAMAGE, FULL, UNTOLD, "相手の分からない当て逃げ"),
        (P.OWN_DAMAGE, FULL, own_damage(*Peril, collision_unidentified=Y.UNKNOWN), "相手の分からない当て逃げ"),
        (P.OWN_DAMAGE, EXCEPT, UNTOLD, "相手の分からない当て逃げ"),
        (P.OWN_DAMAGE, FULL, replace(FULL, deductible=None), "自己負担額"),
        (
            P.LIABILITY,
            cover(K.PROPERTY_DAMAGE_LIABILITY, amount(100_000_000)),
            cover(K.PROPERTY_DAMAGE_LIABILITY),
            "対物賠償の補償額",
        ),
        (
            P.PERSONAL_INJURY,
            cover(K.PERSONAL_INJURY, UNLIMITED, variant=V.ALSO_OUTSIDE),
            cover(K.PERSONAL_INJURY, UNLIMITED, variant=V.UNKNOWN),
            "車の外の事故を対象とするか",
        ),
    ],
    ids=["missing peril", "unknown peril", "either way", "deductible", "limit", "type"],
)
def test_what_is_not_told_puts_nobody_behind_and_is_named(
    priority: Priority, told: Coverage, untold: Coverage, what: str
) -> None:
    silent, loud = plan("silent", 50_000, untold, insurer="slate"), plan("loud", 50_000, told)
    found = seen(wanting(priority), silent, loud)

    assert [1, 1] == [each.position for each in found]
    for name in ("silent", "loud"):
        assert f"示されていない項目があるためです（{what}）。" in reasons(found, name)
    assert [("silent", 1), ("loud", 2)] == order(
        wanting(priority), replace(silent, premium=plan("", 49_999).premium), loud
    )


def test_what_is_told_orders_beside_what_is_not_where_nothing_could_turn_it() -> None:
    """What covers a hit-and-run is no worse there than what does not tell, and better in what both tell."""
    limited = own_damage(Peril.FIRE, rollover=Y.NO, collision_with_object=Y.NO)
    found = seen(wanting(P.OWN_DAMAGE), plan("silent", 1, limited, insurer="slate"), plan("full", 9, FULL))

    assert [("full", 1), ("silent", 2)] == [(each.offer.plan.name, each.position) for each in found]
    assert "対象が広いため（電柱・ガードレールなど物への衝突、転覆・墜落）" in reasons(found, "full")
    assert "示されていない" not in reasons(found, "full")


def test_when_a_plan_was_quoted_puts_it_nowhere() -> None:
    later = replace(plan("later", 9), quoted_at=NOW + timedelta(seconds=1))

    assert [("later", 1), ("earlier", 1)] == order(wanting(), later, plan("earlier", 9))


def test_equals_share_a_position_and_say_so() -> None:
    found = seen(wanting(P.LOW_PREMIUM), plan("one", 5), plan("other", 5, insurer="slate"), plan("last", 6))

    assert [1, 1, 3] == [each.position for each in found]
    assert "優劣を付けられません" in reasons(found, "other")


@pytest.mark.parametrize(
    ("must", "had", "fit", "why"),
    [
        (MustHave(kind=K.FAMILY_BIKE), None, Fit.FAILS, "「ファミリーバイク」がありません。"),
        (
            MustHave(kind=K.FAMILY_BIKE),
            cover(K.FAMILY_BIKE, Limit(kind=LimitKind.NOT_COVERED)),
            Fit.FAILS,
            "ありません",
        ),
        (
            MustHave(kind=K.AUTO_RENEWAL_RIDER),
            cover(K.AUTO_RENEWAL_RIDER, included=False, stated=False),
            Fit.UNCERTAIN,
            "「自動更新の特約」があるかどうか確認できません。",
        ),
        (MustHave(kind=K.OTHER), cover(K.OTHER), Fit.UNCERTAIN, "ご希望のものかどうか確認できません。"),
        (MustHave(kind=K.FAMILY_BIKE), cover(K.FAMILY_BIKE), Fit.MEETS, "必要な補償がすべて含まれています。"),
        (
            MustHave(kind=K.PERSONAL_LIABILITY, unlimited=True),
            cover(K.PERSONAL_LIABILITY, amount(100_000_000)),
            Fit.FAILS,
            "「個人賠償」は1億円で、ご希望の無制限に足りません。",
        ),
        (
            MustHave(kind=K.PERSONAL_LIABILITY, unlimited=True),
            cover(K.PERSONAL_LIABILITY),
            Fit.UNCERTAIN,
            "「個人賠償」の補償額（ご希望は無制限）が確認できません。",
        ),
        (MustHave(kind=K.PERSONAL_INJURY, at_least=Yen(5)), cover(K.PERSONAL_INJURY, UNLIMITED), Fit.MEETS, "必要な"),
        (MustHave(kind=K.PERSONAL_INJURY, at_least=Yen(5)), cover(K.PERSONAL_INJURY, amount(5)), Fit.MEETS, "必要な"),
        (MustHave(kind=K.PERSONAL_INJURY, at_least=Yen(5)), cover(K.PERSONAL_INJURY, amount(4)), Fit.FAILS, "5円以上"),
        (
            MustHave(kind=K.LAWYER_COST, variant=V.MOTOR_ONLY),
            cover(K.LAWYER_COST, variant=V.MOTOR_AND_DAILY),
            Fit.MEETS,
            "必要な",
        ),
        (
            MustHave(kind=K.LAWYER_COST, variant=V.MOTOR_AND_DAILY),
            cover(K.LAWYER_COST, variant=V.MOTOR_ONLY),
            Fit.FAILS,
            "ご希望の「自動車・日常生活の事故」ではありません。",
        ),
        (
            MustHave(kind=K.LAWYER_COST, variant=V.MOTOR_AND_DAILY),
            cover(K.LAWYER_COST, variant=V.UNKNOWN),
            Fit.UNCERTAIN,
            "かどうか確認できません。",
        ),
        (MustHave(kind=K.OWN_DAMAGE, perils=(Peril.FIRE,)), LIMITED, Fit.MEETS, "必要な"),
        (MustHave(kind=K.OWN_DAMAGE, perils=(Peril.FIRE,)), own_damage(fire=Y.NO), Fit.FAILS, "「火災」を対象としてい"),
        (MustHave(kind=K.OWN_DAMAGE, perils=(Peril.FIRE,)), own_damage(fire=Y.CONDITIONAL), Fit.UNCERTAIN, "条件付き"),
        (MustHave(kind=K.OWN_DAMAGE, perils=(Peril.FIRE,)), own_damage(), Fit.UNCERTAIN, "対象とするか確認できません"),
        (MustHave(kind=K.OWN_DAMAGE, variant=V.FULL), FULL, Fit.MEETS, "必要な"),
        (MustHave(kind=K.OWN_DAMAGE, variant=V.FULL), own_damage(*Peril, rollover=Y.NO), Fit.FAILS, "「転覆・墜落」"),
        (MustHave(kind=K.OWN_DAMAGE, variant=V.LIMITED), OTHERWISE, Fit.MEETS, "必要な"),
    ],
)
def test_what_a_plan_must_have_is_had_or_not_or_not_known(
    must: MustHave, had: Coverage | None, fit: Fit, why: str
) -> None:
    [found] = seen(wanting(must=[must]), plan("it", 5, *([had] if had else [])))

    assert fit is found.fit
    assert (fit is Fit.FAILS) is (found.position is None)
    assert why in reasons([found], "it")


def test_what_is_over_the_budget_is_out_and_says_by_how_much() -> None:
    found = seen(wanting(budget=50_000), plan("over", 53_200), plan("within", 50_000))

    assert [("within", 1, Fit.MEETS), ("over", None, Fit.FAILS)] == [
        (each.offer.plan.name, each.position, each.fit) for each in found
    ]
    assert "目安の保険料では、ご予算を3,200円超えます。" == reasons(found, "over")
    assert "目安の保険料では、ご予算内です。" == reasons(found, "within")


@pytest.mark.parametrize(("yen", "said"), [(50_000, "ご予算内です。"), (53_200, "ご予算を3,200円超えます。")])
def test_what_will_be_charged_is_not_called_an_indication(yen: int, said: str) -> None:
    firm = plan("firm", yen)
    firm = replace(firm, premium=replace(firm.premium, nature=PremiumNature.BINDABLE))

    assert said == reasons(seen(wanting(budget=50_000), firm), "firm")


RUN_OUT = "この見積もりは有効期限が切れています。"


def test_a_quote_that_has_run_out_stands_behind_every_one_that_stands_and_says_so() -> None:
    must = MustHave(kind=K.PERSONAL_LIABILITY, unlimited=True)
    said, untold = cover(K.PERSONAL_LIABILITY, UNLIMITED), cover(K.PERSONAL_LIABILITY)
    plans = [
        replace(plan("cheapest", 1, said), valid_until=NOW),
        plan("dear", 9, said),
        plan("perhaps", 5, untold),
        replace(plan("of yesterday", 2, untold), quoted_at=NOW - STANDS),
        replace(plan("lacking", 3), valid_until=NOW),
    ]
    found = seen(wanting(P.LOW_PREMIUM, must=[must]), *plans)

    assert [("dear", 1), ("perhaps", 2), ("cheapest", 3), ("of yesterday", 4), ("lacking", None)] == [
        (each.offer.plan.name, each.position) for each in found
    ]
    assert {"cheapest", "of yesterday", "lacking"} == {
        each.offer.plan.name for each in found if RUN_OUT in reasons([each], each.offer.plan.name)
    }
    assert "まだ有効で、次のものは有効期限が切れているため" in reasons(found, "perhaps")
    assert "確認できているため" in reasons(found, "dear")


def test_what_is_not_known_to_be_wanted_stands_behind_what_is() -> None:
    must = MustHave(kind=K.PERSONAL_LIABILITY, unlimited=True)
    found = seen(
        wanting(P.LOW_PREMIUM, must=[must]),
        plan("untold", 1, cover(K.PERSONAL_LIABILITY)),
        plan("told", 9, cover(K.PERSONAL_LIABILITY, UNLIMITED)),
    )

    assert [("told", 1), ("untold", 2)] == [(each.offer.plan.name, each.position) for each in found]
    assert "確認できているため" in reasons(found, "told")


def test_the_plans_of_two_cars_are_not_ordered_among_each_other() -> None:
    second = PolicyRef(POLICY.insurer, PolicyNumber("A2"))
    offers = [offer(plan("dear", 9)), offer(plan("cheap", 1), second), offer(plan("cheaper", 5))]

    both = [compared(CURRENT_COVER), compared(CURRENT_COVER, second)]
    found = considered(offers, both, wanting(P.LOW_PREMIUM), NOW)

    assert [("cheaper", 1), ("dear", 2), ("cheap", 1)] == [(each.offer.plan.name, each.position) for each in found]


LIMITS = st.none() | st.sampled_from([UNLIMITED, amount(1), amount(2), amount(1, per_person=True)])
PERILS = st.dictionaries(st.sampled_from([Peril.FIRE, Peril.THEFT]), st.sampled_from(Covered))
COVERS = st.lists(
    st.one_of(
        st.builds(cover, st.sampled_from([K.PROPERTY_DAMAGE_LIABILITY, K.PERSONAL_INJURY, K.FAMILY_BIKE]), LIMITS),
        st.builds(lambda perils, first: own_damage(first=first, **perils), PERILS, st.integers(0, 2)),
    ),
    max_size=3,
    unique_by=lambda cover: cover.kind,
).map(tuple)
PLANS = st.lists(
    st.builds(
        lambda yen, covers, until: plan("one", yen, *covers, valid_until=until),
        st.integers(1, 3),
        COVERS,
        st.sampled_from([None, NOW, NOW + YEAR]),
    ),
    min_size=1,
    max_size=5,
)
INTENTIONS = st.builds(
    lambda priorities, budget, must: wanting(*priorities, budget=budget, must=must),
    st.lists(st.sampled_from(Priority), unique=True),
    st.none() | st.integers(1, 3),
    st.sampled_from([(), (MustHave(kind=K.PROPERTY_DAMAGE_LIABILITY, at_least=Yen(2)),)]),
)


def disguised(of: Plan, number: int, insurer: str, recommended: bool) -> Plan:
    """Answer the same plan under another flag, in everything that is not among what may be looked at."""
    return replace(
        of,
        insurer=InsurerCode(insurer),
        code=PlanCode(f"{insurer}-{number}"),
        name=f"{insurer}のおすすめ{number}",
        position=number,
        recommended=recommended,
        same_as_current=recommended,
        video=PlanVideo(url=f"https://{insurer}.example/{number}"),
        premium=replace(of.premium, payment=PaymentMethod.ACCOUNT_TRANSFER),
    )


@given(plans=PLANS, intention=INTENTIONS, current=COVERS, flags=st.lists(st.booleans(), min_size=5, max_size=5))
def test_who_offers_a_plan_and_how_it_is_praised_changes_nothing(
    plans: list[Plan], intention: Intention, current: tuple[Coverage, ...], flags: list[bool]
) -> None:
    """Both worlds are the same to the customer: in one all of it is one insurer's, in the other another's."""
    here, there = plan(CURRENT, 3, *current), plan(CURRENT, 3, *current, insurer="zebra")
    others = [disguised(each, at, "zebra", flags[at]) for at, each in enumerate(plans)]

    plain = seen(intention, *plans, current=here)
    masked = seen(intention, *others, current=there)

    assert [(each.fit, each.position, each.reasons, each.measured) for each in plain] == [
        (each.fit, each.position, each.reasons, each.measured) for each in masked
    ]


@given(plans=PLANS, intention=INTENTIONS, insurers=st.lists(st.sampled_from("abz"), min_size=5, max_size=5))
def test_plans_that_are_alike_in_what_may_be_looked_at_stand_at_one_position(
    plans: list[Plan], intention: Intention, insurers: list[str]
) -> None:
    twins = [disguised(each, at, insurers[at], at % 2 == 0) for at, each in enumerate(plans)]

    found = seen(intention, *plans, *twins)

    for one, other in product(found, found):
        if one.measured == other.measured:
            assert (one.position, one.fit, one.reasons) == (other.position, other.fit, other.reasons)


def test_only_these_things_of_a_plan_are_looked_at() -> None:
    assert ("premium", "nature", "stands", "covers", "reduced", "unstated") == Measured.__struct_fields__


@given(plans=PLANS, intention=INTENTIONS, data=st.data())
def test_in_which_order_plans_come_changes_nothing(
    plans: list[Plan], intention: Intention, data: st.DataObject
) -> None:
    named = [replace(each, name=str(at)) for at, each in enumerate(plans)]

    def told(found: Sequence[Considered]) -> set[tuple[str, int | None]]:
        return {(each.offer.plan.name, each.position) for each in found}

    assert told(seen(intention, *named)) == told(seen(intention, *data.draw(st.permutations(named))))


@given(plans=PLANS, priorities=st.lists(st.sampled_from(Priority), unique=True))
def test_who_stands_before_another_is_better_in_what_put_it_there(
    plans: list[Plan], priorities: list[Priority]
) -> None:
    measured = [Measured.of(each, compared(CURRENT_COVER), NOW) for each in plans]

    places = ranked(measured, rules(priorities))

    assert sorted(range(len(plans))) == sorted(at for place in places for at in place.plans)
    for place, behind in pairwise(places):
        assert place.rule is not None
        for one, other in product(place.plans, behind.plans):
            pairs = list(zip(place.rule.row(measured[one]), place.rule.row(measured[other]), strict=True))
            assert any(ours.least > theirs.most for ours, theirs in pairs)
            assert all(ours.reaches(theirs) for ours, theirs in pairs)
            assert "ため" in place.rule.why(measured[one], measured[other]).ja


@given(plans=PLANS)
def test_what_stands_before_another_for_its_own_damage_is_what_the_matrix_says_too(plans: list[Plan]) -> None:
    """Who stands behind is worse line by line, and is not put there for what it does not tell."""
    measured = [Measured.of(each, compared(CURRENT_COVER), NOW) for each in plans]

    for place, behind in pairwise(ranked(measured, RULES[P.OWN_DAMAGE][:1])):
        for one, other in product(place.plans, behind.plans):
            ours, theirs = (_own_damage(plans[at]) for at in (one, other))
            found = compare(theirs, ours, same_insurer=False)
            said = {each.verdict for each in found.findings if each.aspect is Aspect.PERIL}
            assert found.verdict is Verdict.LOST or (Verdict.WORSE in said and Verdict.BETTER not in said)


def _own_damage(of: Plan) -> Coverage | None:
    return next((cover for cover in of.coverages if cover.kind is K.OWN_DAMAGE), None)


@given(plans=PLANS, intention=INTENTIONS)
def test_every_plan_is_kept_and_those_that_are_out_say_why(plans: list[Plan], intention: Intention) -> None:
    found = seen(intention, *plans)

    assert len(plans) == len(found)
    assert all(each.reasons for each in found if each.fit is not Fit.MEETS)
    positions = [each.position for each in found if each.position is not None]
    assert positions == sorted(positions)
    assert [] == positions or 1 == positions[0]
