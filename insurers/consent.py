"""Evidence that a person confirmed something: the exact words, what they were about, who and when."""

from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from insurers.canonical import Json, canonical, sha256
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.person import Private


class ConsentKind(StrEnum):
    """What was confirmed, and so what it is bound to (domain 2.8)."""

    TERMS_OF_SERVICE = "terms_of_service"
    PRE_CHECK = "pre_check"
    CONDITIONS_CONFIRMED = "conditions_confirmed"
    PLAN_CONFIRMED = "plan_confirmed"
    DETAILS_CONFIRMED = "details_confirmed"
    IMPORTANT_MATTERS = "important_matters"
    ELECTRONIC_DELIVERY = "electronic_delivery"  # 電磁的交付
    DECLARATION = "declaration"
    APPLICATION = "application"
    QUEUE_SUBMISSION = "queue_submission"  # leave to send the application once the insurer opens
    CROSS_INSURER_DATA_SHARING = "cross_insurer_data_sharing"  # leave to tell another insurer of the contract
    INTENTION_CONFIRMED = "intention_confirmed"  # 意向確認
    COVER_REDUCTION = "cover_reduction"  # a plan is chosen that loses or narrows a cover
    AGENT_ACCESS = "agent_access"  # an agency may read, prepare or submit (委任), or may no more


CUSTOMER_ONLY = frozenset(
    {
        ConsentKind.CONDITIONS_CONFIRMED,
        ConsentKind.IMPORTANT_MATTERS,
        ConsentKind.ELECTRONIC_DELIVERY,
        ConsentKind.DECLARATION,
        ConsentKind.APPLICATION,
        ConsentKind.QUEUE_SUBMISSION,
        ConsentKind.CROSS_INSURER_DATA_SHARING,
        ConsentKind.INTENTION_CONFIRMED,
        ConsentKind.COVER_REDUCTION,
        ConsentKind.AGENT_ACCESS,
    }
)
"""What nobody may confirm for a customer, an agent (募集人) least of all (P-14)."""


class ActorRole(StrEnum):
    """As what somebody did something."""

    CUSTOMER = "customer"
    AGENT = "agent"  # 募集人, for a customer
    SERVICE = "service"  # the gateway itself, when time came or an insurer answered


class Entry(Private, frozen=True, kw_only=True):
    """
    One link in the chain of a flow's evidence, written once and never changed.

    `previous` is the hash of the one before it in the same flow, so that none can be taken out
    or altered unnoticed; the first has an empty one. `on_behalf_of` is the customer, where
    `actor` is somebody else.
    """

    flow: str
    sequence: int
    at: datetime
    actor: str
    role: ActorRole = ActorRole.CUSTOMER
    on_behalf_of: str | None = None
    previous: str = ""

    @property
    def told(self) -> dict[str, Json]:
        """
        All of it as JSON, which is what is hashed: what is not there is left out, and an instant is in UTC.

        So the hash is the same wherever the entry was stored, and in a later version that can tell more.
        """
        instant = msgspec.structs.replace(self, at=self.at.astimezone(UTC))
        plain: dict[str, Json] = msgspec.to_builtins(instant)
        return {name: value for name, value in plain.items() if value is not None}

    @property
    def hash(self) -> str:
        return sha256(canonical(self.told))


class Shown(Struct, frozen=True):
    """A line that the insurer showed above the box: what it is called, and what it said."""

    label: str
    value: str


class Consent(Entry, frozen=True, kw_only=True, tag="consent"):
    """
    One confirmation or declaration.

    `statement` is the exact text that stood there, in the language `locale`, and `answer` what a
    declaration said to it. `shown` are the facts above it. `language` is the one in which the
    person was spoken to: an insurer's own words are not translated. The fingerprints say what it
    was about; where the kind is about the plan or the application itself, `plan` and `review`
    hold in full what they are of. `insurer` is who may be told of the contract, and `categories`
    what of it; `order` is by which it was said, so that none is carried out a second time. `agency` is who may
    act, and `scopes` how far.
    """

    kind: ConsentKind
    requirement: str
    statement: str
    locale: str
    language: str | None = None
    answer: str | None = None
    shown: tuple[Shown, ...] = ()
    document_id: str | None = None
    document_title: str | None = None
    document_sha256: str | None = None
    plan_fingerprint: str | None = None
    review_fingerprint: str | None = None
    premium: Yen | None = None
    plan: str | None = None
    review: str | None = None
    insurer: InsurerCode | None = None
    categories: tuple[str, ...] | None = None
    order: str | None = None
    agency: str | None = None
    scopes: tuple[str, ...] | None = None

    @property
    def statement_sha256(self) -> str:
        return sha256(self.statement)

    @property
    def told(self) -> dict[str, Json]:
        return {**super().told, "statement_sha256": self.statement_sha256}
