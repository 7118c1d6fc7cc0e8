"""Checks a bundle by nothing but itself: no database, no network, no secret."""

import json
from collections.abc import Sequence
from typing import Any, Never

import msgspec

from gateway.evidence import agreement, flaw, subject
from gateway.evidence.agreement import Agreement
from gateway.evidence.bundle import FORMAT, VERSION, Bundle, Standing, sealed
from gateway.evidence.notary import ALGORITHM, fingerprint, holds
from insurers.canonical import canonical, sha256
from insurers.consent import CUSTOMER_ONLY, ActorRole, Consent
from insurers.evidence import Evidence, Outcome
from insurers.person import Private
from insurers.renewal import RenewalState

# In these a review may have come or gone since the last outcome.
DRAFT = frozenset({RenewalState.IN_PROGRESS, RenewalState.READY})


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
    for place, entry in enumerate(entries, start=1):
        _left_by_whom_it_may(place, entry, bundle.renewal)
        if isinstance(entry, Consent):
            subject.check(place, entry, bundle.renewal)
    _told_as_it_was(bundle.renewal, agreement.read(entries), entries)
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
    if isinstance(entry, Consent) and event.get("statement_sha256") != entry.statement_sha256:
        raise flaw.statement_altered(place)
    if event.get("hash") != sha256(canonical({name: value for name, value in event.items() if name != "hash"})):
        raise flaw.entry_altered(place)
    return entry


def _left_by_whom_it_may(place: int, entry: Evidence, about: Standing) -> None:
    """Pass if it is the customer's own, or somebody's for that customer; some may be the customer's only (P-14)."""
    in_person = entry.role is ActorRole.CUSTOMER
    if about.customer != (entry.actor if in_person else entry.on_behalf_of):
        raise flaw.somebody_elses(place)
    if isinstance(entry, Consent) and entry.kind in CUSTOMER_ONLY and not in_person:
        raise flaw.not_the_customers(place)


def _told_as_it_was(about: Standing, found: Agreement, entries: Sequence[Evidence]) -> None:
    """Pass if what the bundle says of the renewal is what its entries tell."""
    answered = [entry.successor for entry in entries if isinstance(entry, Outcome) and entry.successor]
    if about.state not in found.states or about.successor != (answered[-1] if answered else None):
        raise flaw.other_result()
    last = found.last
    if last is not None and about.state not in DRAFT and last.review_fingerprint != about.review_fingerprint:
        raise flaw.other_result()
    premium = found.premium(about.review_fingerprint) if about.review_fingerprint else None
    if premium is not None and premium.amount != about.premium_yen:
        raise flaw.other_result()
