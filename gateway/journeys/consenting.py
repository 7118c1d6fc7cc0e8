"""What a renewal leaves as evidence: who confirmed what, in which words, about what, and what came of it."""

from datetime import datetime
from typing import Any

from gateway.store import Work
from insurers.answers import Value
from insurers.consent import ActorRole, Consent, ConsentKind, Entry, Shown
from insurers.document import Document
from insurers.evidence import Outcome
from insurers.flow_event import SERVICE
from insurers.plan import Plan
from insurers.proof import proof
from insurers.renewal import Proposal, Renewal, RenewalEvent
from insurers.script import Confirmation, DocumentToOpen, Field, InputKind, Requirement, Step, StepKind
from insurers.text import Text

# These are about the very thing that is bought, so the evidence holds what that was.
ABOUT_THE_PLAN = frozenset({ConsentKind.PLAN_CONFIRMED, ConsentKind.APPLICATION, ConsentKind.QUEUE_SUBMISSION})

# A draft that was revised or is complete is told by its consents; everything else is an outcome.
OUTCOMES = frozenset(RenewalEvent) - {RenewalEvent.REVISE, RenewalEvent.COMPLETE}


def consent(
    renewal: Renewal, step: Step, need: Requirement, *, last: Entry | None, at: datetime, actor: str | None = None
) -> Consent | None:
    """
    The evidence that an answer to *need* leaves; None for an answer that confirms nothing.

    *actor* is who gave it, the customer if nobody else.
    """
    words, kind = _statement(need), proof(step, need)
    if words is None or kind is None:
        return None
    document = _document(renewal, need)
    proposal = renewal.proposal if step.kind is StepKind.APPLICATION else None
    return Consent(
        **_link(renewal, last, at, actor or renewal.customer),
        **_subject(kind, proposal.plan if proposal else renewal.plan, proposal),
        kind=kind,
        requirement=need.key,
        statement=words,
        locale="ja",
        answer=_said(need, renewal.answers[need.key].value) if isinstance(need, Field) else None,
        shown=() if isinstance(need, DocumentToOpen) else _shown(step),
        document_id=document.id if document else None,
        document_title=document.title if document else None,
        document_sha256=document.sha256 if document else None,
    )


def queue_consent(
    renewal: Renewal, *, statement: str, last: Entry | None, at: datetime, actor: str | None = None
) -> Consent:
    """
    The evidence of leave to send the application later, exactly as it was reviewed.

    *statement* is what the customer read, in Japanese.
    """
    kind = ConsentKind.QUEUE_SUBMISSION
    proposal = renewal.proposal
    return Consent(
        **_link(renewal, last, at, actor or renewal.customer),
        **_subject(kind, proposal.plan if proposal else renewal.plan, proposal),
        kind=kind,
        requirement=kind.value,
        statement=statement,
        locale="ja",
    )


async def witness(work: Work, renewal: Renewal, event: RenewalEvent, *, summary: Text, actor: str) -> None:
    """Add to the evidence what *event* made of the renewal, in the transaction that is open."""
    if event not in OUTCOMES:
        return
    proposal = renewal.proposal
    await work.consents.append(
        Outcome(
            **_link(renewal, await work.consents.last(renewal.id), renewal.updated_at, actor),
            event=event,
            summary=summary,
            plan_fingerprint=proposal.plan.fingerprint if proposal else None,
            review_fingerprint=renewal.review_hash,
            premium=proposal.plan.premium.total if proposal else None,
            receipt=renewal.receipt.number if renewal.receipt else None,
            successor=str(renewal.successor) if renewal.successor else None,
        )
    )


# These are fields of an Entry, and below of a Consent; their constructors refuse any other name.
def _link(renewal: Renewal, last: Entry | None, at: datetime, actor: str) -> dict[str, Any]:
    """Where the next entry hangs, who leaves it, and for whom."""
    role = ActorRole.SERVICE if actor == SERVICE else ActorRole.AGENT
    own = actor == renewal.customer
    return {
        "flow": renewal.id,
        "sequence": last.sequence + 1 if last else 1,
        "at": at,
        "actor": actor,
        "role": ActorRole.CUSTOMER if own else role,
        "on_behalf_of": None if own else renewal.customer,
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


def _statement(need: Requirement) -> str | None:
    match need:
        case Confirmation(statement=statement):
            return statement
        case Field(input=InputKind.BOOLEAN, label=label) | Field(refers=(_, *_), label=label):
            return label.ja
        case DocumentToOpen(document=document):
            return document.title
        case _:
            return None


def _said(need: Field, answer: Value) -> str:
    """The answer as the person saw it: an option by its label, everything else as it was given."""
    labels = {option.value: option.label.ja for option in need.options}
    return "、".join(labels.get(value, value) for value in ((answer,) if isinstance(answer, str) else answer))


def _shown(step: Step) -> tuple[Shown, ...]:
    return tuple(Shown(label=fact.label.ja, value=fact.value) for fact in step.facts)


def _document(renewal: Renewal, need: Requirement) -> Document | None:
    match need:
        case DocumentToOpen(document=document):
            return document
        case Confirmation(document=str(sha256)):
            return next((one for one in renewal.script.documents() if one.sha256 == sha256), None)
        case _:
            return None
