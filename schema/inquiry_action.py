"""What can be done about one insurer's part of a comparison. What would be refused as things stand is not offered."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from insurers.account import Link
from insurers.comparison import Inquiry, InquiryState
from insurers.errors import ErrorCode
from insurers.setback import SetbackKind
from insurers.text import Text
from schema.action import ActionKind, NextAction, action, answer_challenge, is_agent, link_account
from schema.context import Info
from schema.insurer import Contact, Insurer


def inquiry_actions(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    """Answer what whoever asks can do now; *link* is the customer's account at this insurer."""
    if inquiry.state in (InquiryState.CONSENT_NEEDED, InquiryState.DECLINED):
        return [answer_sharing(info, inquiry)]
    offer = _OFFERED.get(inquiry.setback.kind) if inquiry.state is InquiryState.FAILED and inquiry.setback else None
    offered = [] if offer is None else offer(info, inquiry, link)
    return offered if inquiry.agreed_at is None or is_agent(info) else [*offered, _withdraw(info, inquiry)]


def _withdraw(info: Info, inquiry: Inquiry) -> NextAction:
    """Whoever agreed may take that back at any time."""
    insurer = _insurer(info, inquiry)
    return action(ActionKind.ANSWER_SHARING, _WITHDRAW, "comparisonSharingAnswer", insurer=insurer)


def answer_sharing(info: Info, inquiry: Inquiry, *, primary: bool = True) -> NextAction:
    """Only the customer says who may know of the contract."""
    insurer = _insurer(info, inquiry)
    if is_agent(info):
        return action(ActionKind.ASK_CUSTOMER, _ASK_CUSTOMER, None, primary=primary, insurer=insurer)
    return action(
        ActionKind.ANSWER_SHARING,
        _SHARE if inquiry.state is InquiryState.CONSENT_NEEDED else _SHARE_AFTER_ALL,
        "comparisonSharingAnswer",
        primary=primary and inquiry.state is InquiryState.CONSENT_NEEDED,
        insurer=insurer,
    )


def refresh(info: Info, inquiry: Inquiry) -> NextAction:
    return action(ActionKind.REFRESH, _AGAIN, "comparisonRefresh", primary=True, insurer=_insurer(info, inquiry))


def _again(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    at = inquiry.setback.again_at if inquiry.setback else None
    return [refresh(info, inquiry)] if at is None or at <= info.context.host.now() else []


def _sign_in(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    """Whoever has signed in meanwhile asks again."""
    signed_in = link is not None and link.access is not None and link.updated_at > inquiry.updated_at
    return [refresh(info, inquiry)] if signed_in else [link_account(info)]


def _link(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    return [link_account(info)] if link is None or link.access is None else [refresh(info, inquiry)]


def _challenge(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    if link is not None and link.challenge is not None:
        return [answer_challenge(info, link)]
    return _sign_in(info, inquiry, link)


def _refused(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    """Only where too little may be told does telling more help; a risk that nobody takes no agency takes either."""
    code = inquiry.setback.code if inquiry.setback is not None else None
    if code is ErrorCode.NEEDS_NOT_TOLD and inquiry.agreed_at is not None:
        return [answer_sharing(info, inquiry)]
    return [] if code is ErrorCode.RISK_NOT_ACCEPTED else _contact(info, inquiry, link)


def _contact(info: Info, inquiry: Inquiry, link: Link | None) -> list[NextAction]:
    insurer = _insurer(info, inquiry)
    desks = (inquiry.setback.contact if inquiry.setback else None, *insurer.manifest.contacts)
    contact = next((Contact(word=desk) for desk in desks if desk is not None), None)
    return [action(ActionKind.CONTACT_AGENCY, _CONTACT, None, primary=True, insurer=insurer, contact=contact)]


def _insurer(info: Info, inquiry: Inquiry) -> Insurer:
    return Insurer(manifest=info.context.host.manifests[inquiry.insurer])


_Offer: TypeAlias = Callable[[Info, Inquiry, Link | None], list[NextAction]]

# What stands nowhere here is the insurer's last word, or ours to mend.
_OFFERED: Mapping[SetbackKind, _Offer] = {
    SetbackKind.CLOSED: _again,
    SetbackKind.UNAVAILABLE: _again,
    SetbackKind.LOCKED: _again,
    SetbackKind.NOT_LINKED: _link,
    SetbackKind.ACCESS_DENIED: _sign_in,
    SetbackKind.NEEDS_CUSTOMER: _challenge,
    SetbackKind.TOO_EARLY: _again,
    SetbackKind.REFUSED: _refused,
    SetbackKind.ALREADY_RENEWED: _contact,
    SetbackKind.AGENCY_ONLY: _contact,
}

_ASK_CUSTOMER = Text(
    "契約者ご本人に、伝える内容を確認していただく", "Have the customer say what this insurer may be told"
)
_SHARE = Text("伝える内容を確認して回答する", "Read what it would be told, and answer")
_SHARE_AFTER_ALL = Text("同意して見積もりを依頼する", "Agree after all, and ask it")
_WITHDRAW = Text("同意を取り消す", "Take the consent back: it is told nothing more")
_AGAIN = Text("もう一度見積もりを依頼する", "Ask it again")
_CONTACT = Text("保険会社または取扱代理店に問い合わせる", "Ask the insurer or an agency")
