"""Chains of evidence, as short as can be, and bundles of them."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.evidence.bundle import bundle
from gateway.evidence.notary import Notary
from gateway.vault import Keyring
from insurers.canonical import sha256
from insurers.consent import ActorRole, Consent, ConsentKind
from insurers.evidence import Evidence, Outcome
from insurers.hours import TOKYO
from insurers.identity import SuccessorNumber
from insurers.money import Yen
from insurers.renewal import RenewalEvent
from insurers.text import Text
from tests.store.invented import renewal

Plain = dict[str, Any]  # JSON, as any program reads it.

E = RenewalEvent

AT = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
NOTARY = Notary(Keyring.fresh())
RENEWAL = msgspec.structs.replace(renewal("r1"), opened={}, successor=SuccessorNumber("S700000001"))
REVIEW = '["契約を申し込む"]'


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
    told: Plain = {"flow": "r1", "sequence": 1, "at": AT, "actor": "tabane", "role": ActorRole.SERVICE}
    return Outcome(**(told | about), event=event, summary=Text("起きたこと", "What happened"))


APPLICATION = consent(
    "契約を申し込む",
    kind=ConsentKind.APPLICATION,
    review=REVIEW,
    review_fingerprint=sha256(REVIEW),
    premium=Yen(52_560),
)
SENT = outcome(E.SUBMIT, review_fingerprint=sha256(REVIEW))
ACCEPTED = outcome(E.ACCEPT, review_fingerprint=sha256(REVIEW), successor="S700000001")
KEPT = consent("確認・保管しました", document_sha256="a" * 64)
LIFE = (KEPT, consent("② 告知事項", answer="いいえ"), APPLICATION, SENT, ACCEPTED)


def written(entries: list[Evidence], notary: Notary = NOTARY) -> str:
    return bundle(RENEWAL, entries, at=AT, notary=notary)
