"""What writes take: one input each."""

import datetime

import strawberry

from insurers.coverage import CoverageKind
from insurers.identity import PolicyNumber
from insurers.registration import RegistrationPurpose
from schema.directives import PERSONAL
from schema.ports import WhenClosed
from schema.scalars import URL, Secret


def key_field() -> strawberry.ID:
    """The field that makes a write safe to repeat."""
    # strawberry.field stands for the annotated value at runtime.
    return strawberry.field(  # type: ignore[no-any-return]
        description="Yours to choose, new for each order. The same key with the same input is done once and"
        " answered alike; with another input it is refused."
    )


@strawberry.input(one_of=True, description="One insurer, by id or by code.")
class InsurerRef:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its global id (`Insurer.id`).")
    code: str | None = strawberry.field(default=strawberry.UNSET, description="Its code (`Insurer.code`).")


@strawberry.input(description="A policy number is unique only inside its insurer.")
class PolicyNumberInput:
    insurer: InsurerRef = strawberry.field(description="Whose number it is.")
    number: PolicyNumber = strawberry.field(description="The number on the present certificate.")


@strawberry.input(one_of=True, description="One policy, by id or by number.")
class PolicyRef:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its global id (`Policy.id`).")
    number: PolicyNumberInput | None = strawberry.field(
        default=strawberry.UNSET, description="Its number, together with its insurer."
    )


@strawberry.input(one_of=True, description="What to compare: the plans of renewals, or plans one by one.")
class ComparePlansInput:
    renewal_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="All plans of these renewals."
    )
    plan_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Just these plans, in this order."
    )


@strawberry.input(description="Start a registration.")
class RegistrationStartInput:
    insurer: InsurerRef = strawberry.field(description="At which insurer.")
    method_key: str = strawberry.field(description="`key` of one of `Insurer.registrationMethods`.")
    idempotency_key: strawberry.ID = key_field()
    purpose: RegistrationPurpose = strawberry.field(
        default=RegistrationPurpose.FIRST_TIME,
        description="What the registration is for; it must be that of the method.",
    )


@strawberry.input(
    one_of=True,
    description="Exactly one kind of value; the requirement tells which. `text`, `choice`, `date` and `number` are read"
    " alike, as what was typed.",
)
class AnswerValueInput:
    text: str | None = strawberry.field(
        default=strawberry.UNSET, description="A field that is typed.", directives=[PERSONAL]
    )
    secret: Secret | None = strawberry.field(default=strawberry.UNSET, description="A sensitive field or a challenge.")
    choice: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A field with options; `true` or `false` for a BOOLEAN.",
        directives=[PERSONAL],
    )
    choices: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="A field that takes several values.", directives=[PERSONAL]
    )
    date: datetime.date | None = strawberry.field(
        default=strawberry.UNSET, description="The answer to a DATE field.", directives=[PERSONAL]
    )
    number: int | None = strawberry.field(
        default=strawberry.UNSET, description="The answer to an INTEGER field.", directives=[PERSONAL]
    )
    confirmed: bool | None = strawberry.field(default=strawberry.UNSET, description="A confirmation, or a BOOLEAN.")
    document_opened: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of a document whose `url` was fetched."
    )
    plan_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of the chosen plan, one of `Renewal.plans`."
    )
    link: URL | None = strawberry.field(
        default=strawberry.UNSET, description="A link from the insurer's mail.", directives=[PERSONAL]
    )


@strawberry.input(description="An answer to one requirement of a step.")
class AnswerInput:
    requirement_key: str = strawberry.field(description="`key` of the requirement.")
    value: AnswerValueInput = strawberry.field(description="The answer, of the kind that the requirement asks for.")
    acknowledged_losses: str | None = strawberry.field(
        default=None,
        description="With a plan that loses or narrows covers: its `lossesHash`, which says that the customer has read"
        " which.",
    )


@strawberry.input(description="Answers to one step. All or none are taken.")
class StepAnswerInput:
    flow_id: strawberry.ID = strawberry.field(description="The registration or the renewal.")
    step_id: strawberry.ID = strawberry.field(description="`id` of the step.")
    expected_version: int = strawberry.field(description="`version` of the flow that was looked at.")
    answers: list[AnswerInput] = strawberry.field(description="One for each requirement that is answered.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Begin again from what was entered: answer the step that sends, and a new mail goes out.")
class RegistrationMessageResendInput:
    registration_id: strawberry.ID = strawberry.field(description="Which registration.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Give up a registration.")
class RegistrationCancelInput:
    registration_id: strawberry.ID = strawberry.field(description="Which registration.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Credentials for an insurer: used for this one call and never stored.")
class InsurerLinkCreateInput:
    insurer: InsurerRef = strawberry.field(description="At which insurer.")
    user_id: str = strawberry.field(description="What the insurer calls user id or login id.", directives=[PERSONAL])
    password: Secret = strawberry.field(description="The password at the insurer.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Forget a linked account and its secrets.")
class InsurerLinkDeleteInput:
    link_id: strawberry.ID = strawberry.field(description="Which account.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Answer a challenge of a linked account.")
class ChallengeAnswerInput:
    challenge_id: strawberry.ID = strawberry.field(description="Which challenge.")
    answer: Secret = strawberry.field(description="What the person brought.")
    idempotency_key: strawberry.ID = key_field()
    trust_device: bool = strawberry.field(default=False, description="Where `trustDeviceOffered`: take the offer.")


@strawberry.input(description="Start a renewal.")
class RenewalStartInput:
    policy: PolicyRef = strawberry.field(description="The policy whose next term is wanted.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Choose a plan.")
class RenewalPlanSelectInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    plan_id: strawberry.ID = strawberry.field(description="One of its plans.")
    expected_version: int = strawberry.field(description="`version` of the renewal that was looked at.")
    idempotency_key: strawberry.ID = key_field()
    acknowledged_losses: str | None = strawberry.field(
        default=None,
        description="`lossesHash` of the plan, where it loses or narrows covers and the customer has read which.",
    )


@strawberry.input(description="One change of cover.")
class CoverageChangeInput:
    key: CoverageKind = strawberry.field(description="Which cover.")
    option: str = strawberry.field(description="`value` of one of its options.")


@strawberry.input(description="Quote a plan again with changes.")
class RenewalRequoteInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    plan_id: strawberry.ID = strawberry.field(description="One of its plans.")
    changes: list[CoverageChangeInput] = strawberry.field(description="What to change.")
    expected_version: int = strawberry.field(description="`version` of the renewal that was looked at.")
    idempotency_key: strawberry.ID = key_field()
    reset_first: bool = strawberry.field(
        default=False, description="Go back to the insurer's initial settings first, as its reset button does."
    )


@strawberry.input(description="Submit exactly what was reviewed.")
class RenewalSubmitInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    expected_version: int = strawberry.field(description="`version` of the renewal that was looked at.")
    review_hash: str = strawberry.field(description="`reviewHash` of the renewal that was looked at.")
    idempotency_key: strawberry.ID = key_field()
    when_closed: WhenClosed = strawberry.field(
        default=WhenClosed.QUEUE,
        description="What to do while the insurer is closed. QUEUE is leave to send it at the next opening, and is kept"
        " as evidence.",
    )


@strawberry.input(description="Take a queued application back.")
class RenewalWithdrawInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Look again at a renewal that is with the agency.")
class RenewalResumeInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Abandon a renewal.")
class RenewalCancelInput:
    renewal_id: strawberry.ID = strawberry.field(description="Which renewal.")
    idempotency_key: strawberry.ID = key_field()
