"""What the schema needs of whoever hosts it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from msgspec import Struct

from insurers.account import Link
from insurers.answers import Value
from insurers.capability import Manifest
from insurers.comparison import Comparison, Inquiry
from insurers.coverage import CoverageChange
from insurers.evidence import Evidence
from insurers.flow_event import FlowEvent
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef
from insurers.intention import Intention
from insurers.money import Yen
from insurers.person import PersonName, Private
from insurers.plan import Plan
from insurers.policy import Policy, RenewalOffer
from insurers.registration import Registration, RegistrationPurpose
from insurers.renewal import Renewal
from insurers.risk import DataCategory
from insurers.text import Language
from schema.problems import Problem
from schema.spending import Rates

if TYPE_CHECKING:
    from schema.agency_ports import AgencyDesk, BookDeeds, BookDesk, MandateDesk, ReminderDesk, RequestDesk
    from schema.telling_ports import TellingDesk


class Role(StrEnum):
    """Roles of a viewer."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ADMIN = "admin"


class Asker(Private, frozen=True, kw_only=True):
    """
    Who is asking, and for whom.

    `customer` is our id of the person whose things are asked for, the same for every token of
    theirs. `actor` is who acts: the customer, or an agent (募集人) for that customer (P-14). With an agent's
    own token, which names no customer, both are the agent (`is_alone`).
    `display_name` is what to call the customer, `actor_name` who acts. `language` is the one in
    which they read what they are asked.
    """

    customer: str
    actor: str
    display_name: str
    actor_name: str
    name: PersonName | None
    roles: frozenset[Role]
    expires_at: datetime
    language: Language = Language.JA

    @property
    def role(self) -> Role:
        """In which role they act."""
        return Role.CUSTOMER if self.actor == self.customer and not self.is_alone else Role.AGENT

    @property
    def is_alone(self) -> bool:
        """Whether it is an agent who asks for no customer in particular."""
        return self.actor == self.customer and Role.AGENT in self.roles and Role.CUSTOMER not in self.roles

    @property
    def party(self) -> str:
        """Whose idempotency keys these are: an agent's are another's for each customer, and never the customer's."""
        return self.customer if self.actor == self.customer else f"{self.actor} for {self.customer}"


T = TypeVar("T")


class Done(Struct, Generic[T], frozen=True, kw_only=True):
    """
    What became of an order: the thing as it stands now, and why it was not done.

    `replayed` is true when this idempotency key was seen before.
    """

    thing: T | None = None
    problems: tuple[Problem, ...] = ()
    replayed: bool = False


class Told(Struct, Generic[T], frozen=True, kw_only=True):
    """
    What an insurer told, and when. It is not asked again before *until*.

    `kept` is true for what was told to an earlier question of the same asker.
    """

    value: T
    at: datetime
    until: datetime
    kept: bool = False


class WhenClosed(StrEnum):
    """What to do with an application while the insurer is closed."""

    QUEUE = "queue"
    REFUSE = "refuse"


class Given(Private, frozen=True, kw_only=True):
    """
    One answer as it came in. At most one of the fields is set beside `requirement`.

    `opened` is the id of a document, `plan` a plan's code within the renewal, and `acknowledged`
    beside it the fingerprint of the losses that the customer has read of it.
    """

    requirement: str
    value: Value | None = None
    secret: str | None = None
    confirmed: bool | None = None
    opened: str | None = None
    plan: PlanCode | None = None
    acknowledged: str | None = None
    link: str | None = None


class Reading(Protocol):
    """Through the panel: for a moment the same asker is told the same. The insurer's errors come as they are."""

    async def links(self, asker: Asker) -> Sequence[Link]: ...

    async def readers(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Asker]:
        """
        Answer as whom each of these policies is read: themselves, or for the customer whose policy it is.

        Absent is what an agent who asks for nobody in particular may not see.
        """
        ...

    async def policies(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Told[Mapping[PolicyNumber, Policy]]:
        """Answer nothing where the asker has no account. Raises what the insurer's adapter raises."""
        ...

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Told[Mapping[PolicyNumber, RenewalOffer]]: ...

    def document_url(self, asker: Asker, ref: PolicyRef, document: str, *, renewal: str | None = None) -> str:
        """Answer an address that opens the document for this asker for a short while, without a token."""
        ...


class LinkDesk(Protocol):
    """Accounts at insurers."""

    async def get(self, asker: Asker, link: str) -> Link | None: ...

    async def create(
        self, asker: Asker, insurer: InsurerCode, user_id: str, password: str, *, key: str
    ) -> Done[Link]: ...

    async def answer(self, asker: Asker, link: str, secret: str, *, trust_device: bool, key: str) -> Done[Link]: ...

    async def delete(self, asker: Asker, link: str, *, key: str) -> Done[str]: ...


class RegistrationDesk(Protocol):
    """Registrations, each an order that is written down before it is attempted."""

    async def get(self, asker: Asker, registration: str) -> Registration | None: ...

    async def start(
        self, asker: Asker, insurer: InsurerCode, method: str, purpose: RegistrationPurpose, *, key: str
    ) -> Done[Registration]: ...

    async def answer(
        self, asker: Asker, registration: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Registration]: ...

    async def resend(self, asker: Asker, registration: str, *, key: str) -> Done[Registration]: ...

    async def cancel(self, asker: Asker, registration: str, *, key: str) -> Done[Registration]: ...


class RenewalDesk(Protocol):
    """Renewals: a draft of ours up to the insurer's button, which is pressed once."""

    async def get(self, asker: Asker, renewal: str) -> Renewal | None: ...

    async def latest(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Renewal]: ...

    async def start(self, asker: Asker, ref: PolicyRef, *, key: str) -> Done[Renewal]: ...

    async def select(
        self, asker: Asker, renewal: str, plan: PlanCode, *, version: int, key: str, acknowledged: str | None = None
    ) -> Done[Renewal]:
        """Choose a plan. *acknowledged* is the fingerprint of what it loses or narrows, where it does."""
        ...

    async def requote(
        self,
        asker: Asker,
        renewal: str,
        plan: PlanCode,
        changes: Sequence[CoverageChange],
        *,
        reset: bool,
        version: int,
        key: str,
    ) -> Done[Renewal]: ...

    async def answer(
        self, asker: Asker, renewal: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Renewal]: ...

    async def submit(
        self,
        asker: Asker,
        renewal: str,
        review: str,
        *,
        version: int,
        key: str,
        when_closed: WhenClosed = WhenClosed.QUEUE,
    ) -> Done[Renewal]: ...

    async def withdraw(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]: ...

    async def resume(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]: ...

    async def cancel(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]: ...


class Difference(Struct, frozen=True, kw_only=True):
    """What one change alone would make of a plan's premium; None where the insurer does not offer it."""

    change: CoverageChange
    plan: Plan | None
    difference: Yen | None


class Differences(Struct, frozen=True, kw_only=True):
    """A plan as it is quoted now, and what single changes would make of that."""

    base: Plan
    found: tuple[Difference, ...]


class ComparisonDesk(Protocol):
    """Comparisons: each insurer is asked by itself, and what it answers is kept."""

    async def get(self, asker: Asker, comparison: str) -> Comparison | None: ...

    async def start(
        self,
        asker: Asker,
        refs: Sequence[PolicyRef],
        insurers: Sequence[InsurerCode] | None,
        intention: Intention | None,
        *,
        key: str,
    ) -> Done[Comparison]:
        """Ask every one of *insurers*, or all; nobody is told of another's contract before its customer agreed."""
        ...

    async def share(
        self,
        asker: Asker,
        comparison: str,
        insurer: InsurerCode,
        categories: Collection[DataCategory],
        disclosure: str,
        *,
        granted: bool,
        key: str,
    ) -> Done[Comparison]:
        """
        Write down that this insurer may be told these categories, or nothing, and ask it.

        *disclosure* is the fingerprint of the lines that were shown (`insurers.disclosure`).
        """
        ...

    async def refresh(
        self, asker: Asker, comparison: str, insurers: Sequence[InsurerCode] | None, *, key: str
    ) -> Done[Comparison]:
        """Ask again whoever may be asked and is not being asked."""
        ...

    async def requote(
        self,
        asker: Asker,
        inquiry: str,
        plan: PlanCode,
        changes: Sequence[CoverageChange],
        *,
        reset: bool,
        key: str,
    ) -> Done[Comparison]: ...

    async def intend(self, asker: Asker, comparison: str, intention: Intention, *, key: str) -> Done[Comparison]: ...

    async def choose(
        self, asker: Asker, inquiry: str, plan: PlanCode, acknowledged: str | None, *, key: str
    ) -> Done[Comparison]:
        """Write down which plan the customer chose, and go on with it as far as that can be done here."""
        ...

    async def differences(
        self, asker: Asker, flow: str, plan: PlanCode, changes: Sequence[CoverageChange]
    ) -> Differences | None:
        """
        Ask what each change alone would cost. *flow* is the renewal or the inquiry that has the plan.

        None where the asker has no such plan. Raises what the insurer's adapter raises.
        """
        ...

    async def settled(self, asker: Asker, inquiry: str) -> Inquiry | None:
        """Answer this part of a comparison once it is settled: at once, or when the insurer has answered or is late."""
        ...


class EvidenceDesk(Protocol):
    """What was confirmed in a renewal or a comparison and what came of it, for its customer only."""

    @property
    def key(self) -> str:
        """Answer the fingerprint of the key that seals every bundle."""
        ...

    async def of(self, asker: Asker, flow: str) -> Sequence[Evidence] | None:
        """Answer the chain, the first entry first; None for whoever is not its customer."""
        ...

    async def bundle(self, asker: Asker, flow: str) -> str | None:
        """Answer all of it as a sealed file."""
        ...


class History(Protocol):
    """What happened in a flow, newest first."""

    async def page(self, flow: str, *, first: int, before: str | None) -> tuple[Sequence[FlowEvent], bool]:
        """Answer at most *first* events older than the cursor *before*, and whether there are more."""
        ...


class Updates(Protocol):
    """Wakes whoever watches a topic such as `renewal:ID`; what changed is read anew."""

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[None]]: ...


class Host(Protocol):
    """Everything the schema asks of the running service."""

    @property
    def manifests(self) -> Mapping[InsurerCode, Manifest]: ...
    @property
    def reading(self) -> Reading: ...
    @property
    def links(self) -> LinkDesk: ...
    @property
    def registrations(self) -> RegistrationDesk: ...
    @property
    def renewals(self) -> RenewalDesk: ...
    @property
    def comparisons(self) -> ComparisonDesk: ...
    @property
    def evidence(self) -> EvidenceDesk: ...
    @property
    def history(self) -> History: ...
    @property
    def agencies(self) -> AgencyDesk: ...
    @property
    def book(self) -> BookDesk: ...
    @property
    def deeds(self) -> BookDeeds: ...
    @property
    def mandates(self) -> MandateDesk: ...
    @property
    def reminders(self) -> ReminderDesk: ...
    @property
    def requests(self) -> RequestDesk: ...
    @property
    def telling(self) -> TellingDesk: ...
    @property
    def updates(self) -> Updates: ...
    @property
    def rates(self) -> Rates: ...
    def now(self) -> datetime: ...


__all__ = [
    "Asker",
    "ComparisonDesk",
    "Difference",
    "Differences",
    "Done",
    "EvidenceDesk",
    "Given",
    "History",
    "Host",
    "LinkDesk",
    "Reading",
    "RegistrationDesk",
    "RenewalDesk",
    "Role",
    "Told",
    "Updates",
    "WhenClosed",
]
