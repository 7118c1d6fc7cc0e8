"""The words in which a customer is told what a plan loses or narrows, and agrees to it (P-8)."""

from collections.abc import Sequence

from insurers.consent import ConsentKind
from insurers.identity import PlanCode
from insurers.losses import Loss
from insurers.text import Language, Text

SENTENCE = Text(
    "このプランは、現在のご契約と比べて、次の補償がなくなるか、狭くなる可能性があります。内容を確認したうえで選びます。",
    "Against the present contract this plan loses or narrows the covers below, or may. I have read them and choose it.",
)


def requirement(plan: PlanCode) -> str:
    """The key under which the losses of a plan are acknowledged."""
    return f"{ConsentKind.COVER_REDUCTION}:{plan}"


def statement(losses: Sequence[Loss], language: Language) -> str:
    """Answer the sentence, and a line for every loss as it was shown."""
    return "\n".join([SENTENCE.to(language), *(_line(loss, language) for loss in losses)])


def _line(loss: Loss, language: Language) -> str:
    label = loss.label.to(language)
    return f"・{label}: {loss.reason.to(language)}"
