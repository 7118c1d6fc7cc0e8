"""The enumerations of the common language, named for GraphQL."""

import strawberry

from insurers.account import ChallengeKind, Channel, LinkState, SecretOrigin
from insurers.agency import AgentRole, ConsentScope
from insurers.answers import StepState
from insurers.capability import Capability, Level
from insurers.comparison import InquiryState
from insurers.consent import ActorRole, ConsentKind
from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.fit import Fit
from insurers.intention import Priority
from insurers.money import LimitBasis, LimitKind
from insurers.plan import PaymentMethod, PremiumNature
from insurers.policy import Confidence, ContractForm, DeadlineKind, PolicyStatus, RenewabilityCode
from insurers.registration import Possession, RegistrationPurpose
from insurers.renewal import RenewalState
from insurers.risk import DataCategory
from insurers.script import InputKind, StepKind
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose
from insurers.verdict import Verdict
from schema.ports import Role, WhenClosed
from schema.problems import ProblemCode

_NAMED = {
    Channel: ("Channel", "Where an out-of-band message goes."),
    ChallengeKind: ("ChallengeKind", "What an insurer asks a person to bring."),
    LinkState: ("LinkState", "State of a linked account."),
    StepState: ("StepState", "Where a step stands. At most one is open: the first that is not DONE."),
    StepKind: ("StepKind", "What a step is about; a hint for icons and layout."),
    InputKind: ("InputKind", "How to draw a field, and what is accepted in it."),
    Capability: ("Capability", "What the gateway can do with an insurer."),
    Level: ("CapabilityLevel", "How a capability is had: by the insurer's wire, put together, by the agency, or not."),
    Verdict: (
        "Verdict",
        (
            "How a cell stands to the reference plan. DIFFERENT cannot be ordered; UNKNOWN was not stated. WORSE is so"
            " in one respect at least, also where others were not stated; BETTER and EQUAL are told only where all was."
        ),
    ),
    CoverageKind: ("CoverageKey", "Comparable vocabulary that all insurers' covers are mapped to."),
    CoverageVariant: (
        "CoverageVariant",
        (
            "Type of a cover that is sold in types. UNKNOWN is a word that no table knows. FULL and LIMITED are no"
            " measure between insurers: the perils are."
        ),
    ),
    Covered: ("Covered", "Whether one peril is covered."),
    Peril: ("Peril", "Perils of own-damage cover (車両保険)."),
    LimitKind: ("LimitKind", "How far a cover goes (保険金額)."),
    LimitBasis: ("LimitBasis", "For what a limit is the most: a person, an accident, or a day."),
    PaymentMethod: ("PaymentMethod", "How a premium is paid (払込方法)."),
    PremiumNature: (
        "PremiumNature",
        "An indication may still change; a bindable premium is what will be charged until `Plan.validUntil`.",
    ),
    Confidence: ("Confidence", "How sure a date is: said by the insurer, configured from a document, or assumed."),
    ContractForm: ("ContractForm", "Who holds the policy and who collects; decides what can be done online."),
    DeadlineKind: ("DeadlineKind", "Dates of one policy that matter."),
    PolicyStatus: ("PolicyStatus", "Life of a policy. What an insurer's word does not map to is UNKNOWN."),
    RenewabilityCode: ("RenewabilityCode", "Why a policy cannot be renewed online."),
    RegistrationPurpose: (
        "RegistrationPurpose",
        "Why a registration runs. ADD_POLICIES and LINK_MESSENGER need an account that is linked.",
    ),
    Possession: (
        "Possession",
        (
            "What a customer may have in hand. A certificate or postcard whose code is printed as ***** counts as a"
            " POLICY_NUMBER only."
        ),
    ),
    SecretOrigin: ("SecretOrigin", "Who made up a keyword."),
    RenewalState: (
        "RenewalStatus",
        (
            "Life of a renewal. QUEUED is accepted by the gateway and not by the insurer; UNCONFIRMED was sent and not"
            " answered, and is never sent again blindly; ACCEPTED has a successor number."
        ),
    ),
    AgeCondition: ("AgeCondition", "From which age one may drive (運転者年齢条件)."),
    DriverLimitation: ("DriverLimitation", "Who may drive (運転者限定)."),
    LicenceColour: ("LicenceColour", "Colour of the named insured's licence (免許証の色); prices depend on it."),
    UsePurpose: ("UsePurpose", "What the car is used for (使用目的)."),
    Role: ("Role", "As what somebody is signed in."),
    ActorRole: ("ActorRole", "As what somebody did something. SERVICE is the gateway itself."),
    InquiryState: (
        "ComparisonInquiryState",
        (
            "How far one insurer's part of a comparison is. CONSENT_NEEDED was told nothing yet; DECLINED may not be"
            " told anything; LATE had its time, and what it answers is taken all the same."
        ),
    ),
    Priority: ("Priority", "What matters to the customer. Each orders plans by one thing that is stated."),
    Fit: ("Fit", "Whether a plan is what was asked for. UNCERTAIN: something that decides it was not stated."),
    DataCategory: (
        "DataCategory",
        "A kind of data of a contract that another insurer may be told, if its holder agrees.",
    ),
    AgentRole: ("AgentRole", "What somebody is at an agency. An AGENT with a branch sees that branch; all others all."),
    ConsentScope: ("ConsentScope", "What a customer lets an agency do. Without READ_POLICIES the others give nothing."),
    ConsentKind: ("ConsentKind", "What was confirmed, and so what the confirmation is bound to."),
    WhenClosed: ("WhenClosed", "What to do with an application while the insurer is closed: queue it, or refuse it."),
    ProblemCode: ("UserErrorCode", "Stable codes of expected failures; new ones may appear."),
}

for kind, (name, description) in _NAMED.items():
    strawberry.enum(kind, name=name, description=description)
