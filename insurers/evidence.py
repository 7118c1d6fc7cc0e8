"""What a flow leaves behind: each confirmation, and what came of it, in one chain."""

from insurers.canonical import Json
from insurers.consent import Consent, Entry
from insurers.money import Yen
from insurers.renewal import RenewalEvent
from insurers.text import Text


class Outcome(Entry, frozen=True, kw_only=True, tag="outcome"):
    """
    Something that became of an application: it went out, it waits, the insurer answered.

    The fingerprints and the premium are of what was sent; `receipt` is the number of ours for
    one that waits, and `successor` the insurer's for the next term.
    """

    event: RenewalEvent
    summary: Text
    plan_fingerprint: str | None = None
    review_fingerprint: str | None = None
    premium: Yen | None = None
    receipt: str | None = None
    successor: str | None = None


Evidence = Consent | Outcome


def written(entry: Evidence) -> dict[str, Json]:
    """Answer the entry as a bundle holds it: everything that is hashed, and the hash."""
    return {**entry.told, "hash": entry.hash}
