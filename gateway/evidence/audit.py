"""Checks a bundle by nothing but itself: no database, no network, no secret."""

import json
from typing import Any, Never, TypeAlias

import msgspec

from gateway.evidence import agreement, disclosure, flaw, mandate, recount, subject
from gateway.evidence.bundle import (
    FORMAT,
    VERSION,
    VERSION_OF_COMPARISONS,
    VERSION_OF_CONSENTS,
    AnyBundle,
    Bundle,
    ComparisonBundle,
    ConsentBundle,
    Standing,
    sealed,
)
from gateway.evidence.comparison import ComparisonStanding
from gateway.evidence.mandate import ConsentStanding
from gateway.evidence.notary import ALGORITHM, fingerprint, holds
from insurers.canonical import canonical, sha256
from insurers.consent import CUSTOMER_ONLY, ActorRole, Consent
from insurers.evidence import Evidence
from insurers.person import Private

AnyStanding: TypeAlias = Standing | ComparisonStanding | ConsentStanding


class Audited(Private, frozen=True, kw_only=True):
    """A bundle that is whole. `fingerprint` is that of the key that sealed it: it is for the reader to know it."""

    bundle: AnyBundle
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
    bundle = _bundle(plain)
    match bundle:
        case Bundle(renewal=renewal):
            entries = _of_a_renewal(renewal, bundle)
        case ComparisonBundle(comparison=comparison):
            entries = _of_a_comparison(comparison, bundle)
        case ConsentBundle(consent=consent):
            entries = _of_a_consent(consent, bundle)
    if bundle.seal.algorithm != ALGORITHM or not holds(bundle.seal.key, bundle.seal.signature, sealed(plain)):
        raise flaw.seal_broken()
    return Audited(bundle=bundle, entries=entries, fingerprint=fingerprint(bundle.seal.key))


def _bundle(plain: Any) -> AnyBundle:
    bundle: AnyBundle
    try:
        if isinstance(plain, dict) and "comparison" in plain:
            bundle, version = msgspec.convert(plain, ComparisonBundle), VERSION_OF_COMPARISONS
        elif isinstance(plain, dict) and "consent" in plain:
            bundle, version = msgspec.convert(plain, ConsentBundle), VERSION_OF_CONSENTS
        else:
            bundle, version = msgspec.convert(plain, Bundle), VERSION
    except msgspec.ValidationError:
        raise flaw.unreadable() from None
    if (bundle.format, bundle.version) != (FORMAT, version):
        raise flaw.other_version(bundle.format, bundle.version)
    return bundle


def _of_a_renewal(about: Standing, bundle: Bundle) -> tuple[Evidence, ...]:
    entries = _chain(about, bundle)
    for place, entry in enumerate(entries, start=1):
        _left_by_whom_it_may(place, entry, about)
        if isinstance(entry, Consent):
            subject.check(place, entry, about)
    recount.renewal(about, agreement.read(entries), entries)
    return entries


def _of_a_comparison(about: ComparisonStanding, bundle: ComparisonBundle) -> tuple[Evidence, ...]:
    entries = _chain(about, bundle)
    insurers = {part.insurer for part in about.parts}
    for place, entry in enumerate(entries, start=1):
        _left_by_whom_it_may(place, entry, about)
        if isinstance(entry, Consent):
            subject.check_compared(place, entry, insurers)
    recount.comparison(about, disclosure.read(entries), bundle.exported_at)
    return entries


def _of_a_consent(about: ConsentStanding, bundle: ConsentBundle) -> tuple[Evidence, ...]:
    entries = _chain(about, bundle)
    for place, entry in enumerate(entries, start=1):
        _left_by_whom_it_may(place, entry, about)
    mandate.check(about, entries)
    return entries


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


def _chain(about: AnyStanding, bundle: AnyBundle) -> tuple[Evidence, ...]:
    entries: list[Evidence] = []
    before = ""
    for place, event in enumerate(bundle.events, start=1):
        entry = _entry(place, event)
        if entry.flow != about.id:
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


def _left_by_whom_it_may(place: int, entry: Evidence, about: AnyStanding) -> None:
    """Pass if it is the customer's own, or somebody's for that customer; some may be the customer's only (P-14)."""
    in_person = entry.role is ActorRole.CUSTOMER
    if about.customer != (entry.actor if in_person else entry.on_behalf_of):
        raise flaw.somebody_elses(place)
    if isinstance(entry, Consent) and entry.kind in CUSTOMER_ONLY and not in_person:
        raise flaw.not_the_customers(place)
