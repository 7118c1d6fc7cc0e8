"""A comparison on its way: what was asked of which insurer about which policy, and what has come."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.contact import Contact
from insurers.identity import InsurerCode, PlanCode, PolicyRef
from insurers.intention import Intention
from insurers.person import Private
from insurers.plan import Plan
from insurers.policy import RenewabilityReason
from insurers.quotation import stands_until
from insurers.risk import DataCategory, Risk
from insurers.setback import Setback

# The code of the present cover, where it stands among plans.
CURRENT = PlanCode("current")

# A household rarely has more cars than this, and each of them is asked for at every insurer.
MOST_POLICIES = 10


class InquiryState(StrEnum):
    """How far one insurer's part of a comparison is."""

    CONSENT_NEEDED = "consent_needed"  # nothing was sent: the customer says first what may be
    DECLINED = "declined"  # the customer does not want it asked
    ASKED = "asked"
    LATE = "late"  # its time is over, and it is still awaited
    ANSWERED = "answered"
    FAILED = "failed"


# Somebody still waits for the insurer, so a worker takes these up where whoever waited is gone.
UNDER_WAY = frozenset({InquiryState.ASKED, InquiryState.LATE})


class Inquiry(Private, frozen=True, kw_only=True):
    """
    What one insurer is asked about one policy: its renewal's plans where it has the contract, else a quote.

    `categories` is what the customer lets this insurer be told, since `agreed_at`. `waits_until` is
    when it will be called late. `plans` stay as they last came while they are asked for anew, and
    `setback` says why there are none, or no newer ones.
    """

    id: str
    comparison: str
    customer: str
    policy: PolicyRef
    insurer: InsurerCode
    position: int
    state: InquiryState
    version: int
    created_at: datetime
    updated_at: datetime
    categories: frozenset[DataCategory] = frozenset()
    agreed_at: datetime | None = None
    asked_at: datetime | None = None
    waits_until: datetime | None = None
    answered_at: datetime | None = None
    plans: tuple[Plan, ...] = ()
    setback: Setback | None = None

    @property
    def is_own(self) -> bool:
        """Whether this insurer has the contract, and so is told nothing that it does not know."""
        return self.insurer == self.policy.insurer

    @property
    def is_settled(self) -> bool:
        """Whether nobody needs to wait for it any more; a late answer is still taken."""
        return self.state is not InquiryState.ASKED

    def plan(self, code: PlanCode) -> Plan | None:
        return next((plan for plan in self.plans if plan.code == code), None)


class ComparedPolicy(Private, frozen=True, kw_only=True):
    """
    One policy that is compared: the risk it covers, and the present cover as a plan (`CURRENT`).

    `current` costs what the present term costs. `read_at` is when all this was read.
    """

    ref: PolicyRef
    maturity: datetime
    risk: Risk
    current: Plan
    agency: Contact | None = None
    read_at: datetime | None = None

    def stands_until(self, plan: Plan) -> datetime:
        """Answer when a quote for the next term runs out."""
        return stands_until(plan, self.risk.inception or self.maturity)


class Choice(Private, frozen=True, kw_only=True):
    """
    The plan that the customer chose for one policy, and how it goes on: in the renewal that it became, or at an agency.

    `acknowledged` is the fingerprint of what the plan loses or narrows, where it does. `reasons` tell
    why it does not go on in a renewal and whom to ask, and `warnings` what would make two contracts
    of one car (P-1), as they were told when it was chosen.
    """

    policy: PolicyRef
    inquiry: str
    plan: Plan
    chosen_at: datetime
    acknowledged: str | None = None
    renewal: str | None = None
    reasons: tuple[RenewabilityReason, ...] = ()
    warnings: tuple[RenewabilityReason, ...] = ()


class Comparison(Private, frozen=True, kw_only=True):
    """
    A comparison that was asked for. `inquiries` are kept beside it, in order of policy and insurer.

    `version` is the comparison's own and does not count what insurers answer. Of `choices` there is
    at most one for each policy, the last.
    """

    id: str
    customer: str
    version: int
    requested_at: datetime
    updated_at: datetime
    policies: tuple[ComparedPolicy, ...]
    intention: Intention | None = None
    choices: tuple[Choice, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everybody who was asked has answered, failed, or had its time."""
        return all(inquiry.is_settled for inquiry in self.inquiries)

    def policy(self, ref: PolicyRef) -> ComparedPolicy:
        return next(policy for policy in self.policies if policy.ref == ref)

    def choice(self, ref: PolicyRef) -> Choice | None:
        return next((choice for choice in self.choices if choice.policy == ref), None)

    def chosen(self, choice: Choice) -> tuple[Choice, ...]:
        """Answer the choices with this one in the place of what was chosen before for its policy."""
        return (*(other for other in self.choices if other.policy != choice.policy), choice)

    def inquiry(self, id_: str) -> Inquiry | None:
        return next((inquiry for inquiry in self.inquiries if inquiry.id == id_), None)


class ComparisonEvent(StrEnum):
    """What can become of a comparison, for its evidence."""

    REQUESTED = "requested"
    ASKED = "asked"  # an insurer was asked, and told what the entry says
    ANSWERED = "answered"
    FAILED = "failed"
    LATE = "late"
    CHOSEN = "chosen"
    CHANGED = "changed"  # a policy was read anew and is not what it was


class Offer(Struct, frozen=True, kw_only=True):
    """One plan and whose part of the comparison it is."""

    inquiry: Inquiry
    plan: Plan


def offers(comparison: Comparison) -> list[Offer]:
    """Answer every plan that has come, in a stable order: by policy, insurer, and as the insurer does."""
    return [Offer(inquiry=inquiry, plan=plan) for inquiry in comparison.inquiries for plan in inquiry.plans]
