"""What is promised of every renewal, looked at from outside after everything that happens."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct
from sqlalchemy import Table

from gateway.evidence.audit import audit
from gateway.evidence.bundle import bundle
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.store import tables
from gateway.store.transaction import about
from gateway.vault import Keyring
from insurers.answers import StepState
from insurers.consent import CUSTOMER_ONLY, Consent, ConsentKind
from insurers.evidence import Evidence
from insurers.identity import InsurerCode
from insurers.losses import fingerprint
from insurers.renewal import FINAL, TRANSITIONS, Proposal, Renewal, RenewalState
from insurers.sandbox import Accepted
from insurers.script import Binds, Confirmation, DocumentToOpen, Field, InputKind, Requirement
from tests.lives.chronicle import Broken, Chronicle
from tests.lives.database import Database
from tests.lives.machine import SKEW_SECONDS

S = RenewalState

# In these states a customer is told, in one word or another, that nothing was signed.
UNSENT = frozenset({S.IN_PROGRESS, S.READY, S.QUEUED, S.WITHDRAWN, S.LAPSED})

# In these it is somebody's turn, and the one who shall act is told so; an accepted one is done.
AT_REST = FINAL | {S.REFERRED}

_evidence: msgspec.json.Decoder[Evidence] = msgspec.json.Decoder(Evidence)
_renewal = msgspec.json.Decoder(Renewal)

Ledger = Callable[[], Sequence[Accepted]]


class Told(Struct, frozen=True, kw_only=True):
    """What somebody was told of a renewal."""

    renewal: str
    version: int
    state: RenewalState


class Promises:
    """
    Reads the insurers' ledgers and the store itself, and believes nothing that the gateway says.

    The first promise that is broken stands in `broken`, and ends the simulation.
    """

    def __init__(self, database: Database, keyring: Keyring, chronicle: Chronicle) -> None:
        self._database = database
        self._keyring = keyring
        self._chronicle = chronicle
        self.ledgers: Mapping[InsurerCode, Ledger] = {}
        self._known: Counter[InsurerCode] = Counter()
        self.renewals: dict[str, Renewal] = {}
        self.taken: dict[tuple[InsurerCode, str], Accepted] = {}
        self._told: dict[str, Told] = {}
        self.broken: Broken | None = None

    def hold(self, promise: str, kept: bool, *facts: object) -> None:
        if not kept and self.broken is None:
            self.broken = Broken(f"{promise}: {' '.join(map(str, facts))}")
            self._chronicle.note("promises", "BROKEN", self.broken)

    def written(self) -> None:
        """Somebody has committed: look at every renewal that is another now."""
        for standing in self._database.rows("SELECT id, version, state FROM renewals"):
            was = self.renewals.get(standing["id"])
            if was is None or (was.version, was.state.value) != (standing["version"], standing["state"]):
                row = self._database.rows("SELECT * FROM renewals WHERE id = ?", standing["id"])[0]
                now = _renewal.decode(self._unsealed(tables.renewals, row))
                self.renewals[now.id] = now
                self._moved(was, now)

    def _moved(self, was: Renewal | None, now: Renewal) -> None:
        name = f"{now.ref.insurer}:{now.ref.number}"
        self._chronicle.note("store", now.state.value, f"{name} v{now.version}")
        if was is not None:
            after = {*TRANSITIONS[was.state].values(), was.state} if was.state not in FINAL else {was.state}
            self.hold("a renewal moves as the table has it", now.state in after, name, was.state, "to", now.state)
            self.hold("a version only grows", was.version < now.version, name, was.version, now.version)
        taken = self.taken.get((now.ref.insurer, str(now.ref.number)))
        self.hold("who is told that nothing was signed has signed nothing", now.state not in UNSENT or not taken, name)
        open_ = any(standing.state is not StepState.DONE for standing in now.standings)
        self.hold("a draft has a step to go on with", now.state is not S.IN_PROGRESS or open_, name)
        if now.state is S.ACCEPTED:
            there = taken.successor if taken else None
            self.hold("what is accepted stands at the insurer", str(now.successor) == there, name, there)
        self.hold("who waits knows until when", now.state is not S.QUEUED or now.will_submit_at is not None, name)
        living = [
            one.id for one in self.renewals.values() if one.ref == now.ref and one.state not in (S.WITHDRAWN, S.LAPSED)
        ]
        self.hold("a term has one living renewal", len(living) <= 1, name, living)

    def pressed(self) -> None:
        """An insurer has said something: look whether it has taken an application."""
        for code, ledger in self.ledgers.items():
            entries = ledger()
            for entry in entries[self._known[code] :]:
                self._chronicle.note(code, "takes", f"{entry.number} for {entry.premium}")
                self._taken(code, entry)
            self._known[code] = len(entries)

    def _taken(self, code: InsurerCode, entry: Accepted) -> None:
        name = f"{code}:{entry.number}"
        earlier = self.taken.get((code, entry.number))
        self.hold("an insurer takes one application per term", earlier is None, name, earlier, entry)
        self.taken[code, entry.number] = entry
        sent = [
            one
            for one in self.renewals.values()
            if (one.ref.insurer, str(one.ref.number)) == (code, entry.number)
            and one.state in (S.SUBMITTING, S.UNCONFIRMED)
        ]
        self.hold("what is sent was written down before", len(sent) == 1, name)
        for renewal in sent:
            self._consented(renewal, entry)

    def _consented(self, renewal: Renewal, entry: Accepted) -> None:
        name = f"{renewal.ref.insurer}:{entry.number}"
        proposal = renewal.proposal
        if proposal is None:
            self.hold("what is sent was seen", False, name)
            return
        self.hold(
            "the price is the one that was seen", proposal.plan.premium.total.amount == entry.premium, name, entry
        )
        papers = {paper.sha256 for paper in proposal.documents}
        self.hold("the document is the one that was seen", entry.document_sha256 in papers, name)
        self.hold("nothing is signed after the term", entry.accepted_at < renewal.maturity, name, entry.accepted_at)
        consents = self._consents(renewal.id)
        last = {consent.requirement: consent for consent in consents}
        agreed = [consent for consent in last.values() if consent.kind is ConsentKind.APPLICATION]
        about_it = bool(agreed) and all(one.review_fingerprint == proposal.fingerprint for one in agreed)
        self.hold("the application was consented to, as it was sent", about_it, name)
        if renewal.receipt is not None:
            leave = [consent.review_fingerprint for consent in consents if consent.kind is ConsentKind.QUEUE_SUBMISSION]
            self.hold("who was queued gave leave to send exactly this", leave[-1:] == [proposal.fingerprint], name)
        for step in renewal.script:
            for need in step.requirements:
                given = last.get(need.key)
                self.hold("every box was ticked, and for this", _stands(need, given, proposal), name, need.key, given)
        lost = renewal.losses(proposal.plan)
        read = [consent.answer for consent in consents if consent.kind is ConsentKind.COVER_REDUCTION]
        known = set(lost) <= set(renewal.acknowledged) and fingerprint(renewal.acknowledged) in read
        self.hold("nobody loses a cover in silence", not lost or known, name, lost)
        own = all(consent.actor == renewal.customer for consent in consents if consent.kind in CUSTOMER_ONLY)
        self.hold("what is the customer's alone to confirm, the customer confirmed", own, name)
        latest = max((consent.at for consent in last.values()), default=entry.accepted_at)
        early = latest <= entry.accepted_at + timedelta(seconds=2 * SKEW_SECONDS)
        self.hold("a consent comes before the deed", early, name, latest)

    def told(self, renewal: str | None) -> Told | None:
        """Answer the most that anybody was told of it until now; whoever asks from here on is told no less."""
        return self._told.get(renewal) if renewal else None

    def acknowledged(self, renewal: Renewal, before: Told | None) -> None:
        """Somebody was answered with this, who knew *before* when asking what had been told: it is never less again."""
        name = f"{renewal.ref.insurer}:{renewal.ref.number}"
        if before is not None and before.renewal == renewal.id:
            self.hold("what was acknowledged is kept", renewal.version >= before.version, name, before.version)
            over = before.state not in FINAL or renewal.state is before.state
            self.hold("what is over stays over", over, name, before.state, renewal.state)
        now = Told(renewal=renewal.id, version=renewal.version, state=renewal.state)
        most = self._told.setdefault(renewal.id, now)
        if now.version > most.version:
            self._told[renewal.id] = now
        stored = self.renewals.get(renewal.id)
        written = stored is not None and stored.version >= renewal.version
        self.hold("what was acknowledged is written", written, name, renewal.version)

    def missing(self, renewal: str) -> None:
        self.hold("what was acknowledged is found again", renewal not in self._told, renewal)

    def over(self) -> None:
        """All is long past: every life has ended, or visibly waits for somebody."""
        told = {renewal.ref for renewal in self.renewals.values() if renewal.state in (S.ACCEPTED, S.REFERRED)}
        for renewal in self.renewals.values():
            name = f"{renewal.ref.insurer}:{renewal.ref.number}"
            self.hold("every life ends, or waits for somebody", renewal.state in AT_REST, name, renewal.state)
            taken = (renewal.ref.insurer, str(renewal.ref.number)) in self.taken
            # Who withdrew a renewal and began another one signed the other.
            self.hold("who has signed is told so", renewal.ref in told or not taken, name, renewal.state)
            self._chained(renewal)

    def _chained(self, renewal: Renewal) -> None:
        before: Evidence | None = None
        for entry in self._evidence(renewal.id):
            expected = (before.sequence + 1, before.hash) if before else (1, "")
            self.hold("the evidence is one chain", (entry.sequence, entry.previous) == expected, renewal.id, expected)
            before = entry
        notary = Notary(self._keyring)
        try:
            audit(bundle(renewal, self._evidence(renewal.id), at=renewal.updated_at, notary=notary).encode())
        except Flaw as flaw:
            self.hold("the evidence stands before a stranger", False, renewal.id, flaw)

    def _consents(self, flow: str) -> list[Consent]:
        return [entry for entry in self._evidence(flow) if isinstance(entry, Consent)]

    def _evidence(self, flow: str) -> list[Evidence]:
        rows = self._database.rows("SELECT * FROM consents WHERE flow = ? ORDER BY sequence", flow)
        return [_evidence.decode(self._unsealed(tables.consents, row)) for row in rows]

    def _unsealed(self, table: Table, row: sqlite3.Row) -> bytes:
        return self._keyring.open(row["body"], about(table, dict(zip(row.keys(), row, strict=True))))


def _stands(need: Requirement, given: Consent | None, proposal: Proposal) -> bool:
    """Whether the last word on *need* is a confirmation of what is signed."""
    match need:
        case Confirmation(required=True, statement=statement, binds=binds, document=document):
            if given is None or given.statement != statement:
                return False
            if Binds.PLAN in binds and given.plan_fingerprint != proposal.plan.fingerprint:
                return False
            return Binds.DOCUMENT not in binds or given.document_sha256 == document
        case DocumentToOpen(required=True, document=paper):
            return given is not None and given.document_sha256 == paper.sha256
        case Field(required=True, input=InputKind.BOOLEAN, label=label):
            return given is not None and given.statement == label.ja
    return True
