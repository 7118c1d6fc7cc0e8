"""What the answer to a requirement proves, and so whose it is to give."""

from collections.abc import Mapping

from insurers.consent import CUSTOMER_ONLY, ConsentKind
from insurers.script import Confirmation, DocumentToOpen, Field, InputKind, Requirement, Step, StepKind

CONSENTS: Mapping[StepKind, ConsentKind] = {
    StepKind.TERMS: ConsentKind.TERMS_OF_SERVICE,
    StepKind.PRE_CHECK: ConsentKind.PRE_CHECK,
    StepKind.CONTRACT_BASICS: ConsentKind.CONDITIONS_CONFIRMED,
    StepKind.PLAN: ConsentKind.PLAN_CONFIRMED,
    StepKind.COVERAGE: ConsentKind.PLAN_CONFIRMED,
    StepKind.IMPORTANT_MATTERS: ConsentKind.IMPORTANT_MATTERS,
    StepKind.APPLICATION: ConsentKind.APPLICATION,
}


def proof(step: Step, need: Requirement) -> ConsentKind | None:
    """Answer what an answer to *need* on *step* proves; None for one that confirms nothing."""
    match need:
        case Field(proves=ConsentKind() as proves) | Confirmation(proves=ConsentKind() as proves):
            return proves
        # Whoever corrects a condition of every quote discloses a fact of the risk (告知).
        case Field(reprices=True) | Field(input=InputKind.BOOLEAN) | Field(refers=(_, *_)):
            return ConsentKind.DECLARATION
        case Confirmation() | DocumentToOpen():
            return CONSENTS.get(step.kind, ConsentKind.DETAILS_CONFIRMED)
        case _:
            return None


def is_customers_alone(step: Step, need: Requirement) -> bool:
    """Whether nobody may answer it for the customer, an agent (募集人) least of all (P-14)."""
    return proof(step, need) in CUSTOMER_ONLY
