"""The dates of one policy that matter, each with where it comes from."""

from datetime import timedelta

from insurers.policy import Confidence, Deadline, DeadlineKind, Policy, RenewalOffer

# A successor that starts later than this after maturity no longer inherits the grade [J26][J30].
GRADE_CARRY_OVER = timedelta(days=7)


def deadlines(policy: Policy, offer: RenewalOffer | None) -> list[Deadline]:
    """Answer the deadlines of *policy*, soonest first. Without an *offer*, the insurer's window is not known."""
    said, configured = Confidence.INSURER_SAID, Confidence.CONFIGURED
    dates = [
        (DeadlineKind.RENEWAL_OPENS, offer.opens_at if offer else None, "the insurer's renewal list", said),
        (DeadlineKind.RENEWAL_CLOSES, offer.closes_at if offer else None, "the insurer's renewal list", said),
        (DeadlineKind.MATURITY, policy.ends_at, "the policy", said),
        (DeadlineKind.GRADE_CARRY_OVER_ENDS, policy.ends_at + GRADE_CARRY_OVER, "general conditions", configured),
    ]
    known = [
        Deadline(kind=kind, at=at, source=source, confidence=confidence)
        for kind, at, source, confidence in dates
        if at is not None
    ]
    return sorted(known, key=lambda deadline: deadline.at)
