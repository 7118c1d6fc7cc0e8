"""The dates of one policy that matter, each with where it comes from."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from insurers.policy import Confidence, Deadline, DeadlineKind, Policy, RenewalOffer
from insurers.text import Text

# A successor that starts later than this after maturity no longer inherits the grade [J26][J30].
GRADE_CARRY_OVER = timedelta(days=7)

# Of two at the same minute the one comes first that is named first.
_ORDER = tuple(DeadlineKind)

# With a next term there is nothing left for a rider to do.
_OF_RIDERS = frozenset({DeadlineKind.AUTO_RENEWAL_NOTICE, DeadlineKind.LATE_RENEWAL_ENDS})

RENEWAL_LIST = Text("保険会社の更新一覧", "The insurer's renewal list")
POLICY = Text("ご契約内容", "The policy")
FEED = Text("保険会社のデータ", "The insurer's feed")
GENERAL_CONDITIONS = Text(
    "約款（等級の継承は満期日から7日以内）", "General conditions: the grade carries over for seven days"
)
NO_SOURCE = Text("根拠なし（遅くとも満期日時まで）", "No source; not later than the end of the term")


def deadlines(policy: Policy, offer: RenewalOffer | None) -> list[Deadline]:
    """
    Answer the deadlines of *policy*, soonest first. Without an *offer*, the insurer's window is not known.

    Where the insurer tells no last moment of its own, the end of the term is assumed to be it: an
    application after that is never in time.
    """
    renewed = policy.successor is not None or (offer is not None and offer.successor is not None)
    known = [*_said(offer, renewed=renewed), *_of_the_term(policy)]
    if not any(deadline.kind is DeadlineKind.RENEWAL_CLOSES for deadline in known):
        known.append(
            Deadline(
                kind=DeadlineKind.RENEWAL_CLOSES,
                at=policy.ends_at,
                source=NO_SOURCE,
                confidence=Confidence.ASSUMED,
            )
        )
    return sorted(known, key=lambda deadline: (deadline.at, _ORDER.index(deadline.kind)))


def _said(offer: RenewalOffer | None, *, renewed: bool) -> Iterator[Deadline]:
    dates: dict[DeadlineKind, datetime | None] = {}
    if offer is not None:
        dates = {
            DeadlineKind.RENEWAL_OPENS: offer.opens_at,
            DeadlineKind.AUTO_RENEWAL_NOTICE: offer.decline_by,
            DeadlineKind.RENEWAL_CLOSES: offer.closes_at,
            DeadlineKind.LATE_RENEWAL_ENDS: offer.late_until,
        }
    for kind, at in dates.items():
        if at is not None and not (renewed and kind in _OF_RIDERS):
            yield Deadline(kind=kind, at=at, source=RENEWAL_LIST, confidence=Confidence.INSURER_SAID)


def _of_the_term(policy: Policy) -> Iterator[Deadline]:
    yield Deadline(kind=DeadlineKind.MATURITY, at=policy.ends_at, source=POLICY, confidence=Confidence.INSURER_SAID)
    yield Deadline(
        kind=DeadlineKind.GRADE_CARRY_OVER_ENDS,
        at=policy.ends_at + GRADE_CARRY_OVER,
        source=GENERAL_CONDITIONS,
        confidence=Confidence.CONFIGURED,
    )
