"""Chains of evidence, as short as can be, and bundles of them."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.evidence.audit import audit
from gateway.evidence.bundle import bundle
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.vault import Keyring
from insurers.consent import ActorRole, Consent, ConsentKind
from insurers.evidence import Evidence, Outcome, Required
from insurers.hours import TOKYO
from insurers.identity import SuccessorNumber
from insurers.renewal import Proposal, Renewal, RenewalEvent, RenewalState
from insurers.text import Text
from tests.store.invented import PROPOSAL, renewal

Plain = dict[str, Any]  # JSON, as any program reads it.

E = RenewalEvent

AT = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
NOTARY = Notary(Keyring.fresh())
RENEWAL = renewal("r1", state=RenewalState.ACCEPTED, successor=SuccessorNumber("S700000001"))


def link(before: list[Evidence], entry: Evidence) -> Evidence:
    """The entry as it hangs behind those before it."""
    last = before[-1] if before else None
    place = {"flow": "r1", "sequence": len(before) + 1, "previous": last.hash if last else ""}
    return msgspec.structs.replace(entry, **place)


def chain(*entries: Evidence) -> list[Evidence]:
    linked: list[Evidence] = []
    for entry in entries:
        linked.append(link(linked, entry))
    return linked


def consent(statement: str, **about: Any) -> Consent:
    kind = about.pop("kind", ConsentKind.DETAILS_CONFIRMED)
    told: Plain = {"flow": "r1", "sequence": 1, "at": AT, "actor": "c1", "requirement": "need", "locale": "ja"}
    return Consent(**(told | about), kind=kind, statement=statement)


def outcome(event: RenewalEvent, **about: Any) -> Outcome:
    by: Plain = {"actor": "tabane", "role": ActorRole.SERVICE, "on_behalf_of": "c1"}
    told: Plain = {"flow": "r1", "sequence": 1, "at": AT}
    return Outcome(**(told | by | about), event=event, summary=Text("起きたこと", "What happened"))


def reviewed(proposal: Proposal) -> Plain:
    """What everything that is about this proposal tells of it."""
    plan = proposal.plan
    return {
        "review_fingerprint": proposal.fingerprint,
        "plan_fingerprint": plan.fingerprint,
        "premium": plan.premium.total,
    }


def application(proposal: Proposal) -> Consent:
    full = {"plan": proposal.plan.bought.decode(), "review": proposal.agreed.decode()}
    kind = ConsentKind.APPLICATION
    return consent(proposal.statement, kind=kind, requirement="apply", **full, **reviewed(proposal))


def sent(proposal: Proposal, event: RenewalEvent = E.SUBMIT) -> Outcome:
    applied = Required(
        requirement="apply", kind=ConsentKind.APPLICATION, review_fingerprint=reviewed(proposal)["review_fingerprint"]
    )
    return outcome(event, required=(*REQUIRED, applied), **reviewed(proposal))


def leave(proposal: Proposal) -> Consent:
    kind = ConsentKind.QUEUE_SUBMISSION
    return consent("受付開始後に送信します", kind=kind, requirement=kind.value, **reviewed(proposal))


KEPT = consent(
    "確認・保管しました", kind=ConsentKind.IMPORTANT_MATTERS, requirement="matters", document_sha256="a" * 64
)
DECLARED = consent("② 告知事項", kind=ConsentKind.DECLARATION, requirement="declared", answer="いいえ")
REQUIRED = (
    Required(requirement="matters", kind=ConsentKind.IMPORTANT_MATTERS, statement_sha256=KEPT.statement_sha256),
    Required(requirement="declared", kind=ConsentKind.DECLARATION),
)
APPLICATION = application(PROPOSAL)
SENT = sent(PROPOSAL)
ACCEPTED = outcome(E.ACCEPT, successor="S700000001", **reviewed(PROPOSAL))
LIFE = (KEPT, DECLARED, APPLICATION, SENT, ACCEPTED)


def written(entries: list[Evidence], notary: Notary = NOTARY, of: Renewal = RENEWAL) -> str:
    return bundle(of, entries, at=AT, notary=notary)


def passes(file: bytes) -> bool:
    try:
        audit(file)
    except Flaw:
        return False
    return True
