"""
Renewing a policy: the words, and the law of what may follow what.

Everything before SUBMITTING is a draft of ours and may be done over. Only SUBMITTING touches
the insurer's contract, and it happens once. Whoever drives a renewal (a request, the worker,
a test) asks `step` and stores the answer.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from insurers.answers import Answered, Standing, Subject, Value, progress
from insurers.contact import Contact
from insurers.document import Document
from insurers.errors import ErrorCode
from insurers.identity import PlanCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.losses import Loss, losses
from insurers.person import Private
from insurers.plan import Plan
from insurers.policy import RenewabilityReason
from insurers.registration import IllegalStep, Trouble
from insurers.script import Binds, PlanChoice, Script, is_about
from insurers.text import Text


class RenewalState(StrEnum):
    """Life of a renewal."""

    IN_PROGRESS = "in_progress"
    REFERRED = "referred"
    READY = "ready"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    UNCONFIRMED = "unconfirmed"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class RenewalEvent(StrEnum):
    """What can happen to a renewal."""

    REVISE = "revise"  # an answer, a plan or a quote; still a draft
    COMPLETE = "complete"  # every question answered, every confirmation given
    CHANGE = "change"  # a premium or a document is not what was confirmed
    REFER = "refer"  # an answer that only the agency can deal with
    RETURN = "return"  # the agency hands it back
    SUBMIT = "submit"  # the customer applies, and the insurer is open
    QUEUE = "queue"  # the customer applies, and the insurer is closed
    WITHDRAW = "withdraw"  # the customer takes a queued application back
    CANCEL = "cancel"  # the customer gives up; nothing is sent after this
    UNREACHABLE = "unreachable"  # nothing was sent; try again later
    RELEASE = "release"  # nothing was sent while it was open, and nobody gave leave to wait for another opening
    ACCEPT = "accept"  # the insurer shows the successor's number
    REFUSE = "refuse"  # the insurer will not, and says why
    SILENCE = "silence"  # it was sent, and no answer came
    ABSENT = "absent"  # asked since: the insurer never had it
    RETRY = "retry"  # asked since: the insurer never had it, and leave to send it still stands
    MATURE = "mature"  # 16:00 on the last day, with nothing sent


S: TypeAlias = RenewalState
E: TypeAlias = RenewalEvent

TRANSITIONS: Mapping[S, Mapping[E, S]] = {
    S.IN_PROGRESS: {
        E.REVISE: S.IN_PROGRESS,
        E.COMPLETE: S.READY,
        E.CHANGE: S.IN_PROGRESS,
        E.REFER: S.REFERRED,
        E.CANCEL: S.WITHDRAWN,
        E.MATURE: S.LAPSED,
    },
    S.REFERRED: {E.RETURN: S.IN_PROGRESS, E.ACCEPT: S.ACCEPTED, E.CANCEL: S.WITHDRAWN, E.MATURE: S.LAPSED},
    S.READY: {
        E.REVISE: S.IN_PROGRESS,
        E.SUBMIT: S.SUBMITTING,
        E.QUEUE: S.QUEUED,
        E.CHANGE: S.IN_PROGRESS,
        E.REFER: S.REFERRED,
        E.CANCEL: S.WITHDRAWN,
        E.MATURE: S.LAPSED,
    },
    S.QUEUED: {
        E.SUBMIT: S.SUBMITTING,
        E.WITHDRAW: S.READY,
        E.RELEASE: S.READY,
        E.CHANGE: S.IN_PROGRESS,
        E.REFER: S.REFERRED,
        E.CANCEL: S.WITHDRAWN,
        E.MATURE: S.LAPSED,
    },
    S.SUBMITTING: {
        E.ACCEPT: S.ACCEPTED,
        E.REFUSE: S.REFERRED,
        E.CHANGE: S.IN_PROGRESS,
        E.UNREACHABLE: S.QUEUED,
        E.RELEASE: S.READY,
        E.SILENCE: S.UNCONFIRMED,
    },
    # Neither time nor the customer can end a renewal that may have happened.
    S.UNCONFIRMED: {
        E.ACCEPT: S.ACCEPTED,
        E.ABSENT: S.READY,
        E.RETRY: S.QUEUED,
        E.SILENCE: S.UNCONFIRMED,
        E.REFUSE: S.REFERRED,
    },
    S.ACCEPTED: {},
    S.WITHDRAWN: {},
    S.LAPSED: {},
}

# What an insurer says of a policy whose next term it has begun.
RENEWED = frozenset({ErrorCode.RENEWAL_ALREADY_SUBMITTED, ErrorCode.AUTO_RENEWAL_ACTIVE})

FINAL = frozenset(state for state, steps in TRANSITIONS.items() if not steps)


def step(state: RenewalState, event: RenewalEvent) -> RenewalState:
    """Return the state that follows *state* on *event*."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalStep(f"{event} cannot follow {state}") from None


class Draft(Private, frozen=True, kw_only=True, gc=False):
    """Everything that a rehearsal tells the insurer: the plan as quoted, and a value per requirement key."""

    number: PolicyNumber
    plan: Plan
    values: Mapping[str, Value]
    documents: tuple[Document, ...] = ()


class Proposal(Private, frozen=True, kw_only=True, gc=False):
    """
    What would be signed if the button were pressed: the end of a rehearsal.

    `plan` is priced by the insurer on its last screen (BINDABLE). `statement` is the
    insurer's own consent text above the button.
    """

    ref: PolicyRef
    draft: Draft
    plan: Plan
    documents: tuple[Document, ...]
    statement: str
    rehearsed_at: datetime

    @property
    def agreed(self) -> bytes:
        """All that the customer agrees to, in full."""
        agreed = (
            self.ref,
            self.plan.fingerprint,
            sorted((document.id, document.sha256) for document in self.documents),
            sorted((key, value) for key, value in self.draft.values.items()),
            self.statement,
        )
        return msgspec.json.encode(agreed)

    @property
    def fingerprint(self) -> str:
        """A hash of all that the customer agrees to; a submit names it, so nothing changes in between (P-4)."""
        return hashlib.sha256(self.agreed).hexdigest()


# The words on the button while the insurer is closed: pressing it is leave to send the application later.
LEAVE_TO_QUEUE = Text(
    "この内容で申し込む（保険会社の受付開始後に送信します）",
    "Apply exactly as reviewed; it is sent once the insurer opens",
)


class Receipt(Struct, frozen=True, kw_only=True, gc=False):
    """
    What we acknowledged when the insurer was closed: we will apply, and have not (P-3).

    `review` is the fingerprint of the proposal that will be sent, and of no other; `promised_for`
    is when, as far as could be foretold.
    """

    number: str
    given_at: datetime
    promised_for: datetime
    review: str


class Renewal(Private, frozen=True, kw_only=True, weakref=True):
    """
    One policy on its way to the next term.

    `maturity` is the end of the present term, and `closes_at` the insurer's own last moment,
    where it tells one. `plate` is the car's, so that it gets one contract and not two (P-1), and
    `agency` whom to ask about it. `selected` names one of `plans`, which are always
    as last quoted, so an edited one cannot be chosen unquoted (MS-REN-05). `current` is the
    present cover as a plan, None in a renewal that was begun before it was kept, and
    `acknowledged` what the customer knows that the selected plan loses or narrows (P-8).
    `opened` tells when
    a document with this sha256 was opened. `submitted_at` is when the application was first
    attempted for the present proposal, `silent_since` when the last one went unanswered, and
    `alarmed_at` when people were called to look at it. `version` grows with every change and is
    what a client sends back.
    """

    id: str
    customer: str
    ref: PolicyRef
    maturity: datetime
    state: RenewalState
    version: int
    created_at: datetime
    updated_at: datetime
    script: Script
    plans: tuple[Plan, ...]
    current: Plan | None = None
    selected: PlanCode | None = None
    acknowledged: tuple[Loss, ...] = ()
    answers: dict[str, Answered] = {}
    opened: dict[str, datetime] = {}
    proposal: Proposal | None = None
    successor: SuccessorNumber | None = None
    completed_at: datetime | None = None
    closes_at: datetime | None = None
    plate: str | None = None
    agency: Contact | None = None
    will_submit_at: datetime | None = None
    receipt: Receipt | None = None
    submitted_at: datetime | None = None
    silent_since: datetime | None = None
    alarmed_at: datetime | None = None
    reasons: tuple[RenewabilityReason, ...] = ()
    trouble: Trouble | None = None

    # The keywords are fields of this very class; replace() refuses any other name.
    def on(self, event: RenewalEvent, *, at: datetime, **changes: Any) -> "Renewal":
        """
        Answer this renewal after *event*, one version on.

        Consent to a review goes with it: the next one is looked at anew, even if it says the same (P-4).
        So does the choice of a plan that has come to lose more than was acknowledged (P-8).
        """
        after = msgspec.structs.replace(
            self, state=step(self.state, event), version=self.version + 1, updated_at=at, **changes
        )
        if after.state is RenewalState.IN_PROGRESS and after.plan and after.unacknowledged(after.plan):
            after = _unchosen(after)
        if after.proposal is not None:
            return after
        reviewed = {need.key for need in after.script.requirements() if is_about(need, Binds.REVIEW)}
        kept = {key: answer for key, answer in after.answers.items() if key not in reviewed}
        return msgspec.structs.replace(after, answers=kept)

    def losses(self, plan: Plan) -> tuple[Loss, ...]:
        """Answer what *plan* loses or narrows against the present cover, or may."""
        return losses(plan, self.current) if self.current else ()

    def unacknowledged(self, plan: Plan) -> tuple[Loss, ...]:
        """Answer those of its losses that the customer has not acknowledged of this very plan."""
        known = self.acknowledged if plan.code == self.selected else ()
        return tuple(loss for loss in self.losses(plan) if loss not in known)

    @property
    def cut_off(self) -> datetime:
        """After this nobody takes an application: the insurer's own last moment, and never later than maturity."""
        return min(self.closes_at or self.maturity, self.maturity)

    @property
    def next_term_exists(self) -> bool:
        """Whether the insurer has begun the next term: by this application, by another, or by a rider."""
        told = self.trouble is not None and self.trouble.code in RENEWED
        return self.state is RenewalState.ACCEPTED or (self.state is RenewalState.REFERRED and told)

    @property
    def plan(self) -> Plan | None:
        """The plan that was chosen."""
        return next((plan for plan in self.plans if plan.code == self.selected), None)

    @property
    def review_hash(self) -> str | None:
        return self.proposal.fingerprint if self.proposal else None

    @property
    def subject(self) -> Subject:
        return Subject(plan=self.plan.fingerprint if self.plan else None, review=self.review_hash)

    @property
    def standings(self) -> list[Standing]:
        return progress(self.script, self.answers, self.subject)


def _unchosen(renewal: Renewal) -> Renewal:
    """The renewal with no plan chosen, and every requirement that asks for one open."""
    choices = {need.key for need in renewal.script.requirements() if isinstance(need, PlanChoice)}
    kept = {key: answer for key, answer in renewal.answers.items() if key not in choices}
    return msgspec.structs.replace(renewal, selected=None, acknowledged=(), proposal=None, answers=kept)
