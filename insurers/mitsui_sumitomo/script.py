"""What a renewal asks, in the insurer's order (MS-REN-03…14)."""

from collections.abc import Mapping

from insurers.answers import YES, Value
from insurers.mitsui_sumitomo import facts, final_review, matters
from insurers.mitsui_sumitomo.wire import eg1
from insurers.policy import RenewabilityCode
from insurers.script import (
    Binds,
    Confirmation,
    Field,
    InputKind,
    Option,
    PlanChoice,
    Referral,
    Script,
    Step,
    StepKind,
)
from insurers.text import Text

REALITY, AS_SHOWN, DIFFERS = "conditions_in_reality", "as_shown", "differs"
CONDITIONS = "conditions"
PLAN = "plan"
APPLICATION = "application"

# The consent text comes only with the last screen (WIRE.md §6.12), and the review is bound to it;
# these are the words of the button below it.
BUTTON = "上記について内容を同意のうえ申し込む"


def script(conditions: eg1.KyotsuJoken, asked: eg1.JuyoJiko) -> Script:
    """
    Answer the whole renewal, in the insurer's order.

    Raises:
        ValueError: the insurer asks something that is not in its wire.
    """
    return Script(
        (
            _conditions(conditions),
            _plan(),
            matters.step(asked),
            final_review.step(conditions),
            _application(),
        )
    )


def _conditions(conditions: eg1.KyotsuJoken) -> Step:
    return Step(
        key="common_conditions",
        kind=StepKind.CONTRACT_BASICS,
        title=Text("各プラン共通の条件", "Conditions common to all plans"),
        help=Text(
            "運転免許証をご準備のうえご確認ください。ここでは条件を変更できません。表示された条件が実際と異なる場合は、"
            "三井住友海上の画面でお手続きいただくか、取扱代理店までお問い合わせください。",
            "Check them with the main driver's licence at hand. They cannot be changed here: if one is not as it is in "
            "reality, go on at the insurer's own page, or ask the agency.",
        ),
        facts=tuple(facts.of(conditions)),
        requirements=(
            Field(
                key=REALITY,
                label=Text("表示された条件は実際と同じですか。", "Are the conditions shown as they are in reality?"),
                input=InputKind.SELECT,
                options=(
                    Option(value=AS_SHOWN, label=Text("実際と同じです", "They are as in reality")),
                    Option(value=DIFFERS, label=Text("実際と異なる条件があります", "Something is different")),
                ),
                refers=(
                    Referral(
                        code=RenewabilityCode.CHANGE_NEEDS_AGENCY,
                        message=Text(
                            "条件の変更は、取扱代理店または三井住友海上の画面でのお手続きが必要です。",
                            "A change of the conditions is made by the agency, or at the insurer's own page.",
                        ),
                        when=(DIFFERS,),
                    ),
                ),
            ),
            Confirmation(
                key=CONDITIONS,
                label=Text("各プラン共通の条件の確認", "The conditions are as shown"),
                statement=conditions.kakunin_bun,
            ),
        ),
    )


def _plan() -> Step:
    return Step(
        key="plan",
        kind=StepKind.PLAN,
        title=Text("おすすめプラン", "Recommended plans"),
        help=Text(
            "プランの内容を修正し、何度でも試算いただけます。",
            "A plan can be edited and quoted again as often as you like.",
        ),
        requirements=(PlanChoice(key=PLAN, label=Text("このプランに決定", "Take this plan")),),
    )


def _application() -> Step:
    return Step(
        key="application",
        kind=StepKind.APPLICATION,
        title=Text("お申込み", "Application"),
        help=Text("同意文をご確認ください。", "Please read the consent text."),
        requirements=(
            Confirmation(
                key=APPLICATION,
                label=Text(BUTTON, "Apply, agreeing to the above"),
                statement=BUTTON,
                binds=(Binds.REVIEW,),
            ),
        ),
    )


def confirmed(values: Mapping[str, Value], key: str) -> bool:
    return values.get(key) == YES
