"""What can be done next in a comparison. What would be refused as things stand is not offered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from insurers.comparison import Comparison, InquiryState, Offer, offers
from insurers.losses import losses
from insurers.text import Text
from schema.action import ActionKind, NextAction, action, is_agent
from schema.context import Info
from schema.inquiry_action import answer_sharing

K = ActionKind


@dataclass(frozen=True)
class Scene:
    """A comparison at a moment, before somebody who looks at it."""

    comparison: Comparison
    now: datetime
    by_agent: bool

    def goes_on_in_a_renewal(self) -> bool:
        choice = self.comparison.choice
        return choice is not None and choice.renewal is not None

    def goes_on_with_an_agency(self) -> bool:
        choice = self.comparison.choice
        return choice is not None and choice.renewal is None

    def can_choose(self) -> bool:
        return self.comparison.choice is None and any(map(self._may_be_chosen, offers(self.comparison)))

    def _may_be_chosen(self, offer: Offer) -> bool:
        """Whether the quote stands; what a plan loses is the customer's alone to acknowledge."""
        if offer.plan.valid_until is not None and offer.plan.valid_until <= self.now:
            return False
        return not self.by_agent or not losses(offer.plan, self.comparison.policy(offer.inquiry.policy).current)

    def can_say_what_is_wanted(self) -> bool:
        return not self.by_agent and self.comparison.choice is None

    def can_edit(self) -> bool:
        changeable = (cover.options for offer in offers(self.comparison) for cover in offer.plan.coverages)
        return self.comparison.choice is None and any(changeable)

    def can_ask_again(self) -> bool:
        settled = (InquiryState.ANSWERED, InquiryState.FAILED)
        return self.comparison.choice is None and any(part.state in settled for part in self.comparison.inquiries)


@dataclass(frozen=True)
class Button:
    """An action, and what must hold."""

    kind: ActionKind
    words: Text
    mutation: str | None
    when: Callable[[Scene], bool]


# In the order of buttons.
_BUTTONS = (
    Button(K.CONTINUE_RENEWAL, Text("更新手続きに進む", "Go on with the renewal"), None, Scene.goes_on_in_a_renewal),
    Button(
        K.CONTACT_AGENCY,
        Text("選んだプランの保険会社の取扱代理店に申し込む", "Apply with an agency of the insurer that offers it"),
        None,
        Scene.goes_on_with_an_agency,
    ),
    Button(K.CHOOSE_PLAN, Text("プランを選ぶ", "Choose a plan"), "comparisonPlanChoose", Scene.can_choose),
    Button(
        K.SET_INTENTION,
        Text("ご希望を伝えて絞り込む", "Say what you want, and see what fits"),
        "comparisonIntentionSet",
        Scene.can_say_what_is_wanted,
    ),
    Button(
        K.REQUOTE, Text("補償を変えて見積もる", "Change covers and quote again"), "comparisonRequote", Scene.can_edit
    ),
    Button(K.REFRESH, Text("もう一度見積もりを依頼する", "Ask again"), "comparisonRefresh", Scene.can_ask_again),
)


def next_actions(info: Info, comparison: Comparison) -> list[NextAction]:
    """Answer what whoever asks can do now; who may not be asked yet is asked about first."""
    scene = Scene(comparison=comparison, now=info.context.host.now(), by_agent=is_agent(info))
    unasked = {part.insurer: part for part in comparison.inquiries if part.state is InquiryState.CONSENT_NEEDED}
    first = (
        []
        if comparison.choice
        else [answer_sharing(info, part, primary=place == 0) for place, part in enumerate(unasked.values())]
    )
    offered = [button for button in _BUTTONS if button.when(scene)]
    return first + [
        action(button.kind, button.words, button.mutation, primary=not first and place == 0)
        for place, button in enumerate(offered)
    ]
