"""
What an agent can do now about an entry of the book. What would be refused as things stand is not offered.

Things stand as the gateway knows them. No feed tells when an insurer opens a renewal; it is known of a policy of which
the insurer was asked in the customer's account: upon a consent, for a page, or by a start that was refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from insurers.agency import ConsentScope, Mandate
from insurers.book import CLOSED_ENTRIES, GRADE_WINDOW, Blocker, Entry, EntryStatus
from insurers.contact import Contact as ContactWord
from insurers.text import Text
from schema.action import ActionKind, Consequence, NextAction, action
from schema.insurer import Contact

S = EntryStatus
K = ActionKind
C = Consequence


@dataclass(frozen=True)
class Scene:
    """An entry at a moment, and what its customer lets the agency do then."""

    entry: Entry
    mandate: Mandate | None
    now: datetime

    def always(self) -> bool:
        return True

    def is_running(self) -> bool:
        """Whether the term has not ended."""
        return self.now < self.entry.record.ends_at

    def keeps_grade(self) -> bool:
        return self.now < self.entry.record.ends_at + GRADE_WINDOW

    def can_start(self) -> bool:
        return self.is_open() and self.is_running() and self._may(ConsentScope.PREPARE_RENEWAL)

    def is_open(self) -> bool:
        """Whether nothing is in the way; the moment of an opening needs nobody who writes it down."""
        return self.entry.blocker is Blocker.NOTHING or (self.waits_for_insurer() and not self.is_early())

    def waits_for_insurer(self) -> bool:
        return self.entry.blocker is Blocker.INSURER_CLOSED

    def is_early(self) -> bool:
        """Whether the insurer has yet to open the renewal."""
        return self.waits_for_insurer() and (self.entry.opens_at is None or self.now < self.entry.opens_at)

    def can_go_on(self) -> bool:
        return self.entry.renewal is not None and self._may(ConsentScope.PREPARE_RENEWAL)

    def waits_for_customer(self) -> bool:
        """Whether something is the customer's alone to give, and there is a way to ask for it."""
        applies = self.entry.status is S.READY and not self._may(ConsentScope.SUBMIT_RENEWAL)
        return self.is_running() and self.has_mail() and (applies or self.entry.blocker in _CUSTOMERS)

    def lacks_mail(self) -> bool:
        """Whether the customer can be reached, and not by mail."""
        return self.is_running() and not self.has_mail() and self.entry.record.phone is not None

    def is_at_its_last(self) -> bool:
        """Whether the term has ended, and only a call can still save the grade."""
        return not self.is_running() and self.keeps_grade() and self.entry.record.phone is not None

    def can_remind(self) -> bool:
        return self.is_running() and self.has_mail()

    def has_mail(self) -> bool:
        return self.entry.record.email is not None

    def has_nobody(self) -> bool:
        return self.entry.assignee is None

    def is_marked(self) -> bool:
        return self.entry.mark is not None

    def _may(self, scope: ConsentScope) -> bool:
        return self.mandate is not None and self.mandate.allows(scope, self.now)


_CUSTOMERS = frozenset({Blocker.NOT_LINKED, Blocker.WAITING_FOR_PASSCODE, Blocker.NEEDS_CUSTOMER})


@dataclass(frozen=True)
class Offer:
    """An action, the states in which it is offered, and what must hold besides."""

    kind: ActionKind
    words: Text
    mutation: str | None
    states: frozenset[EntryStatus]
    when: Callable[[Scene], bool]
    consequence: Consequence = C.NONE


_OPEN = frozenset(S) - CLOSED_ENTRIES
_BEFORE = frozenset({S.NOT_STARTED, S.IN_PROGRESS, S.READY})
_SENT = frozenset({S.SUBMITTING, S.UNCONFIRMED})
_UNTIL_OPEN = Text("受付開始を待つ", "Wait until the insurer opens")

# In the order of buttons: the first one that is offered is the one to offer first.
_OFFERS = (
    Offer(
        K.START_RENEWAL,
        Text("更新手続きを始める", "Start the renewal"),
        "bookRenewalsStart",
        frozenset({S.NOT_STARTED}),
        Scene.can_start,
    ),
    Offer(K.REFRESH, _UNTIL_OPEN, None, frozenset({S.NOT_STARTED}), Scene.is_early),
    Offer(
        K.ASK_CUSTOMER,
        Text(
            "お客さまに依頼のメールを送る（同意・連携・確認）",
            "Ask the customer by mail: consent, account, confirmation",
        ),
        "bookCustomerAsk",
        _BEFORE,
        Scene.waits_for_customer,
        C.SENDS_MESSAGE,
    ),
    Offer(
        K.CONTINUE_RENEWAL,
        Text("更新手続きを続ける", "Go on with the renewal"),
        None,
        frozenset({S.IN_PROGRESS, S.READY, S.REFERRED, S.QUEUED}),
        Scene.can_go_on,
    ),
    Offer(
        K.CONTACT_CUSTOMER,
        Text("至急、お客さまに電話する（等級の継承期限があります）", "Call the customer: the grade is lost on day 7"),
        None,
        frozenset({S.NOT_STARTED, S.IN_PROGRESS, S.READY, S.REFERRED, S.LAPSED}),
        Scene.is_at_its_last,
    ),
    Offer(
        K.CONTACT_CUSTOMER,
        Text("お客さまに電話する（メールアドレスがありません）", "Call the customer; no mail address is known"),
        None,
        _BEFORE,
        Scene.lacks_mail,
    ),
    Offer(
        K.OPEN_PORTAL,
        Text("保険会社の代理店システムで手続きする", "Settle it in the insurer's own agency system"),
        None,
        frozenset({S.REFERRED, S.LAPSED}),
        Scene.keeps_grade,
    ),
    Offer(K.REFRESH, _UNTIL_OPEN, None, frozenset({S.QUEUED}), Scene.always),
    Offer(K.REFRESH, Text("結果を待つ", "Wait for the result"), None, _SENT, Scene.always),
    Offer(
        K.SEND_REMINDER,
        Text("満期のご案内メールを送る", "Send a reminder of the maturity by mail"),
        "bookReminderSend",
        _BEFORE,
        Scene.can_remind,
        C.SENDS_MESSAGE,
    ),
    Offer(K.ASSIGN, Text("担当者を決める", "Give it to an agent"), "bookAssign", _OPEN, Scene.has_nobody),
    Offer(
        K.MARK,
        Text("手続き済みまたは代理店対応の印を付ける", "Mark it as done elsewhere, or as referred"),
        "bookMark",
        _BEFORE | {S.LAPSED},
        lambda scene: not scene.is_marked(),
    ),
    Offer(
        K.MARK,
        Text("付けた印を外す", "Take the mark off"),
        "bookMark",
        frozenset({S.DONE_ELSEWHERE, S.REFERRED}),
        Scene.is_marked,
    ),
    Offer(K.ADD_NOTE, Text("メモを残す", "Write a note"), "bookNoteAdd", frozenset(S), Scene.always),
)

_BY_STATUS: Mapping[EntryStatus, tuple[Offer, ...]] = {
    status: tuple(offer for offer in _OFFERS if status in offer.states) for status in S
}

_HOLDER = Text("ご契約者", "The policyholder")


def next_actions(scene: Scene) -> list[NextAction]:
    """Answer what the agent can do now. What vanished from its feed is only written about."""
    gone = scene.entry.gone_at is not None
    offered = [
        offer
        for offer in _BY_STATUS[scene.entry.status]
        if offer.when(scene) and (not gone or offer.kind in (K.ADD_NOTE, K.ASSIGN))
    ]
    return [
        action(
            offer.kind,
            offer.words,
            offer.mutation,
            primary=place == 0 and offer.kind is not K.ADD_NOTE,
            consequence=offer.consequence,
            contact=_phone(scene.entry) if offer.kind is K.CONTACT_CUSTOMER else None,
        )
        for place, offer in enumerate(offered)
    ]


def _phone(entry: Entry) -> Contact:
    return Contact(word=ContactWord(label=_HOLDER, phone=entry.record.phone))
