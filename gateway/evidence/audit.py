"""Checks a bundle by nothing but itself: no database, no network, no secret."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Never

import msgspec

from gateway.evidence import flaw
from gateway.evidence.bundle import FORMAT, VERSION, Bundle, sealed
from gateway.evidence.notary import ALGORITHM, fingerprint, holds
from insurers.canonical import canonical, sha256
from insurers.consent import CUSTOMER_ONLY, ActorRole, Consent, ConsentKind
from insurers.evidence import Evidence, Outcome
from insurers.person import Private
from insurers.renewal import RenewalEvent

# What must have been confirmed, about the very review that it is about, before each of these.
WANTED: Mapping[RenewalEvent, frozenset[ConsentKind]] = {
    RenewalEvent.QUEUE: frozenset({ConsentKind.APPLICATION, ConsentKind.QUEUE_SUBMISSION}),
    RenewalEvent.SUBMIT: frozenset({ConsentKind.APPLICATION}),
    RenewalEvent.ACCEPT: frozenset({ConsentKind.APPLICATION}),
}


class Audited(Private, frozen=True, kw_only=True):
    """A bundle that is whole. `fingerprint` is that of the key that sealed it: it is for the reader to know it."""

    bundle: Bundle
    entries: tuple[Evidence, ...]
    fingerprint: str

    @property
    def documents(self) -> frozenset[str]:
        """The hashes of all documents that somebody opened or confirmed."""
        consents = (entry for entry in self.entries if isinstance(entry, Consent))
        return frozenset(consent.document_sha256 for consent in consents if consent.document_sha256)


def audit(file: bytes) -> Audited:
    """
    Raises:
        Flaw: the first thing that is wrong with it.
    """
    plain = _read(file)
    try:
        bundle = msgspec.convert(plain, Bundle)
    except msgspec.ValidationError:
        raise flaw.unreadable() from None
    if (bundle.format, bundle.version) != (FORMAT, VERSION):
        raise flaw.other_version(bundle.format, bundle.version)
    entries = _chain(bundle)
    _given_by_the_customer(entries)
    _sent_as_agreed(entries)
    _told_as_answered(bundle, entries)
    if bundle.seal.algorithm != ALGORITHM or not holds(bundle.seal.key, bundle.seal.signature, sealed(plain)):
        raise flaw.seal_broken()
    return Audited(bundle=bundle, entries=entries, fingerprint=fingerprint(bundle.seal.key))


def _read(file: bytes) -> Any:
    try:
        plain = json.loads(file.decode(), object_pairs_hook=_each_once, parse_float=_never, parse_constant=_never)
        # Half a surrogate pair can be written in JSON, and is no text.
        canonical(plain)
    except (ValueError, RecursionError):
        raise flaw.unreadable() from None
    return plain


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers may take different ones of two members with the same name."""
    if len(pairs) != len(dict(pairs)):
        raise ValueError
    return dict(pairs)


def _never(number: str) -> Never:
    """There is no fraction in a bundle, and two programs write one differently."""
    raise ValueError


def _chain(bundle: Bundle) -> tuple[Evidence, ...]:
    entries: list[Evidence] = []
    before = ""
    for place, event in enumerate(bundle.events, start=1):
        entry = _entry(place, event)
        if entry.flow != bundle.renewal.id:
            raise flaw.elsewhere(place)
        if (entry.sequence, entry.previous) != (place, before):
            raise flaw.out_of_order(place)
        entries.append(entry)
        before = event["hash"]
    if bundle.head != before:
        raise flaw.cut_short()
    return tuple(entries)


def _entry(place: int, event: dict[str, Any]) -> Evidence:
    """Answer an entry that says what it said when its hash was made."""
    try:
        entry: Evidence = msgspec.convert(event, Evidence)
    except msgspec.ValidationError:
        raise flaw.entry_unreadable(place) from None
    if isinstance(entry, Consent):
        if event.get("statement_sha256") != entry.statement_sha256:
            raise flaw.statement_altered(place)
        subjects = [(entry.plan, entry.plan_fingerprint), (entry.review, entry.review_fingerprint)]
        if any(full is not None and sha256(full) != known for full, known in subjects):
            raise flaw.subject_altered(place)
    if event.get("hash") != sha256(canonical({name: value for name, value in event.items() if name != "hash"})):
        raise flaw.entry_altered(place)
    return entry


def _given_by_the_customer(entries: Sequence[Evidence]) -> None:
    """Pass if whatever is the customer's alone to confirm was confirmed by the customer (P-14)."""
    for place, entry in enumerate(entries, start=1):
        if isinstance(entry, Consent) and entry.kind in CUSTOMER_ONLY and entry.role is not ActorRole.CUSTOMER:
            raise flaw.not_the_customers(place)


def _sent_as_agreed(entries: Sequence[Evidence]) -> None:
    """Pass if whatever went out had been agreed to, by its very fingerprint, before it did (P-4)."""
    given: set[tuple[ConsentKind, str | None]] = set()
    for place, entry in enumerate(entries, start=1):
        if isinstance(entry, Consent):
            given.add((entry.kind, entry.review_fingerprint))
        elif not {(kind, entry.review_fingerprint) for kind in _wanted(entry)} <= given:
            raise flaw.not_agreed(place)


def _wanted(outcome: Outcome) -> frozenset[ConsentKind]:
    """What must have been confirmed before; one that an agency brought to its end names no review of ours."""
    ours = outcome.event is not RenewalEvent.ACCEPT or outcome.review_fingerprint is not None
    return WANTED.get(outcome.event, frozenset()) if ours else frozenset()


def _told_as_answered(bundle: Bundle, entries: Sequence[Evidence]) -> None:
    answered = [entry.successor for entry in entries if isinstance(entry, Outcome) and entry.successor]
    if bundle.renewal.successor != (answered[-1] if answered else None):
        raise flaw.other_result()
