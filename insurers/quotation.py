"""How long a quote can be counted on."""

from datetime import datetime, timedelta

from insurers.plan import Plan

# Where an insurer does not say until when its quote stands.
STANDS = timedelta(hours=24)


def stands_until(plan: Plan, begins: datetime) -> datetime:
    """Answer when the quote runs out: as its insurer says or after a day, and at the latest when the term *begins*."""
    return min(plan.valid_until or plan.quoted_at + STANDS, begins)
