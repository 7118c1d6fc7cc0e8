"""What a renewal leaves as evidence: who confirmed what, in which words, about what, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.journeys import reduction
from gateway.store import Work
from insurers.answers import Value
from insurers.canonical import sha256
from insurers.consent import ActorRole, Consent, ConsentKind, Entry, Shown
from insurers.document import Document
from insurers.evidence import Outcome, Required
from insurers.flow_event import SERVICE
from insurers.identity import PlanCode
from insurers.losses import Loss, fingerprint
from insurers.plan import Plan
from insurers.proof import proof
from insurers.renewal import Proposal, Renewal, RenewalEvent
from insurers.script import Binds, Confirmation, DocumentToOpen, Field, Requirement, Step, StepKind, is_about
from insurers.text import Language, Text

# These are about the very thing that is bought, so the evidence holds what that was.
ABOUT_THE_PLAN = frozenset(
    {
        ConsentKind.PLAN_CONFIRMED,
        ConsentKind.APPLICATION,
        ConsentKind.QUEUE_SUBMISSION,
        ConsentKind.COVER_REDUCTION,
    }
)

# A draft that was revised or is complete is told by its consents; everything else is an outcome.
OUTCOMES = frozenset(RenewalEvent) - {RenewalEvent.REVISE, RenewalEvent.COMPLETE}

# With these it is settled that the application goes to the insurer, now or once that opens.
SENDING = frozenset({RenewalEvent.SUBMIT, RenewalEvent.QUEUE})


# What an insurer makes a customer confirm stands there in its own words, whatever language the rest is in.
INSURERS_OWN = Language.JA

BETWEEN_ANSWERS = {Language.JA: "、", Language.EN: ", "}


def consent(
    renewal: Renewal,
    step: Step,
    need: Requirement,
    *,
    last: Entry | None,
    at: datetime,
    language: Language,
    actor: str | None = None,
) -> Consent | None:
    """
    The evidence that an answer to *need* leaves; None for an answer that confirms nothing.

    *language* is the one in which it was asked, and *actor* who gave it, the customer if nobody else.
    """
    kind = proof(step, need)
    if kind is None:
        return None
    statement, locale = _stated(need, language)
    document = _document(renewal, need)
    return Consent(
        **link(renewal.id, renewal.customer, last, at, actor or renewal.customer),
        **_subject(kind, _plan(renewal, step), _review(renewal, step)),
        kind=kind,
        requirement=need.key,
        statement=statement,
        locale=locale,
        language=language,
        answer=_said(need, renewal.answers[need.key].value, language) if isinstance(need, Field) else None,
        shown=() if isinstance(need, DocumentToOpen) else _shown(step, language),
        document_id=document.id if document else None,
        document_title=document.title if document else None,
        document_sha256=document.sha256 if document else None,
    )


def queue_consent(
    renewal: Renewal,
    *,
    statement: Text,
    last: Entry | None,
    at: datetime,
    language: Language,
    actor: str | None = None,
) -> Consent:
    """
    The evidence of leave to send the application later, exactly as it was reviewed.

    *statement* is what stood on the button, and *language* the one in which the customer read it.
    """
    kind = ConsentKind.QUEUE_SUBMISSION
    proposal = renewal.proposal
    return Consent(
        **link(renewal.id, renewal.customer, last, at, actor or renewal.customer),
        **_subject(kind, proposal.plan if proposal else renewal.plan, proposal),
        kind=kind,
        requirement=kind.value,
        statement=statement.to(language),
        locale=language,
        language=language,
    )


def reduction_consent(
    renewal: Renewal, plan: Plan, *, last: Entry | None, at: datetime, language: Language, actor: str | None = None
) -> Consent:
    """The evidence that the customer knows what *plan*, which was chosen, loses or narrows (P-8)."""
    kind = ConsentKind.COVER_REDUCTION
    return Consent(
        **link(renewal.id, renewal.customer, last, at, actor or renewal.customer),
        **_subject(kind, plan, None),
        kind=kind,
        requirement=reduction.requirement(plan.code),
        statement=reduction.statement(renewal.acknowledged, language),
        locale=language,
        language=language,
        answer=fingerprint(renewal.acknowledged),
    )


async def witness(work: Work, renewal: Renewal, event: RenewalEvent, *, summary: Text, actor: str) -> None:
    """Add to the evidence what *event* made of the renewal, in the transaction that is open."""
    if event not in OUTCOMES:
        return
    proposal = renewal.proposal
    await work.consents.append(
        Outcome(
            **link(renewal.id, renewal.customer, await work.consents.last(renewal.id), renewal.updated_at, actor),
            event=event,
            summary=summary,
            plan_fingerprint=proposal.plan.fingerprint if proposal else None,
            review_fingerprint=renewal.review_hash,
            premium=proposal.plan.premium.total if proposal else None,
            receipt=renewal.receipt.number if renewal.receipt else None,
            successor=str(renewal.successor) if renewal.successor else None,
            required=_required(renewal) if event in SENDING else None,
        )
    )


def _required(renewal: Renewal) -> tuple[Required, ...]:
    """Everything that has to be confirmed before this application goes out, and about what."""
    plan = renewal.plan
    reduced = (_loss(plan.code, renewal.acknowledged),) if plan and renewal.losses(plan) else ()
    return reduced + tuple(
        _demand(renewal, step, need, kind)
        for step in renewal.script
        for need in step.requirements
        if need.required and (kind := proof(step, need)) is not None
    )


def _loss(plan: PlanCode, acknowledged: Sequence[Loss]) -> Required:
    """What the customer had to say before a plan with losses was chosen; the plan may cost something else since."""
    kind = ConsentKind.COVER_REDUCTION
    return Required(requirement=reduction.requirement(plan), kind=kind, answer=fingerprint(acknowledged))


def _demand(renewal: Renewal, step: Step, need: Requirement, kind: ConsentKind) -> Required:
    plan, review = _plan(renewal, step), _review(renewal, step)
    of_the_review = is_about(need, Binds.REVIEW)
    of_the_plan = is_about(need, Binds.PLAN) or of_the_review
    of_a_document = is_about(need, Binds.DOCUMENT) or isinstance(need, DocumentToOpen)
    document = _document(renewal, need)
    return Required(
        requirement=need.key,
        kind=kind,
        statement_sha256=sha256(need.statement) if isinstance(need, Confirmation) else None,
        document_sha256=document.sha256 if document and of_a_document else None,
        plan_fingerprint=plan.fingerprint if plan and of_the_plan else None,
        review_fingerprint=review.fingerprint if review and of_the_review else None,
    )


# These are fields of an Entry, and below of a Consent; their constructors refuse any other name.
def link(flow: str, customer: str, last: Entry | None, at: datetime, actor: str) -> dict[str, Any]:
    """Where the next entry hangs, who leaves it, and for whom."""
    role = ActorRole.SERVICE if actor == SERVICE else ActorRole.AGENT
    own = actor == customer
    return {
        "flow": flow,
        "sequence": last.sequence + 1 if last else 1,
        "at": at,
        "actor": actor,
        "role": ActorRole.CUSTOMER if own else role,
        "on_behalf_of": None if own else customer,
        "previous": last.hash if last else "",
    }


def _subject(kind: ConsentKind, plan: Plan | None, proposal: Proposal | None) -> dict[str, Any]:
    """What a consent of this kind is about."""
    return {
        "plan_fingerprint": plan.fingerprint if plan else None,
        "review_fingerprint": proposal.fingerprint if proposal else None,
        "premium": plan.premium.total if plan else None,
        "plan": plan.bought.decode() if plan and kind in ABOUT_THE_PLAN else None,
        "review": proposal.agreed.decode() if proposal else None,
    }


def _review(renewal: Renewal, step: Step) -> Proposal | None:
    """What the customer has reviewed when answering *step*: only on the last one is there anything to."""
    return renewal.proposal if step.kind is StepKind.APPLICATION else None


def _plan(renewal: Renewal, step: Step) -> Plan | None:
    review = _review(renewal, step)
    return review.plan if review else renewal.plan


def _stated(need: Requirement, language: Language) -> tuple[str, Language]:
    """Answer the words that stood there, and their language."""
    match need:
        case Confirmation(statement=statement):
            return statement, INSURERS_OWN
        case DocumentToOpen(document=document):
            return document.title, INSURERS_OWN
        case _:
            return need.label.to(language), language


def _said(need: Field, answer: Value, language: Language) -> str:
    """The answer as the person saw it: an option by its label, everything else as it was given."""
    labels = {option.value: option.label.to(language) for option in need.options}
    values = (answer,) if isinstance(answer, str) else answer
    return BETWEEN_ANSWERS[language].join(labels.get(value, value) for value in values)


def _shown(step: Step, language: Language) -> tuple[Shown, ...]:
    return tuple(Shown(label=fact.label.to(language), value=fact.value) for fact in step.facts)


def _document(renewal: Renewal, need: Requirement) -> Document | None:
    match need:
        case DocumentToOpen(document=document):
            return document
        case Confirmation(document=str(sha256)):
            return next((one for one in renewal.script.documents() if one.sha256 == sha256), None)
        case _:
            return None
