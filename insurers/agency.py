"""An agency (乗合代理店) that sells for several insurers, those who work there, and what customers let it do."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.contact import Contact
from insurers.feed import FeedAccess
from insurers.identity import InsurerCode
from insurers.person import Private


class AgentRole(StrEnum):
    """What somebody is at an agency. An agent with a branch sees that branch; a manager, and who has none, all."""

    AGENT = "agent"
    MANAGER = "manager"


class Agent(Private, frozen=True, kw_only=True):
    """
    Somebody who works a book (募集人). `id` is the same as `Asker.actor` of their tokens.

    `solicitors` are the codes by which insurers' feeds name them.
    """

    id: str
    agency: str
    name: str
    role: AgentRole
    branch: str | None = None
    email: str | None = None
    solicitors: tuple[str, ...] = ()
    active: bool = True

    @property
    def sees_all(self) -> bool:
        """Whether the whole agency's book is theirs to see."""
        return self.role is AgentRole.MANAGER or self.branch is None


class Branch(Struct, frozen=True, kw_only=True):
    """An office of an agency (拠点), by the code that feeds give it."""

    code: str
    name: str


class Appointment(Private, frozen=True, kw_only=True):
    """That an agency sells for an insurer (代理店委託), and how it fetches its feed there."""

    insurer: InsurerCode
    access: FeedAccess


class Agency(Private, frozen=True, kw_only=True):
    """An agency as this gateway knows it. `id` is the operator's own short word for it."""

    id: str
    name: str
    contact: Contact
    branches: tuple[Branch, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    def appointment(self, insurer: InsurerCode) -> Appointment | None:
        return next((one for one in self.appointments if one.insurer == insurer), None)

    def branch(self, code: str | None) -> Branch | None:
        return next((one for one in self.branches if one.code == code), None)


class ConsentScope(StrEnum):
    """What a customer lets an agency do, beyond what the insurer tells the agency by itself."""

    READ_POLICIES = "read_policies"
    PREPARE_RENEWAL = "prepare_renewal"
    SUBMIT_RENEWAL = "submit_renewal"


class Mandate(Private, frozen=True, kw_only=True):
    """
    A customer's consent to an agency (委任): looked at whenever it is used, and gone the moment it is revoked.

    GraphQL calls it a `Consent`. Its text and hash are in the evidence chain under its `id` (AGENT_ACCESS).
    """

    id: str
    agency: str
    customer: str
    scopes: frozenset[ConsentScope]
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def allows(self, scope: ConsentScope, at: datetime) -> bool:
        over = self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= at)
        return not over and scope in self.scopes
