"""What a flow leaves behind: each confirmation, and what came of it, in one chain."""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from insurers.canonical import Json
from insurers.comparison import ComparisonEvent
from insurers.consent import Consent, ConsentKind, Entry
from insurers.errors import ErrorCode
from insurers.identity import InsurerCode, PlanCode, PolicyRef
from insurers.losses import Loss
from insurers.money import Yen
from insurers.plan import Plan, PremiumNature
from insurers.renewal import RenewalEvent
from insurers.risk import DataCategory
from insurers.setback import SetbackKind
from insurers.text import Text


class Required(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    A confirmation without which nothing may be sent, and what it must be about.

    `statement_sha256` is of the insurer's own words, where it makes the customer confirm such, and
    `answer` what had to be answered: the fingerprint of the losses, where a plan has some.
    """

    requirement: str
    kind: ConsentKind
    statement_sha256: str | None = None
    document_sha256: str | None = None
    plan_fingerprint: str | None = None
    review_fingerprint: str | None = None
    answer: str | None = None

    def is_met_by(self, given: Consent) -> bool:
        """Whether this is what was confirmed: the same words, about the same things."""
        return (given.requirement, given.kind) == (self.requirement, self.kind) and all(
            wanted in (None, told)
            for wanted, told in (
                (self.statement_sha256, given.statement_sha256),
                (self.document_sha256, given.document_sha256),
                (self.plan_fingerprint, given.plan_fingerprint),
                (self.review_fingerprint, given.review_fingerprint),
                (self.answer, given.answer),
            )
        )


class Outcome(Entry, frozen=True, kw_only=True, tag="outcome"):
    """
    Something that became of an application: it went out, it waits, the insurer answered.

    The fingerprints and the premium are of what was sent; `receipt` is the number of ours for
    one that waits, and `successor` the insurer's for the next term. `required` is everything that
    had to be confirmed before it was sent, as the insurer asked it; None where nothing is sent.
    """

    event: RenewalEvent
    summary: Text
    plan_fingerprint: str | None = None
    review_fingerprint: str | None = None
    premium: Yen | None = None
    receipt: str | None = None
    successor: str | None = None
    required: tuple[Required, ...] | None = None


class Quoted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One plan as an insurer quoted it: what it is called, what it costs, and how firm that is."""

    code: PlanCode
    name: str
    fingerprint: str
    premium: Yen
    nature: PremiumNature
    valid_until: datetime | None = None

    @classmethod
    def of(cls, plan: Plan) -> "Quoted":
        return cls(
            code=plan.code,
            name=plan.name,
            fingerprint=plan.fingerprint,
            premium=plan.premium.total,
            nature=plan.premium.nature,
            valid_until=plan.valid_until.astimezone(UTC) if plan.valid_until else None,
        )


class Compared(Entry, frozen=True, kw_only=True, tag="compared"):
    """
    Something that became of a comparison: it was asked for, an insurer was asked or answered, a plan was chosen.

    `policies` and `insurers` are those of the whole comparison, where it begins, and `covers` what each
    policy covers today. `inquiry` is the part of it that an entry is about, of this `insurer` and
    `policy`. `categories` is what was told of the contract to an insurer that does not have it; None
    where it does. `changed` is what of a policy was not what it had been when it was read anew. `choice`
    was chosen, which is `bought` with all its covers, and `lost` is what it loses or narrows, if only
    nothing. `losses` is the fingerprint of that, which had to be acknowledged; `renewal` is what the
    choice went on in.
    """

    event: ComparisonEvent
    summary: Text
    policies: tuple[PolicyRef, ...] | None = None
    covers: tuple[Plan, ...] | None = None
    insurers: tuple[InsurerCode, ...] | None = None
    inquiry: str | None = None
    insurer: InsurerCode | None = None
    policy: PolicyRef | None = None
    categories: tuple[DataCategory, ...] | None = None
    changed: tuple[DataCategory, ...] | None = None
    plans: tuple[Quoted, ...] | None = None
    setback: SetbackKind | None = None
    setback_code: ErrorCode | None = None
    choice: Quoted | None = None
    bought: Plan | None = None
    lost: tuple[Loss, ...] | None = None
    losses: str | None = None
    renewal: str | None = None


def told(plan: Plan) -> Plan:
    """Answer all of a plan from which what it loses is found again, and nothing of what else could be had."""
    return msgspec.structs.replace(
        plan,
        coverages=tuple(msgspec.structs.replace(cover, options=()) for cover in plan.coverages),
        quoted_at=plan.quoted_at.astimezone(UTC),
        valid_until=plan.valid_until.astimezone(UTC) if plan.valid_until else None,
        video=None,
    )


Evidence = Consent | Outcome | Compared


def written(entry: Evidence) -> dict[str, Json]:
    """Answer the entry as a bundle holds it: everything that is hashed, and the hash."""
    return {**entry.told, "hash": entry.hash}
