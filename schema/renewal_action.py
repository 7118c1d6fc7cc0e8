"""What can be done next in a renewal. What would be refused as things stand is not offered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from insurers.answers import StepState
from insurers.capability import Capability
from insurers.deadlines import GRADE_CARRY_OVER
from insurers.errors import ErrorCode
from insurers.hours import Hours, Openness
from insurers.plan import Plan
from insurers.policy import RenewabilityCode
from insurers.proof import is_customers_alone
from insurers.renewal import FINAL, LEAVE_TO_QUEUE, Renewal, RenewalState
from insurers.script import PlanChoice, Requirement
from insurers.text import Text
from schema.action import ActionKind, Consequence, NextAction, action, is_agent, link_account
from schema.context import Info
from schema.step import FlowStep

S = RenewalState
K = ActionKind

_SHUT_OUT = frozenset({ErrorCode.CREDENTIALS_REJECTED, ErrorCode.ONE_TIME_PASSWORD_REQUIRED})
_ANSWERABLE = frozenset({StepState.READY, StepState.INCOMPLETE})


@dataclass(frozen=True)
class Scene:
    """A renewal at a moment, before somebody who looks at it."""

    renewal: Renewal
    step: FlowStep | None
    hours: Hours
    now: datetime
    by_agent: bool

    def always(self) -> bool:
        return True

    def is_open(self) -> bool:
        """Whether a source says that the insurer answers now; what is not known is not open."""
        return self.hours.openness(self.now) is Openness.OPEN

    def is_in_time(self) -> bool:
        """Whether the insurer takes an application now, or opens for one before its last moment."""
        opens_at = self.hours.opens_at(self.now)
        return opens_at is not None and opens_at < self.renewal.cut_off

    def is_late(self) -> bool:
        return not self.is_in_time()

    def can_answer(self) -> bool:
        return self.is_in_time() and any(not self._is_anothers(need) for need in self._wanted())

    def wants_customer(self) -> bool:
        """Whether the step cannot be done without the customer, who is somebody else."""
        return self.is_in_time() and any(need.required and self._is_anothers(need) for need in self._wanted())

    def awaits_insurer(self) -> bool:
        """Whether everything is answered, and the insurer has not yet shown what would be signed."""
        return self.is_in_time() and self.step is not None and self.step.word.state is StepState.WAITING

    def can_select(self) -> bool:
        return self.is_in_time() and any(self._may_select(plan) for plan in self.renewal.plans)

    def can_ask_insurer(self) -> bool:
        return self.is_open() and self.is_in_time()

    def can_queue(self) -> bool:
        return not self.is_open() and self.is_in_time() and not self.by_agent

    def can_only_customer_queue(self) -> bool:
        return not self.is_open() and self.is_in_time() and self.by_agent

    def can_resume(self) -> bool:
        """Whether what stood in the way may be gone; a next term that exists already never is."""
        renewed = any(reason.code is RenewabilityCode.ALREADY_RENEWED for reason in self.renewal.reasons)
        return self.can_ask_insurer() and not renewed and not self.renewal.next_term_exists

    def is_alarming(self) -> bool:
        return self.renewal.alarmed_at is not None or (self.renewal.state is S.QUEUED and self.is_late())

    def keeps_grade(self) -> bool:
        """Whether a next term that began now would still carry the grade on."""
        return self.now < self.renewal.maturity + GRADE_CARRY_OVER

    def _wanted(self) -> list[Requirement]:
        if self.step is None or self.step.word.state not in _ANSWERABLE:
            return []
        standing = self.step.word
        return [need for need in standing.step.requirements if need.key not in standing.satisfied]

    def _may_select(self, plan: Plan) -> bool:
        """Whether the quote still holds, and no losses of it are left that only the customer can acknowledge."""
        if plan.valid_until is not None and plan.valid_until <= self.now:
            return False
        return not (self.by_agent and self.renewal.unacknowledged(plan))

    def _is_anothers(self, need: Requirement) -> bool:
        if not self.by_agent or self.step is None:
            return False
        if isinstance(need, PlanChoice):
            return not self.can_select()
        return is_customers_alone(self.step.word.step, need)


@dataclass(frozen=True)
class Offer:
    """An action, the states in which it is offered, and what must hold besides."""

    kind: ActionKind
    words: Text
    mutation: str | None
    states: frozenset[RenewalState]
    when: Callable[[Scene], bool]
    consequence: Consequence = Consequence.NONE
    is_about_step: bool = False


_DRAFT = frozenset({S.IN_PROGRESS, S.READY})
_SENT = frozenset({S.SUBMITTING, S.UNCONFIRMED})

_ASK = Text("取扱代理店に問い合わせる", "Ask the agency")
_ASK_AT_ONCE = Text("至急、取扱代理店に連絡する", "Call the agency at once")

# In the order of buttons: the first one that is offered is the one to offer first.
_OFFERS = (
    Offer(
        K.ANSWER_STEP,
        Text("入力して次へ進む", "Answer this step"),
        "renewalStepAnswer",
        frozenset({S.IN_PROGRESS}),
        Scene.can_answer,
        is_about_step=True,
    ),
    Offer(
        K.ASK_CUSTOMER,
        Text("契約者ご本人に確認していただく", "Have the customer confirm this step"),
        None,
        frozenset({S.IN_PROGRESS}),
        Scene.wants_customer,
        is_about_step=True,
    ),
    Offer(
        K.REFRESH,
        Text("保険会社の最終確認を待つ", "Wait for the insurer's final figures"),
        None,
        frozenset({S.IN_PROGRESS}),
        Scene.awaits_insurer,
    ),
    Offer(
        K.SUBMIT,
        Text("この内容で申し込む", "Apply exactly as reviewed"),
        "renewalSubmit",
        frozenset({S.READY}),
        Scene.can_ask_insurer,
        Consequence.BINDING,
    ),
    Offer(K.SUBMIT, LEAVE_TO_QUEUE, "renewalSubmit", frozenset({S.READY}), Scene.can_queue, Consequence.BINDING),
    Offer(
        K.ASK_CUSTOMER,
        Text("契約者ご本人に申し込んでいただく（受付開始後に送信します）", "Have the customer apply; it is sent later"),
        None,
        frozenset({S.READY}),
        Scene.can_only_customer_queue,
    ),
    Offer(
        K.WITHDRAW,
        Text("申込みを取り下げる", "Take the application back"),
        "renewalWithdraw",
        frozenset({S.QUEUED}),
        Scene.always,
    ),
    Offer(K.REFRESH, Text("結果を待つ", "Wait for the result"), None, _SENT, Scene.always),
    Offer(K.CONTACT_AGENCY, _ASK_AT_ONCE, None, _DRAFT, Scene.is_late),
    Offer(K.CONTACT_AGENCY, _ASK_AT_ONCE, None, frozenset({S.LAPSED}), Scene.keeps_grade),
    Offer(K.CONTACT_AGENCY, _ASK, None, frozenset({S.LAPSED}), lambda scene: not scene.keeps_grade()),
    Offer(K.CONTACT_AGENCY, _ASK, None, frozenset({S.REFERRED}), Scene.always),
    Offer(K.CONTACT_AGENCY, _ASK, None, _SENT | {S.QUEUED}, Scene.is_alarming),
    Offer(
        K.RESUME,
        Text("もう一度確認して続ける", "Look again, and go on"),
        "renewalResume",
        frozenset({S.REFERRED}),
        Scene.can_resume,
    ),
    Offer(
        K.SELECT_PLAN,
        Text("プランを選ぶ", "Choose a plan"),
        "renewalPlanSelect",
        frozenset({S.IN_PROGRESS}),
        Scene.can_select,
    ),
    Offer(
        K.REQUOTE,
        Text("補償を変えて再計算する", "Change covers and quote again"),
        "renewalRequote",
        _DRAFT,
        Scene.can_ask_insurer,
    ),
    Offer(
        K.CANCEL,
        Text("更新手続きをやめる", "Abandon the renewal"),
        "renewalCancel",
        _DRAFT | {S.QUEUED, S.REFERRED},
        Scene.always,
    ),
)

_BY_STATE: Mapping[RenewalState, tuple[Offer, ...]] = {
    state: tuple(offer for offer in _OFFERS if state in offer.states) for state in S
}


def next_actions(info: Info, renewal: Renewal, step: FlowStep | None) -> list[NextAction]:
    """Answer what whoever asks can do now."""
    host = info.context.host
    hours = host.manifests[renewal.ref.insurer].hours[Capability.RENEWAL]
    scene = Scene(renewal=renewal, step=step, hours=hours, now=host.now(), by_agent=is_agent(info))
    # Without a way in at the insurer, nothing else comes of what is offered.
    first = [link_account(info)] if _is_shut_out(renewal) else []
    offered = [offer for offer in _BY_STATE[renewal.state] if offer.when(scene)]
    return first + [
        action(
            offer.kind,
            offer.words,
            offer.mutation,
            step=step if offer.is_about_step else None,
            primary=not first and place == 0,
            consequence=offer.consequence,
        )
        for place, offer in enumerate(offered)
    ]


def _is_shut_out(renewal: Renewal) -> bool:
    return renewal.trouble is not None and renewal.trouble.code in _SHUT_OUT and renewal.state not in FINAL
