"""What a person has answered so far, whether it may stand, and how far that brings them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.person import Private
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    PlanChoice,
    Referral,
    Requirement,
    Script,
    Step,
    StepKind,
)

Value = str | tuple[str, ...]

YES, NO = "true", "false"


class Answered(Private, frozen=True, kw_only=True):
    """
    One answer. `bound` is a hash of what the person saw when giving it: an answer whose
    requirement would now be bound to something else no longer counts.
    """

    value: Value
    bound: str
    at: datetime


Answers = Mapping[str, Answered]


class Subject(Struct, frozen=True, kw_only=True):
    """
    What confirmations may be bound to at this moment; None where there is none yet.

    `facts` is a hash of what the insurer shows on the step: to confirm it is to confirm that.
    """

    plan: str | None = None
    review: str | None = None
    facts: str = ""

    def on(self, step: Step) -> "Subject":
        """The subject as seen on *step*, beside the facts that stand there."""
        shown = [(fact.key, fact.value) for fact in step.facts]
        facts = hashlib.sha256(repr(shown).encode()).hexdigest() if shown else ""
        return Subject(plan=self.plan, review=self.review, facts=facts)


class StepState(StrEnum):
    """Where a step stands."""

    LOCKED = "locked"
    READY = "ready"
    INCOMPLETE = "incomplete"
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


class Standing(Struct, frozen=True, kw_only=True):
    """One step and where it stands; `satisfied` are the keys that need nothing more."""

    step: Step
    position: int
    state: StepState
    satisfied: frozenset[str]


def bound(requirement: Requirement, subject: Subject) -> str:
    """Hash what an answer to *requirement* would be about right now."""
    about: list[str] = [requirement.key]
    match requirement:
        case Confirmation(statement=statement, binds=binds, document=document):
            about += [statement, subject.facts]
            about += [subject.plan or ""] if Binds.PLAN in binds else []
            about += [subject.review or ""] if Binds.REVIEW in binds else []
            about += [document or ""] if Binds.DOCUMENT in binds else []
        case DocumentToOpen(document=document_to_open):
            about.append(document_to_open.sha256)
        case PlanChoice():
            about.append(subject.plan or "")
        case Field(input=InputKind.BOOLEAN) | Field(refers=(_, *_)):
            # A declaration answers the very question that was put.
            about.append(requirement.label.ja)
    return hashlib.sha256("\x1f".join(about).encode()).hexdigest()


def satisfied(requirement: Requirement, answers: Answers, subject: Subject) -> bool:
    """Whether an answer stands. One about a plan or a review cannot, before there is any."""
    answer = answers.get(requirement.key)
    return answer is not None and _present(requirement, subject) and answer.bound == bound(requirement, subject)


def _present(requirement: Requirement, subject: Subject) -> bool:
    match requirement:
        case Confirmation(binds=binds):
            return not (
                (Binds.PLAN in binds and subject.plan is None) or (Binds.REVIEW in binds and subject.review is None)
            )
        case PlanChoice():
            return subject.plan is not None
    return True


def referral(requirement: Requirement, answer: Answered | None) -> Referral | None:
    """Answer the referral that an answer leads to, if it leads to one."""
    if not isinstance(requirement, Field) or answer is None:
        return None
    values = (answer.value,) if isinstance(answer.value, str) else answer.value
    return next((rule for rule in requirement.refers if any(_leads(rule, value) for value in values)), None)


def _leads(rule: Referral, value: str) -> bool:
    if value in rule.when:
        return True
    return rule.at_least is not None and value.isdecimal() and int(value) >= rule.at_least


def progress(script: Script, answers: Answers, subject: Subject) -> list[Standing]:
    """
    Tell where every step stands: at most one is open, the first that is not done.

    Requirements that are not required never hold a step back.
    """
    standings: list[Standing] = []
    reached = True
    for position, step in enumerate(script):
        here = subject.on(step)
        done = frozenset(need.key for need in step.requirements if satisfied(need, answers, here))
        state = _state(step, answers, done, reached)
        standings.append(Standing(step=step, position=position, state=state, satisfied=done))
        reached = reached and state is StepState.DONE
    return standings


def current(standings: list[Standing]) -> Standing | None:
    """The one open step, or None when all are done."""
    return next((standing for standing in standings if standing.state is not StepState.DONE), None)


def _state(step: Step, answers: Answers, done: frozenset[str], reached: bool) -> StepState:
    if not reached:
        return StepState.LOCKED
    if any(referral(need, answers.get(need.key)) for need in step.requirements):
        return StepState.BLOCKED
    if all(need.key in done for need in step.requirements if need.required) and step.kind is not StepKind.DONE:
        return StepState.DONE
    return StepState.INCOMPLETE if done else StepState.READY
