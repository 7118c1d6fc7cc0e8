"""What a flow leaves behind: each confirmation, and what came of it, in one chain."""

from msgspec import Struct

from insurers.canonical import Json
from insurers.consent import Consent, ConsentKind, Entry
from insurers.money import Yen
from insurers.renewal import RenewalEvent
from insurers.text import Text


class Required(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    A confirmation without which nothing may be sent, and what it must be about.

    `statement_sha256` is of the insurer's own words, where it makes the customer confirm such.
    """

    requirement: str
    kind: ConsentKind
    statement_sha256: str | None = None
    document_sha256: str | None = None
    plan_fingerprint: str | None = None
    review_fingerprint: str | None = None

    def is_met_by(self, given: Consent) -> bool:
        """Whether this is what was confirmed: the same words, about the same things."""
        return (given.requirement, given.kind) == (self.requirement, self.kind) and all(
            wanted in (None, told)
            for wanted, told in (
                (self.statement_sha256, given.statement_sha256),
                (self.document_sha256, given.document_sha256),
                (self.plan_fingerprint, given.plan_fingerprint),
                (self.review_fingerprint, given.review_fingerprint),
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


Evidence = Consent | Outcome


def written(entry: Evidence) -> dict[str, Json]:
    """Answer the entry as a bundle holds it: everything that is hashed, and the hash."""
    return {**entry.told, "hash": entry.hash}
