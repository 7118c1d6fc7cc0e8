"""An application for the next term that was begun here: what it means for whoever chooses another plan (P-1)."""

from collections.abc import Mapping
from datetime import datetime

from gateway.store import Work
from insurers.comparison import ComparedPolicy
from insurers.contact import Contact
from insurers.hours import TOKYO
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.renewal import Renewal, RenewalState
from insurers.text import Text
from schema.problems import Problem, ProblemCode

S = RenewalState


async def standing(work: Work, customer: str, policy: ComparedPolicy) -> Renewal | None:
    """Answer the customer's renewal into the term that is compared, unless it was given up."""
    found = await work.renewals.living(policy.ref, policy.maturity)
    return found if found is not None and found.customer == customer else None


def reason(renewal: Renewal, *, at: Text, contact: Contact | None) -> RenewabilityReason | None:
    """Why one more contract would be a second one on the car; None while nothing was applied for. *at* names whom."""
    code = RenewabilityCode.CAR_ALREADY_COVERED
    match renewal.state:
        case S.QUEUED:
            message = _waits(at, renewal.will_submit_at)
        case S.SUBMITTING | S.UNCONFIRMED:
            message = _sent(at)
        case _ if renewal.next_term_exists:
            code, message = RenewabilityCode.ALREADY_RENEWED, _renewed(at)
        case _:
            return None
    return RenewabilityReason(code=code, message=message, contact=contact)


def problem(renewal: Renewal, *, at: Text, contact: Contact | None) -> Problem | None:
    """Why no other plan of the same insurer can be taken up any more; None while one can."""
    why = reason(renewal, at=at, contact=contact)
    if why is None:
        return None
    return Problem(
        code=_CODES[why.code],
        message=why.message,
        field=("planId",),
        reasons=(why,),
        contacts=(contact,) if contact else (),
        insurer=renewal.ref.insurer,
    )


_CODES: Mapping[RenewabilityCode, ProblemCode] = {
    RenewabilityCode.CAR_ALREADY_COVERED: ProblemCode.STEP_LOCKED,
    RenewabilityCode.ALREADY_RENEWED: ProblemCode.ALREADY_DONE,
}


def _waits(at: Text, until: datetime | None) -> Text:
    ja, en = ("受付開始後に", "once it opens")
    if until is not None:
        sent = until.astimezone(TOKYO)
        ja = f"{sent.year}年{sent.month}月{sent.day}日 {sent:%H:%M}に"
        en = f"on {sent:%Y-%m-%d} at {sent:%H:%M} in Tokyo"
    return Text(
        f"{at.ja}への更新のお申込みをお預かりしており、{ja}送信します。お車1台につきご契約は1つです。"
        "別のプランでご契約になる場合は、送信の前に、更新手続きの「申込みを取り下げる」から取り下げてください。",
        f"An application to {at.en} waits here and will be sent {en}, and one car gets one contract. If you want "
        "another plan, take that application back in its renewal before it is sent.",
    )


def _sent(at: Text) -> Text:
    return Text(
        f"{at.ja}へ更新のお申込みを送信しており、結果を確認しています。別のプランでお申し込みになると契約が2つになります。"
        f"取りやめをご希望の場合は、{at.ja}の取扱代理店へご連絡ください。",
        f"The renewal at {at.en} was applied for already, and its result is being found out: applying for another plan "
        "would make a second contract. If you no longer want it, ask its agency.",
    )


def _renewed(at: Text) -> Text:
    return Text(
        f"{at.ja}での更新は済んでいます。別のプランでお申し込みになると契約が2つになります。"
        f"変更をご希望の場合は、{at.ja}の取扱代理店へご連絡ください。",
        f"The contract at {at.en} has been renewed already: applying for another plan would make a second contract. If "
        "you want something else, ask its agency.",
    )
