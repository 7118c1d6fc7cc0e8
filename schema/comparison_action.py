"""What can be done next in a comparison. What would be refused as things stand is not offered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from insurers.comparison import UNDER_WAY, Choice, ComparedPolicy, Comparison, Inquiry, InquiryState
from insurers.losses import losses
from insurers.plan import Plan
from insurers.renewal import FINAL, Renewal, RenewalState
from insurers.text import Text
from schema.action import ActionKind, NextAction, action, is_agent
from schema.context import Info
from schema.inquiry_action import answer_sharing
from schema.insurer import Contact, Insurer

K = ActionKind
S = RenewalState

_APPLIED = frozenset({S.QUEUED, S.SUBMITTING, S.UNCONFIRMED})

_SETTLED = frozenset({InquiryState.ANSWERED, InquiryState.FAILED})


@dataclass(frozen=True)
class Scene:
    """One policy of a comparison at a moment, before somebody who looks at it; `renewal` is the last one of it here."""

    comparison: Comparison
    policy: ComparedPolicy
    renewal: Renewal | None
    now: datetime
    by_agent: bool

    @property
    def choice(self) -> Choice | None:
        return self.comparison.choice(self.policy.ref)

    @property
    def inquiries(self) -> list[Inquiry]:
        return [inquiry for inquiry in self.comparison.inquiries if inquiry.policy == self.policy.ref]

    def unasked(self) -> list[Inquiry]:
        """Who may not be asked yet, while nothing is chosen."""
        return [part for part in self.inquiries if part.state is InquiryState.CONSENT_NEEDED and self.choice is None]

    def is_open(self) -> bool:
        """Whether another plan may still be chosen; one car gets one contract (P-1)."""
        if self.renewal is None or self.renewal.maturity != self.policy.maturity:
            return True
        return self.renewal.state not in _APPLIED and not self.renewal.next_term_exists

    def waits(self) -> bool:
        """Whether an application waits here that can still be taken back for another plan."""
        renewal = self.renewal
        return renewal is not None and renewal.state is S.QUEUED and renewal.maturity == self.policy.maturity

    def goes_on_in_a_renewal(self) -> bool:
        if self.choice is None or self.choice.renewal is None:
            return False
        ended = self.renewal is not None and self.renewal.state in FINAL
        return not (ended and self.renewal is not None and self.renewal.id == self.choice.renewal)

    def can_choose(self) -> bool:
        return self.is_open() and any(self._may_be_chosen(plan) for part in self.inquiries for plan in part.plans)

    def _may_be_chosen(self, plan: Plan) -> bool:
        """Whether the quote stands; what a plan loses is the customer's alone to acknowledge."""
        if self.policy.stands_until(plan) <= self.now or (self.choice is not None and self.choice.plan == plan):
            return False
        return not self.by_agent or not losses(plan, self.policy.current)

    def can_edit(self) -> bool:
        asked = (part for part in self.inquiries if part.state not in UNDER_WAY and (part.is_own or part.agreed_at))
        return self.is_open() and any(
            cover.options for part in asked for plan in part.plans for cover in plan.coverages
        )

    def can_ask_again(self) -> bool:
        return self.is_open() and any(part.state in _SETTLED for part in self.inquiries)


async def next_actions(info: Info, comparison: Comparison) -> list[NextAction]:
    """Answer what whoever asks can do now; who may not be asked yet is asked about first."""
    now, by_agent = info.context.host.now(), is_agent(info)
    renewals = await info.context.loaders.renewal.load_many([policy.ref for policy in comparison.policies])
    scenes = [
        Scene(comparison=comparison, policy=policy, renewal=renewal, now=now, by_agent=by_agent)
        for policy, renewal in zip(comparison.policies, renewals, strict=True)
    ]
    unasked = {part.insurer: part for scene in scenes for part in scene.unasked()}
    found = [answer_sharing(info, part, primary=False) for part in unasked.values()]
    found += [each for scene in scenes for each in _onward(info, scene)]
    found += [_choose(scene) for scene in scenes if scene.can_choose()]
    found += _of_all(scenes, by_agent=by_agent)
    for place, each in enumerate(found):
        each.primary = place == 0
    return found + [_withdraw(info, scene) for scene in scenes if scene.waits()]


def _onward(info: Info, scene: Scene) -> Iterator[NextAction]:
    """The way on with what was chosen."""
    choice, ref = scene.choice, scene.policy.ref
    if choice is None:
        return
    manifest = info.context.host.manifests.get(choice.plan.insurer)
    insurer = Insurer(manifest=manifest) if manifest else None
    if scene.goes_on_in_a_renewal():
        yield action(K.CONTINUE_RENEWAL, _GO_ON, None, insurer=insurer, policy=ref)
    elif choice.renewal is None:
        named = [reason.contact for reason in choice.reasons if reason.contact] + list(
            manifest.contacts if manifest else ()
        )
        contact = next((Contact(word=each) for each in named), None)
        yield action(K.CONTACT_AGENCY, _APPLY, None, insurer=insurer, contact=contact, policy=ref)


def _choose(scene: Scene) -> NextAction:
    words = _CHOOSE if scene.choice is None else _CHOOSE_ANOTHER
    return action(K.CHOOSE_PLAN, words, "comparisonPlanChoose", policy=scene.policy.ref)


def _withdraw(info: Info, scene: Scene) -> NextAction:
    ref = scene.policy.ref
    insurer = Insurer(manifest=info.context.host.manifests[ref.insurer])
    return action(K.WITHDRAW, _WITHDRAW, "renewalWithdraw", insurer=insurer, policy=ref)


def _of_all(scenes: Sequence[Scene], *, by_agent: bool) -> Iterator[NextAction]:
    if not by_agent and any(scene.is_open() for scene in scenes):
        yield action(K.SET_INTENTION, _INTEND, "comparisonIntentionSet")
    if any(scene.can_edit() for scene in scenes):
        yield action(K.REQUOTE, _EDIT, "comparisonRequote")
    if any(scene.can_ask_again() for scene in scenes):
        yield action(K.REFRESH, _AGAIN, "comparisonRefresh")


_GO_ON = Text("更新手続きに進む", "Go on with the renewal")
_APPLY = Text(
    "選んだプランを保険会社または取扱代理店に申し込む", "Apply for the chosen plan with its insurer or an agency"
)
_CHOOSE = Text("プランを選ぶ", "Choose a plan")
_CHOOSE_ANOTHER = Text("別のプランに替える", "Choose another plan instead")
_WITHDRAW = Text("更新の申込みを取り下げる", "Take the application that waits back")
_INTEND = Text("ご希望を伝えて絞り込む", "Say what you want, and see what fits")
_EDIT = Text("補償を変えて見積もる", "Change covers and quote again")
_AGAIN = Text("もう一度見積もりを依頼する", "Ask again")
