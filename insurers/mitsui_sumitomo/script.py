"""What a renewal asks, in the insurer's order (MS-REN-03…14)."""

from collections.abc import Mapping

from insurers.answers import YES, Value
from insurers.mitsui_sumitomo import conditions, final_review, matters
from insurers.mitsui_sumitomo.wire import eg1
from insurers.script import Binds, Confirmation, PlanChoice, Script, Step, StepKind
from insurers.text import Text

PLAN = "plan"
APPLICATION = "application"

# The consent text comes only with the last screen (WIRE.md §6.12), and the review is bound to it;
# these are the words of the button below it.
BUTTON = "上記について内容を同意のうえ申し込む"


def script(shown: eg1.KyotsuJoken, asked: eg1.JuyoJiko) -> Script:
    """
    Answer the whole renewal, in the insurer's order.

    Raises:
        ValueError: the insurer asks something that is not in its wire.
    """
    return Script(
        (
            conditions.step(shown),
            _plan(),
            matters.step(asked, shown.toriatsukai_dairiten),
            final_review.step(shown),
            _application(),
        )
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
