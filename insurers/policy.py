"""One contract between a policyholder and an insurer."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.contact import Contact
from insurers.coverage import Coverage
from insurers.document import Document
from insurers.identity import AgencyCode, PolicyRef, SuccessorNumber
from insurers.person import PersonName, Private
from insurers.plan import Premium
from insurers.text import Text
from insurers.vehicle import DriverScope, NonFleetGrade, Vehicle


class PolicyStatus(StrEnum):
    """Life of a policy. What an insurer's word does not map to is UNKNOWN."""

    PENDING = "pending"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RENEWED = "renewed"
    UNKNOWN = "unknown"


class ContractForm(StrEnum):
    """Who holds the policy and who collects (D10); decides what can be done online."""

    INDIVIDUAL = "individual"
    GROUP_HANDLED = "group_handled"  # 団体扱
    ASSOCIATION_HANDLED = "association_handled"  # 集団扱
    GROUP_MASTER = "group_master"  # 団体契約
    CORPORATE = "corporate"
    UNKNOWN = "unknown"


class GroupScheme(Struct, frozen=True, kw_only=True, gc=False):
    """A payroll group (団体扱) through which the premium is collected."""

    name: str
    employer_name: str | None = None
    employee_number_required: bool = False


class Agency(Struct, frozen=True, kw_only=True, gc=False):
    """The agency that handles a policy (取扱代理店)."""

    code: AgencyCode
    name: str
    contact: Contact


class DeadlineKind(StrEnum):
    """Dates of one policy that matter."""

    RENEWAL_OPENS = "renewal_opens"
    AUTO_RENEWAL_NOTICE = "auto_renewal_notice"
    RENEWAL_CLOSES = "renewal_closes"
    MATURITY = "maturity"
    GRADE_CARRY_OVER_ENDS = "grade_carry_over_ends"
    LATE_RENEWAL_ENDS = "late_renewal_ends"


class Confidence(StrEnum):
    """How sure a date is: said by the insurer, configured from a document, or assumed."""

    INSURER_SAID = "insurer_said"
    CONFIGURED = "configured"
    ASSUMED = "assumed"


class Deadline(Struct, frozen=True, kw_only=True, gc=False):
    """A date that matters, with where it comes from."""

    kind: DeadlineKind
    at: datetime
    source: Text
    confidence: Confidence


class RenewabilityCode(StrEnum):
    """Why a policy cannot be renewed online."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CORPORATE_POLICYHOLDER = "corporate_policyholder"
    GROUP_CONTRACT = "group_contract"
    GROUP_CONDITION_NOT_MET = "group_condition_not_met"
    CHANGE_NEEDS_AGENCY = "change_needs_agency"
    DISCLOSURE_APPLIES = "disclosure_applies"
    RECENT_ACCIDENT = "recent_accident"
    FLEET_SIZE = "fleet_size"
    AUTO_RENEWAL_ACTIVE = "auto_renewal_active"
    ALREADY_RENEWED = "already_renewed"
    CAR_ALREADY_COVERED = "car_already_covered"
    OUTSIDE_SERVICE_HOURS = "outside_service_hours"
    UNKNOWN = "unknown"


class RenewabilityReason(Struct, frozen=True, kw_only=True, gc=False):
    """One reason, in code and words, and whom to ask."""

    code: RenewabilityCode
    message: Text
    contact: Contact | None = None


class RenewalOffer(Struct, frozen=True, kw_only=True, gc=False):
    """
    Whether a policy can be renewed online, and between when.

    `closes_at` is the last moment at which the insurer takes an application, or None where
    no source tells it. `decline_by` is until when an automatic renewal can be declined, where
    the policy has such a rider; `late_until` until when its late-renewal rider (継続うっかり特約)
    would still renew it. `successor` is set once the next term exists.
    """

    ref: PolicyRef
    online: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    decline_by: datetime | None = None
    late_until: datetime | None = None
    reasons: tuple[RenewabilityReason, ...] = ()
    successor: SuccessorNumber | None = None


class Policy(Private, frozen=True, kw_only=True, gc=False):
    """
    A motor policy (自動車保険契約).

    Terms run from 16:00 to 16:00 in Tokyo as a rule. `auto_renewal` is None where the insurer
    does not say. `insurer_status` is its own word for the status.
    """

    ref: PolicyRef
    status: PolicyStatus
    insurer_status: str | None
    starts_at: datetime
    ends_at: datetime
    form: ContractForm
    holder: PersonName | None = None
    premium: Premium | None = None
    vehicle: Vehicle | None = None
    driver_scope: DriverScope | None = None
    grade: NonFleetGrade | None = None
    coverages: tuple[Coverage, ...] = ()
    auto_renewal: bool | None = None
    agency: Agency | None = None
    group_scheme: GroupScheme | None = None
    documents: tuple[Document, ...] = ()
    successor: SuccessorNumber | None = None
