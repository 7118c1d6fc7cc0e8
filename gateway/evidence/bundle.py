"""
The file in which the evidence of a flow leaves the house: people can read it, and check it without us.

A renewal's is of version 1, a comparison's of version 2, and a consent's to an agency of version 3: who cannot read
the later ones knows it by that.

Every hash and the signature are of canonical JSON (`insurers.canonical`): an event's hash is of
the event without `hash`, the signature of everything without `seal.signature`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from gateway.evidence import comparison, mandate
from gateway.evidence.comparison import ComparisonStanding
from gateway.evidence.mandate import ConsentStanding
from gateway.evidence.notary import ALGORITHM, Notary
from insurers.agency import Mandate
from insurers.canonical import canonical
from insurers.comparison import Comparison
from insurers.document import Document
from insurers.evidence import Evidence, written
from insurers.person import Private
from insurers.renewal import Receipt, Renewal

FORMAT = "tabane evidence"
VERSION = 1
VERSION_OF_COMPARISONS = 2
VERSION_OF_CONSENTS = 3


class Standing(Private, frozen=True, kw_only=True, omit_defaults=True):
    """Where the renewal stood when the bundle was written. Amounts are in yen."""

    id: str
    customer: str
    insurer: str
    policy_number: str
    state: str
    began_at: datetime
    matures_at: datetime
    plan: str | None = None
    premium_yen: int | None = None
    review_fingerprint: str | None = None
    receipt: Receipt | None = None
    will_submit_at: datetime | None = None
    submitted_at: datetime | None = None
    successor: str | None = None
    completed_at: datetime | None = None


class Paper(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document of the insurer's, by its hash, and when the customer opened it."""

    id: str
    title: str
    sha256: str
    version: str | None = None
    opened_at: datetime | None = None


class Seal(Struct, frozen=True, kw_only=True):
    """The public key and the signature, in hex."""

    algorithm: str
    key: str
    signature: str


class Bundle(Private, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`head` is the hash of the last event, empty where there is none."""

    format: str
    version: int
    exported_at: datetime
    renewal: Standing
    documents: tuple[Paper, ...]
    # An event is checked as it is written, with whatever later versions may add to it.
    events: tuple[dict[str, Any], ...]
    head: str
    seal: Seal


class ComparisonBundle(Private, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of a comparison, whose insurers' documents come only with a renewal."""

    format: str
    version: int
    exported_at: datetime
    comparison: ComparisonStanding
    events: tuple[dict[str, Any], ...]
    head: str
    seal: Seal


class ConsentBundle(Private, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of a consent to an agency."""

    format: str
    version: int
    exported_at: datetime
    consent: ConsentStanding
    events: tuple[dict[str, Any], ...]
    head: str
    seal: Seal


AnyBundle: TypeAlias = Bundle | ComparisonBundle | ConsentBundle


def bundle(flow: Renewal | Comparison | Mandate, entries: Sequence[Evidence], *, at: datetime, notary: Notary) -> str:
    """Answer the evidence of a renewal, of a comparison or of a consent to an agency, sealed."""
    # The fields that every bundle has; the constructors refuse any other name.
    common: dict[str, Any] = {
        "format": FORMAT,
        "exported_at": at,
        "events": tuple(written(entry) for entry in entries),
        "head": entries[-1].hash if entries else "",
        "seal": Seal(algorithm=ALGORITHM, key=notary.key, signature=""),
    }
    match flow:
        case Renewal():
            papers = tuple(_paper(document, flow.opened) for document in _documents(flow))
            plain = msgspec.to_builtins(
                Bundle(**common, version=VERSION, renewal=_standing(flow), documents=papers),
            )
        case Comparison():
            plain = msgspec.to_builtins(
                ComparisonBundle(**common, version=VERSION_OF_COMPARISONS, comparison=comparison.standing(flow, at))
            )
        case Mandate():
            plain = msgspec.to_builtins(
                ConsentBundle(**common, version=VERSION_OF_CONSENTS, consent=mandate.standing(flow))
            )
    plain["seal"]["signature"] = notary.sign(sealed(plain))
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def sealed(plain: Mapping[str, Any]) -> bytes:
    """Answer what the signature of a bundle is over."""
    seal = {name: value for name, value in plain["seal"].items() if name != "signature"}
    return canonical({**plain, "seal": seal})


def _standing(renewal: Renewal) -> Standing:
    proposal = renewal.proposal
    plan = proposal.plan if proposal else renewal.plan
    return Standing(
        id=renewal.id,
        customer=renewal.customer,
        insurer=renewal.ref.insurer,
        policy_number=str(renewal.ref.number),
        state=renewal.state,
        began_at=renewal.created_at,
        matures_at=renewal.maturity,
        plan=plan.name if plan else None,
        premium_yen=plan.premium.total.amount if plan else None,
        review_fingerprint=renewal.review_hash,
        receipt=renewal.receipt,
        will_submit_at=renewal.will_submit_at,
        submitted_at=renewal.submitted_at,
        successor=str(renewal.successor) if renewal.successor else None,
        completed_at=renewal.completed_at,
    )


def _documents(renewal: Renewal) -> list[Document]:
    """Every document that stood in the steps or would be signed, each version once."""
    shown = (*renewal.script.documents(), *(renewal.proposal.documents if renewal.proposal else ()))
    return list({(document.id, document.sha256): document for document in shown}.values())


def _paper(document: Document, opened: Mapping[str, datetime]) -> Paper:
    return Paper(
        id=document.id,
        title=document.title,
        sha256=document.sha256,
        version=document.version,
        opened_at=opened.get(document.sha256),
    )
