"""One car, one contract (P-1): what of another contract would make two, and in which words that is told."""

from datetime import datetime

from msgspec import Struct

from insurers import plate
from insurers.contact import Contact
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.policy import Policy, PolicyStatus, RenewabilityCode, RenewabilityReason, RenewalOffer
from insurers.term import Term, following
from insurers.text import Text
from schema.problems import Problem, ProblemCode


class Contract(Struct, frozen=True, kw_only=True):
    """A contract at another insurer, as that tells it."""

    policy: Policy
    offer: RenewalOffer | None

    def covers(self, wanted: Term) -> bool:
        """Whether it covers the time that is wanted, or the one that follows it already does."""
        if self.policy.status is PolicyStatus.CANCELLED:
            return False
        if self._successor and following(self.policy.ends_at).doubles(wanted):
            return True
        return Term(starts_at=self.policy.starts_at, ends_at=self.policy.ends_at).doubles(wanted)

    def renews_itself(self, wanted: Term) -> bool:
        """Whether it has a rider that will renew it for the time that is wanted."""
        if self.policy.status in (PolicyStatus.CANCELLED, PolicyStatus.EXPIRED) or self._successor:
            return False
        return self._has_rider and following(self.policy.ends_at).doubles(wanted)

    @property
    def decline_by(self) -> datetime | None:
        return self.offer.decline_by if self.offer else None

    @property
    def _successor(self) -> bool:
        return (self.policy.successor or (self.offer and self.offer.successor)) is not None

    @property
    def _has_rider(self) -> bool:
        return self.policy.auto_renewal is True or self.decline_by is not None


def car(policy: Policy) -> str | None:
    """The car of a policy, by its plate; None where that is not told."""
    return plate.canonical(policy.vehicle.plate) if policy.vehicle else None


def reason(
    other: Contract, wanted: Term, *, at: Text, contact: Contact | None, now: datetime
) -> RenewabilityReason | None:
    """Why the next term would be a second contract on the car; None where it would not. *at* names the insurer."""
    if other.covers(wanted):
        return RenewabilityReason(code=RenewabilityCode.CAR_ALREADY_COVERED, message=_covered(at), contact=contact)
    if other.renews_itself(wanted):
        message = _renews_itself(at, other.decline_by, now)
        return RenewabilityReason(code=RenewabilityCode.AUTO_RENEWAL_ACTIVE, message=message, contact=contact)
    return None


def taken(insurer: InsurerCode, *, by: Text | None, contact: Contact | None) -> Problem:
    """
    Tell that another application has the car.

    *by* names the other insurer where the other application is the same customer's; *contact* is
    whom to ask where it is not.
    """
    message = _taken(by) if by else _TAKEN_BY_ANOTHER
    told = RenewabilityReason(code=RenewabilityCode.CAR_ALREADY_COVERED, message=message, contact=contact)
    return Problem(
        code=ProblemCode.NOT_ELIGIBLE,
        message=message,
        reasons=(told,),
        contacts=(contact,) if contact else (),
        insurer=insurer,
    )


def unasked(at: Text) -> Text:
    """What the history says where another insurer did not tell its contracts."""
    return Text(
        f"{at.ja}に同じお車のご契約がないかは確認できませんでした",
        f"Whether {at.en} insures the same car could not be checked",
    )


NO_PLATE = Text(
    "登録番号が分からないため、同じお車に別のご契約がないかは確認できませんでした",
    "The plate is not known, so whether anybody else insures the same car could not be checked",
)


def _covered(at: Text) -> Text:
    return Text(
        f"{at.ja}に、次の期間も同じお車を補償するご契約があります。お車1台につきご契約は1つです。"
        f"{at.ja}のご契約を続けない場合は、取扱代理店で解約のお手続きをされてから、もう一度ご確認ください。",
        f"A contract at {at.en} covers the same car in the next term, and one car gets one contract. If you do not "
        "want that one, have its agency end it, and look again.",
    )


def _renews_itself(at: Text, decline_by: datetime | None, now: datetime) -> Text:
    ja, en = _until(decline_by, now)
    return Text(
        f"{at.ja}の同じお車のご契約は、自動更新の特約により更新されます。このまま申し込むと契約が2つになります。"
        f"{ja}取扱代理店に更新しない旨をお申し出のうえ、もう一度ご確認ください。",
        f"The contract on the same car at {at.en} renews itself by a rider, and this would be a second one. "
        f"Have its agency decline the renewal{en}, and look again.",
    )


def _until(decline_by: datetime | None, now: datetime) -> tuple[str, str]:
    if decline_by is None:
        return "", ""
    until = decline_by.astimezone(TOKYO)
    if decline_by <= now:
        return "お申し出の期限を過ぎていますので、至急、", " at once, for the last day to do so has passed"
    return (
        f"{until.year}年{until.month}月{until.day}日 {until:%H:%M}までに、",
        f" by {until:%Y-%m-%d} {until:%H:%M} in Tokyo",
    )


def _taken(by: Text) -> Text:
    return Text(
        f"このお車は{by.ja}でお申込み中か、すでにお申込み済みです。お車1台につきご契約は1つです。"
        f"{by.ja}のお手続きの状況をご確認ください。",
        f"You have applied for this car at {by.en} already, and one car gets one contract. Look at the renewal there: "
        "while it still waits to be sent, it can be taken back.",
    )


_TAKEN_BY_ANOTHER = Text(
    "このお車には、すでに別のお申込みまたはご契約があります。お車1台につきご契約は1つです。取扱代理店へお問い合わせください。",
    "Another application or contract covers this car already, and one car gets one contract. Please ask your agency.",
)
